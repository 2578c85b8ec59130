import type { LatentShape } from './latent-scale.ts';
import { cutTile, scaleTile, type Tile } from './tiles.ts';

/** Cells around what changed that are encoded with it, so that it is seen in its surroundings. */
const HALO_CELLS = 6;
/** Cells around what changed that take the new values: as far as the encoder's convolutions carry a change strongly. */
const REACH_CELLS = 2;
/** Windows have edges of so many cells, so that few networks are loaded for them. */
const WINDOW_STEP = 8;
/** A window above this share of the picture saves too little. */
const MOST_SHARE = 0.6;

/** What was encoded last; the worker keeps one. */
interface EncodedPicture {
  /** Model, size and device that it was encoded for. */
  readonly key: string;
  /** Pixels as the encoder took them, `[3, height, width]`. */
  readonly planes: Float32Array;
  /** `[2 · channels, height / cell, width / cell]`. */
  readonly moments: Float32Array;
  /** False once a part of it was encoded by itself. */
  readonly exact: boolean;
}

/** The part of a picture to encode anew, in cells. */
interface ChangedWindow {
  /** What the encoder is given. */
  readonly window: Tile;
  /** What of its answer is taken, within the window. */
  readonly taken: Tile;
}

/** The cells in which two pictures differ; null when they are equal. */
export function changedCells(
  before: Float32Array,
  after: Float32Array,
  { width, height }: { width: number; height: number },
  cell: number,
): Tile | null {
  const [columns, rows] = [width * cell, height * cell];
  let [left, top, right, bottom] = [columns, rows, -1, -1];
  for (let i = 0; i < after.length; i++) {
    if (before[i] === after[i]) continue;
    const pixel = i % (columns * rows);
    const x = pixel % columns;
    const y = (pixel - x) / columns;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  if (right < 0) return null;
  const [x, y] = [Math.floor(left / cell), Math.floor(top / cell)];
  return {
    x,
    y,
    width: Math.floor(right / cell) - x + 1,
    height: Math.floor(bottom / cell) - y + 1,
  };
}

/** The window in which a change is encoded; null when encoding the whole costs about as little. */
export function windowFor(changed: Tile, width: number, height: number): ChangedWindow | null {
  const across = span(changed.x, changed.width, width);
  const down = span(changed.y, changed.height, height);
  if (across.size * down.size > width * height * MOST_SHARE) return null;
  const left = Math.max(changed.x - REACH_CELLS, 0);
  const top = Math.max(changed.y - REACH_CELLS, 0);
  return {
    window: { x: across.from, y: down.from, width: across.size, height: down.size },
    taken: {
      x: left - across.from,
      y: top - down.from,
      width: Math.min(changed.x + changed.width + REACH_CELLS, width) - left,
      height: Math.min(changed.y + changed.height + REACH_CELLS, height) - top,
    },
  };
}

function span(start: number, length: number, edge: number): { from: number; size: number } {
  const wanted = length + 2 * HALO_CELLS;
  const size = Math.min(edge, Math.ceil(wanted / WINDOW_STEP) * WINDOW_STEP);
  const from = Math.min(edge - size, Math.max(0, Math.round(start + length / 2 - size / 2)));
  return { from, size };
}

/** Moments in which the taken part of a window stands in place of what was there. */
function patchMoments(
  moments: Float32Array,
  { width, height }: { width: number; height: number },
  part: Float32Array,
  { window, taken }: ChangedWindow,
): Float32Array {
  const patched = new Float32Array(moments);
  const planes = moments.length / (width * height);
  const cut = cutTile(part, window.width, window.height, taken);
  for (let c = 0; c < planes; c++) {
    for (let y = 0; y < taken.height; y++) {
      const from = (c * taken.height + y) * taken.width;
      const to = (c * height + window.y + taken.y + y) * width + window.x + taken.x;
      patched.set(cut.subarray(from, from + taken.width), to);
    }
  }
  return patched;
}

/** Encodes pictures that differ little from the one before. */
export class EncodingMemory {
  #last: EncodedPicture | null = null;

  /**
   * Moments of a picture, `[2 · channels, height, width]` in cells: those of the last one where it is equal; where
   * `parts` allows it and little differs, those of the last one with the changed part encoded anew in its surroundings.
   * The encoder's norms and attention see the whole picture, so that such a part differs from a whole encoding: for
   * single dabs by less than 5% of the latent's spread in the mean (`test/inference/worker/encode-changed.test.ts`).
   */
  async encode(
    picture: {
      readonly key: string;
      readonly planes: Float32Array;
      readonly shape: LatentShape;
      readonly cell: number;
    },
    parts: boolean,
    encoder: (planes: Float32Array, shape: LatentShape) => Promise<Float32Array>,
  ): Promise<{ readonly moments: Float32Array; readonly how: 'whole' | 'kept' | 'changed' }> {
    const { key, planes, shape, cell } = picture;
    const last = this.#last?.key === key ? this.#last : null;
    const changed = last && changedCells(last.planes, planes, shape, cell);
    if (last && changed === null && (parts || last.exact)) {
      return { moments: last.moments, how: last.exact ? 'kept' : 'changed' };
    }
    const part = parts && changed ? windowFor(changed, shape.width, shape.height) : null;
    if (last && part) {
      const { width, height } = part.window;
      const cut = cutTile(planes, shape.width * cell, shape.height * cell, scaleTile(part.window, cell));
      const encoded = await encoder(cut, { ...shape, width, height });
      const moments = patchMoments(last.moments, shape, encoded, part);
      this.#last = { key, planes, moments, exact: false };
      return { moments, how: 'changed' };
    }
    const moments = await encoder(planes, shape);
    this.#last = { key, planes, moments, exact: true };
    return { moments, how: 'whole' };
  }
}
