import { joinTexts, type MappedText, sliceText } from './mapped-text.ts';

/** A LoRA that a prompt asks for. Strengths are as written; 1 is the strength that it was trained at. */
export interface LoraTag {
  readonly name: string;
  readonly unetStrength: number;
  readonly textStrength: number;
}

const TAG = /<(\w+):([^<>]+)>/g;
const ADAPTER_TAGS = new Set(['lora', 'lyco']);
const AND = /\bAND\b/;

function parseTag(argument: string): LoraTag | null {
  const [name = '', ...rest] = argument.split(':').map((part) => part.trim());
  let [textStrength, unetStrength]: [number | undefined, number | undefined] = [undefined, undefined];
  for (const part of rest) {
    const [key, value] = part.includes('=') ? part.split('=', 2) : [null, part];
    const number = value === undefined || value === '' ? NaN : Number(value);
    if (!Number.isFinite(number)) return null;
    if (key === 'te') textStrength = number;
    else if (key === 'unet') unetStrength = number;
    else if (key !== null) continue;
    // The first bare number is for the text encoder and, alone, for both.
    else if (textStrength === undefined) textStrength = number;
    else unetStrength ??= number;
  }
  if (name === '') return null;
  const text = textStrength ?? 1;
  return { name, textStrength: text, unetStrength: unetStrength ?? text };
}

/**
 * Takes `<lora:name>`, `<lora:name:0.8>`, `<lora:name:text:unet>` and `<lora:name:te=0.5:unet=1>` out
 * of a prompt. Tags of other kinds, or with a strength that is no number, stay in the text and are
 * noted.
 *
 * @returns the prompt without them, the LoRAs in order, notes for a person.
 */
export function takeTags(source: MappedText): {
  readonly content: MappedText;
  readonly loras: readonly LoraTag[];
  readonly notes: readonly string[];
} {
  const kept: MappedText[] = [];
  const loras: LoraTag[] = [];
  const notes: string[] = [];
  let start = 0;
  for (const match of source.text.matchAll(TAG)) {
    const [whole, kind = '', argument = ''] = match;
    const tag = ADAPTER_TAGS.has(kind) ? parseTag(argument) : null;
    if (!tag) {
      notes.push(`${whole} is not understood and is read as words`);
      continue;
    }
    loras.push(tag);
    kept.push(sliceText(source, start, match.index));
    start = match.index + whole.length;
  }
  kept.push(sliceText(source, start, source.text.length));
  const content = joinTexts(kept);
  if (AND.test(content.text)) {
    notes.push('AND does not join separate prompts here: it is read as the word "and"');
  }
  return { content, loras, notes };
}
