import { joinTexts, type MappedText, sliceText } from './mapped-text.ts';

/** A run of words with one weight, or a forced end of the chunk. */
export type Fragment =
  | { readonly kind: 'words'; readonly content: MappedText; readonly weight: number }
  | { readonly kind: 'break' };

const PIECE = /\\[()[\]\\]|\\|[([]|:\s*([+-]?[.\d]+)\s*\)|[)\]]|[^\\()[\]:]+|:/g;
const BREAK = /\s*\bBREAK\b\s*/g;
const STRONGER = 1.1;
/** Beyond this a weight only breaks the picture, and products of many overflow. */
const MOST_WEIGHT = 100;

interface Draft {
  readonly content: MappedText | null;
  weight: number;
}

function pushWords(drafts: Draft[], content: MappedText): void {
  let start = 0;
  for (const match of content.text.matchAll(BREAK)) {
    drafts.push({ content: sliceText(content, start, match.index), weight: 1 });
    drafts.push({ content: null, weight: 1 });
    start = match.index + match[0].length;
  }
  drafts.push({ content: sliceText(content, start, content.text.length), weight: 1 });
}

function clamp(weight: number): number {
  return Math.min(Math.max(weight, -MOST_WEIGHT), MOST_WEIGHT);
}

/** Neighbours of one weight become one fragment, as A1111 joins them before it tokenizes. */
function merge(drafts: readonly Draft[]): Fragment[] {
  const fragments: Fragment[] = [];
  let run: MappedText[] = [];
  let weight = 1;
  const flush = (): void => {
    const content = joinTexts(run);
    if (content.text !== '') fragments.push({ kind: 'words', content, weight: clamp(weight) });
    run = [];
  };
  for (const draft of drafts) {
    if (draft.content === null) {
      flush();
      fragments.push({ kind: 'break' });
      continue;
    }
    if (draft.content.text === '') continue;
    if (draft.weight !== weight) flush();
    weight = draft.weight;
    run.push(draft.content);
  }
  flush();
  return fragments;
}

/**
 * Splits a prompt into weighted fragments by A1111's grammar: `(word)` is 1.1 times as strong,
 * `[word]` 1.1 times as weak, `(word:1.3)` exactly 1.3 times, nesting multiplies, `\(` is a bracket,
 * `BREAK` ends the chunk. Brackets left open count to the end. Weights stay within ±100.
 */
export function weighFragments(source: MappedText): Fragment[] {
  const drafts: Draft[] = [];
  const round: number[] = [];
  const square: number[] = [];
  const multiply = (start: number, factor: number): void => {
    for (const draft of drafts.slice(start)) draft.weight *= factor;
  };
  for (const match of source.text.matchAll(PIECE)) {
    const piece = match[0];
    const weight = match[1] === undefined ? null : Number(match[1]);
    const content = sliceText(source, match.index, match.index + piece.length);
    const [lastRound, lastSquare] = [round.at(-1), square.at(-1)];
    if (piece.startsWith('\\') && piece.length > 1) {
      drafts.push({ content: sliceText(content, 1, piece.length), weight: 1 });
    } else if (piece === '(') {
      round.push(drafts.length);
    } else if (piece === '[') {
      square.push(drafts.length);
    } else if (weight !== null && Number.isFinite(weight) && lastRound !== undefined) {
      round.pop();
      multiply(lastRound, weight);
    } else if (piece === ')' && lastRound !== undefined) {
      round.pop();
      multiply(lastRound, STRONGER);
    } else if (piece === ']' && lastSquare !== undefined) {
      square.pop();
      multiply(lastSquare, 1 / STRONGER);
    } else if (piece !== '\\') {
      pushWords(drafts, content);
    }
  }
  for (const start of round) multiply(start, STRONGER);
  for (const start of square) multiply(start, 1 / STRONGER);
  return merge(drafts);
}
