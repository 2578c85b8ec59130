import type { TokenReport } from './generation-store.ts';

/** What of a prompt does not fit into the part that a model reads at once. */
interface Overflow {
  /** Where it begins, in UTF-16 units. */
  readonly start: number;
  /** Words from there to the end. */
  readonly words: number;
}

const ENDS_WITH_BREAK = /\bBREAK\s*$/;

/** Where a prompt is cut by its length: the first border that nobody set with `BREAK`. Null where all is as it was written. */
export function promptOverflow(text: string, { borders }: Pick<TokenReport, 'borders'>): Overflow | null {
  const start = borders.find(
    (border) => border < text.length && !ENDS_WITH_BREAK.test(text.slice(0, border)),
  );
  if (start === undefined) return null;
  const words = text.slice(start).match(/[\p{L}\p{N}][\p{L}\p{N}'’_-]*/gu)?.length ?? 0;
  return words === 0 ? null : { start, words };
}

/** The prompt with `BREAK` where it is cut, at the beginning of a word. */
export function withBreak(text: string, { start }: Overflow): string {
  const before = text.slice(0, start);
  const inWord = /[\p{L}\p{N}'’_-]+$/u.exec(before);
  const cut = /^[\p{L}\p{N}]/u.test(text.slice(start)) && inWord ? inWord.index : start;
  // A word that is longer than a part is cut where the model cuts it.
  const at = cut === 0 ? start : cut;
  return `${text.slice(0, at).trimEnd()} BREAK ${text.slice(at).replace(/^[\s,]+/, '')}`;
}
