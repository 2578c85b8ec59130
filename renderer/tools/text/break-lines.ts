/** A line as it is set. */
export interface TextLine {
  readonly text: string;
  /** Where it begins, in UTF-16 units of the whole text. */
  readonly from: number;
  /** Its paragraph ends with it. */
  readonly last: boolean;
}

/** Scripts that put no spaces between words: a line may end between any two of their words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Scripts whose every character is a word as far as lines go. */
const SYLLABIC = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** What no line may begin with: closing marks, small kana, marks of length and repetition. */
const CLOSES = /^[\p{Pe}\p{Pf}\p{Po}ーゝゞヽヾ々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ]/u;
/** What no line may end with: opening brackets and quotation marks. */
const OPENS = /[\p{Ps}\p{Pi}]$/u;
const SPACE_END = /[ \t\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000\u200b]$/u;
const HYPHEN_END = /[\p{L}\p{N}][-\u2010\u2013\u2014]$/u;
/** How much wider than its box a line may come out: what adding up widths loses. */
const SLACK = 0.01;

const words = new Intl.Segmenter(undefined, { granularity: 'word' });
const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function graphemes(text: string): string[] {
  return Array.from(characters.segment(text), ({ segment }) => segment);
}

/** Whether a line may end between what has been and what comes (after Unicode UAX #14, without its rarer classes). */
function mayBreak(before: string, after: string): boolean {
  if (SPACE_END.test(before)) return !SPACE_END.test(after.slice(0, 1));
  if (HYPHEN_END.test(before) && /^\p{L}/u.test(after)) return true;
  if (CLOSES.test(after) || OPENS.test(before)) return false;
  const last = graphemes(before.slice(-8)).at(-1) ?? '';
  const unspaced = (text: string): boolean => UNSPACED.test(text);
  return (unspaced(last) || unspaced(graphemes(after)[0] ?? '')) && !SPACE_END.test(after.slice(0, 1));
}

/** A paragraph in pieces that stay whole, each with the spaces after it. */
function pieces(paragraph: string): string[] {
  const parts = Array.from(words.segment(paragraph), ({ segment }) =>
    SYLLABIC.test(segment) ? graphemes(segment) : [segment],
  ).flat();
  const out: string[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (last === undefined || mayBreak(last, part)) out.push(part);
    else out[out.length - 1] = last + part;
  }
  return out;
}

/** Takes as much of a piece as fits, one character at least. */
function cut(piece: string, fits: (text: string) => boolean): [string, string] {
  const all = graphemes(piece);
  let count = 1;
  while (count < all.length && fits(all.slice(0, count + 1).join(''))) count++;
  return [all.slice(0, count).join(''), all.slice(count).join('')];
}

/**
 * Breaks text into lines: at every `\n`, and where a line would be wider than a box between words, after hyphens, between
 * characters of scripts without spaces, and within a word that alone is too wide. Spaces at the end of a broken line hang.
 * @param width of the box; null: only `\n` breaks.
 * @param measure a line's width, given its text and where it begins.
 */
export function breakLines(
  text: string,
  width: number | null,
  measure: (line: string, from: number) => number,
): TextLine[] {
  const lines: TextLine[] = [];
  let start = 0;
  for (const paragraph of text.split('\n')) {
    if (width === null) lines.push({ text: paragraph, from: start, last: true });
    else lines.push(...breakParagraph(paragraph, start, width, measure));
    start += paragraph.length + 1;
  }
  return lines;
}

function breakParagraph(
  paragraph: string,
  start: number,
  width: number,
  measure: (line: string, from: number) => number,
): TextLine[] {
  const lines: TextLine[] = [];
  let from = start;
  let line = '';
  const fits = (text: string): boolean => measure(text.trimEnd(), from) <= width + SLACK;
  const end = (text: string): void => {
    lines.push({ text: text.trimEnd(), from, last: false });
    from += text.length;
  };
  for (const piece of pieces(paragraph)) {
    if (line !== '' && !fits(line + piece)) {
      end(line);
      line = '';
    }
    line += piece;
    while (!fits(line)) {
      const [head, tail] = cut(line, fits);
      if (tail.trim() === '') break;
      end(head);
      line = tail;
    }
  }
  lines.push({ text: line.trimEnd(), from, last: true });
  return lines;
}

/** Places where a justified line is stretched: its spaces, or between its characters where its script has no spaces. */
export function stretches(line: string): { readonly kind: 'words' | 'letters'; readonly count: number } {
  const spaces = line.trim().match(/[ \u3000]/gu)?.length ?? 0;
  if (spaces > 0) return { kind: 'words', count: spaces };
  return UNSPACED.test(line)
    ? { kind: 'letters', count: graphemes(line).length - 1 }
    : { kind: 'words', count: 0 };
}
