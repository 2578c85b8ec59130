import type { Rect } from '../../geometry/rect.ts';
import { BLOCK_SIZE, BLOCKS_PER_TILE } from '../block.ts';
import { type BlockPlace, hasPixels, hidesAll } from '../block-facts.ts';
import type { Span } from './program.ts';

/** Which instructions each block of a rectangle runs. */
export interface BlockLists {
  /** Column and row of the first block, in blocks of the document, and blocks a row. */
  readonly firstX: number;
  readonly firstY: number;
  readonly across: number;
  /** For each block, row by row, where its list begins in `words` and how long it is; then the lists. */
  readonly words: Uint32Array<ArrayBuffer>;
}

/**
 * Leaves out of each block of 64 pixels what has nothing there, and what is hidden by something opaque above it; as the
 * compositor on the processor does.
 */
export function listBlocks(spans: readonly Span[], { x, y, width, height }: Rect): BlockLists {
  const [firstX, firstY] = [Math.floor(x / BLOCK_SIZE), Math.floor(y / BLOCK_SIZE)];
  const across = Math.floor((x + width - 1) / BLOCK_SIZE) + 1 - firstX;
  const down = Math.floor((y + height - 1) / BLOCK_SIZE) + 1 - firstY;
  const heads = new Uint32Array(across * down * 2);
  const lists: number[] = [];
  let before: { readonly at: number; readonly list: readonly number[] } = { at: 0, list: [] };
  for (let block = 0; block < across * down; block++) {
    const list: number[] = [];
    gather(spans, placeOf(firstX + (block % across), firstY + Math.floor(block / across)), list);
    // Neighbours mostly run the same.
    if (!isSame(list, before.list)) {
      before = { at: heads.length + lists.length, list };
      for (const number of list) lists.push(number);
    }
    heads[2 * block] = before.at;
    heads[2 * block + 1] = list.length;
  }
  const words = new Uint32Array(heads.length + lists.length);
  words.set(heads);
  words.set(lists, heads.length);
  return { firstX, firstY, across, words };
}

function placeOf(x: number, y: number): BlockPlace {
  const [tx, ty] = [Math.floor(x / BLOCKS_PER_TILE), Math.floor(y / BLOCKS_PER_TILE)];
  return { tx, ty, bx: x - tx * BLOCKS_PER_TILE, by: y - ty * BLOCKS_PER_TILE };
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function gather(spans: readonly Span[], place: BlockPlace, list: number[]): void {
  const start = list.length;
  for (const span of spans) {
    if (hidesAll(span.item, place)) list.length = start;
    gatherSpan(span, place, list);
  }
}

function gatherSpan({ item, head, inner, clips, tail }: Span, place: BlockPlace, list: number[]): void {
  const { node } = item;
  if (node.kind === 'pixels' && !hasPixels(node.layer, place)) return;
  const start = list.length;
  list.push(head);
  if (inner) {
    gather(inner, place, list);
    // An empty group shows nothing, and nothing can be clipped to it.
    if (list.length === start + 1) {
      list.length = start;
      return;
    }
  }
  for (const clip of clips) gatherSpan(clip, place, list);
  if (tail !== null) list.push(tail);
}
