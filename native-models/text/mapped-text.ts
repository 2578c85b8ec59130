/**
 * A text made of pieces of another one, which remembers where each of its UTF-16 units came from.
 * `offsets` is as long as `text`.
 */
export interface MappedText {
  readonly text: string;
  readonly offsets: Uint32Array;
}

/** A text that is its own source. */
export function mapped(text: string): MappedText {
  return { text, offsets: Uint32Array.from({ length: text.length }, (_, i) => i) };
}

/** Part of a text, from `start` up to `end`. */
export function sliceText(source: MappedText, start: number, end: number): MappedText {
  return { text: source.text.slice(start, end), offsets: source.offsets.subarray(start, end) };
}

/** Texts one after the other. */
export function joinTexts(parts: readonly MappedText[]): MappedText {
  const offsets = new Uint32Array(parts.reduce((sum, part) => sum + part.offsets.length, 0));
  let at = 0;
  for (const part of parts) {
    offsets.set(part.offsets, at);
    at += part.offsets.length;
  }
  return { text: parts.map((part) => part.text).join(''), offsets };
}
