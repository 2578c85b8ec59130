import type { MappedText } from './mapped-text.ts';

/** One thing to look at: an HTML entity, a Hangul syllable in parts, or a letter with its marks. */
const SEGMENT =
  /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,6});|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|\P{M}\p{M}*|\p{M}+/giu;

const ENTITIES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&nbsp;': ' ',
};

const REPLACEMENTS: Record<string, string> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201a': "'",
  '\u201b': "'",
  '\u02bc': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u201e': '"',
  '\u201f': '"',
  '\u3000': ' ',
  '\ufb00': 'ff',
  '\ufb01': 'fi',
  '\ufb02': 'fl',
  '\ufb03': 'ffi',
  '\ufb04': 'ffl',
};

const FULLWIDTH_FIRST = 0xff01;
const FULLWIDTH_LAST = 0xff5e;
const FULLWIDTH_SHIFT = 0xfee0;
const LAST_CODE_POINT = 0x10ffff;

function decodeEntity(entity: string): string {
  const named = ENTITIES[entity.toLowerCase()];
  if (named !== undefined) return named;
  const hexadecimal = entity[2]?.toLowerCase() === 'x';
  const code =
    entity[1] === '#' ? Number.parseInt(entity.slice(hexadecimal ? 3 : 2), hexadecimal ? 16 : 10) : NaN;
  return code >= 0x20 && code <= LAST_CODE_POINT ? String.fromCodePoint(code) : entity;
}

function normaliseSegment(segment: string): string {
  if (segment.length > 2 && segment.startsWith('&')) return decodeEntity(segment).toLowerCase();
  const code = segment.codePointAt(0) ?? 0;
  if (segment.length === 1 && code < 0x80) {
    const control = (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) || code === 0x7f;
    return control ? '' : segment.toLowerCase();
  }
  if (code >= FULLWIDTH_FIRST && code <= FULLWIDTH_LAST && segment.length === 1) {
    return String.fromCharCode(code - FULLWIDTH_SHIFT).toLowerCase();
  }
  return (REPLACEMENTS[segment] ?? segment.normalize('NFC')).toLowerCase();
}

/**
 * Cleans a text as CLIP's tokenizer does before it looks for words (OpenAI `simple_tokenizer.py`,
 * with the parts of ftfy that change ordinary prompts): HTML entities, composed letters, straight
 * quotes, full-width forms, control characters, lower case. White space stays, since the tokenizer
 * does not look at it.
 */
export function normaliseText(text: string): MappedText {
  const parts: string[] = [];
  const offsets: number[] = [];
  for (const match of text.matchAll(SEGMENT)) {
    const part = normaliseSegment(match[0]);
    parts.push(part);
    for (let i = 0; i < part.length; i += 1) offsets.push(match.index);
  }
  return { text: parts.join(''), offsets: Uint32Array.from(offsets) };
}
