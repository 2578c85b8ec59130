import { TILE_SIZE } from '../tiles/tile.ts';

/** Edge of the squares that are composited and cached: small, so that a dab costs about what it covers. */
export const BLOCK_SIZE = 64;

/** Blocks along a tile's edge. */
export const BLOCKS_PER_TILE = TILE_SIZE / BLOCK_SIZE;

/** Values in a block's buffer: premultiplied RGBA, 0..1, row by row. */
export const BLOCK_LENGTH = BLOCK_SIZE * BLOCK_SIZE * 4;

/** A block of the document and the part of it that is wanted, in pixels within the block, x1 and y1 exclusive. */
export interface BlockRegion {
  readonly tx: number;
  readonly ty: number;
  /** Column and row of the block in its tile, 0..3. */
  readonly bx: number;
  readonly by: number;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** The same block, all of it. */
export function wholeBlock(region: BlockRegion): BlockRegion {
  return { ...region, x0: 0, y0: 0, x1: BLOCK_SIZE, y1: BLOCK_SIZE };
}

/** Buffers for blocks in the making, handed out and taken back so that none is allocated per block. */
export class BlockScratch {
  readonly #free: Float32Array[] = [];
  readonly #masks: Float32Array[] = [];

  /** A buffer of zeros. */
  take(): Float32Array {
    const buffer = this.#free.pop();
    if (!buffer) return new Float32Array(BLOCK_LENGTH);
    buffer.fill(0);
    return buffer;
  }

  give(buffer: Float32Array): void {
    this.#free.push(buffer);
  }

  /** A buffer of one value a pixel, as it was left. */
  takeMask(): Float32Array {
    return this.#masks.pop() ?? new Float32Array(BLOCK_SIZE * BLOCK_SIZE);
  }

  giveMask(mask: Float32Array): void {
    this.#masks.push(mask);
  }
}
