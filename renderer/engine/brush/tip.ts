/** Part of a tile in pixels within the tile, x1 and y1 exclusive. */
export interface TilePart {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Where a tip is printed: one tile of a stroke buffer. */
export interface StampTarget {
  /** 65,536 values 0..1. */
  readonly cover: Float32Array;
  readonly part: TilePart;
  /** 65,536 values 0..1 that the tip's cover is multiplied by, or null. */
  readonly grain: Float32Array | null;
  /** How much of the grain shows, 0..1; all of it unless told. */
  readonly grainShare?: number;
}

/** The shape of one dab. */
export interface Tip {
  /**
   * Adds cover to a tile.
   * @param left column of the dab's centre in the tile, in pixels; `top` its row.
   * @param limit cover grows towards this and never falls.
   * @param weight share of what is missing that full cover adds, 0..1.
   */
  stamp(target: StampTarget, left: number, top: number, limit: number, weight: number): void;
}

/** Cover this close to its limit is at it, so that a wash reaches its opacity exactly. */
const REACHED = 1e-4;

/** Cover after a share of what is missing was added. */
export function towards(before: number, limit: number, share: number): number {
  const after = before + share * (limit - before);
  return limit - after < REACHED ? limit : after;
}
