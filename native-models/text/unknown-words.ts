import { normaliseText } from './normalise-text.ts';
import { checkPromptLength } from './prompt-limits.ts';

/** A word that a small model does not know, and the ones it knows that are spelled alike. */
export interface UnknownWord {
  /** Lower case. */
  readonly word: string;
  /** Offset of its first occurrence in the text, in UTF-16 units. */
  readonly start: number;
  /** Known words within a third of its letters, nearest first, three at most. */
  readonly suggestions: readonly string[];
}

const WORD = /\p{L}[\p{L}\p{M}]*/gu;
const MOST_UNKNOWN = 100;
const MOST_SUGGESTIONS = 3;
const MOST_LETTERS = 40;

/** Letters to insert, delete, replace or swap with a neighbour to get from `a` to `b` (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  const [from, to] = [Array.from(a), Array.from(b)];
  let [older, old]: [number[], number[]] = [[], Array.from({ length: to.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1];
      let best = Math.min((old[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (old[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        best = Math.min(best, (older[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    [older, old] = [old, row];
  }
  return old[to.length] ?? 0;
}

function suggest(word: string, known: readonly string[]): string[] {
  const limit = Math.max(1, Math.floor(word.length / 3));
  return known
    .filter((other) => Math.abs(other.length - word.length) <= limit)
    .map((other) => ({ other, distance: editDistance(word, other) }))
    .filter(({ distance }) => distance <= limit)
    .toSorted((a, b) => a.distance - b.distance || a.other.localeCompare(b.other))
    .slice(0, MOST_SUGGESTIONS)
    .map(({ other }) => other);
}

/**
 * The words of a text that are not in a list, each once, in order; the first hundred of them.
 *
 * @param text a prompt; its brackets and numbers are passed over.
 * @param known the words that the model was trained with, lower case.
 * @throws ModelError `size-unsupported` if the text is too long.
 */
export function unknownWords(text: string, known: readonly string[]): UnknownWord[] {
  checkPromptLength(text);
  const list = new Set(known);
  const clean = normaliseText(text);
  const found = new Map<string, number>();
  for (const match of clean.text.matchAll(WORD)) {
    if (found.size >= MOST_UNKNOWN) break;
    const word = match[0];
    if (!list.has(word) && !found.has(word)) found.set(word, clean.offsets[match.index] ?? 0);
  }
  return [...found].map(([word, start]) => ({
    word,
    start,
    suggestions: word.length > MOST_LETTERS ? [] : suggest(word, known),
  }));
}
