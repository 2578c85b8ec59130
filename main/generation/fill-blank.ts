import type { Raster } from '../../preload/contract/index.ts';

/** Colours times their weight, and the weights: four floats a cell. */
interface Level {
  readonly width: number;
  readonly height: number;
  readonly cells: Float32Array;
}

/**
 * Fills what is transparent with the colours around it, so that whatever encodes the picture sees no edge where paint ends:
 * pull-push over a pyramid of halves (Gortler et al. 1996, "The Lumigraph", §3.4). Filled pixels become opaque; a picture
 * with no opaque pixel stays as it is.
 *
 * @param where one byte a pixel: pixels at 0 stay untouched, to the bit
 */
export function fillBlank(raster: Raster, where: Uint8Array): Raster {
  const { width, height, rgba } = raster;
  const blank = (i: number): boolean => (rgba[4 * i + 3] ?? 0) < 255 && (where[i] ?? 0) > 0;
  if (!where.some((_, i) => blank(i))) return raster;
  const levels = pull(levelOf(raster));
  const [finest] = levels;
  if ((levels.at(-1)?.cells[3] ?? 0) === 0 || finest === undefined) return raster;
  push(levels);
  const out = new Uint8Array(rgba);
  for (let i = 0; i < width * height; i += 1) {
    if (!blank(i)) continue;
    for (let c = 0; c < 3; c += 1) out[4 * i + c] = Math.round(finest.cells[4 * i + c] ?? 0);
    out[4 * i + 3] = 255;
  }
  return { width, height, rgba: out };
}

function levelOf({ width, height, rgba }: Raster): Level {
  const cells = new Float32Array(4 * width * height);
  for (let i = 0; i < cells.length; i += 4) {
    const weight = (rgba[i + 3] ?? 0) / 255;
    for (let c = 0; c < 3; c += 1) cells[i + c] = (rgba[i + c] ?? 0) * weight;
    cells[i + 3] = weight;
  }
  return { width, height, cells };
}

/** Levels from the finest to a single cell; a cell holds the sum of its four, its weight at most 1. */
function pull(finest: Level): Level[] {
  const levels = [finest];
  for (let level = finest; level.width > 1 || level.height > 1;) {
    level = halve(level);
    levels.push(level);
  }
  return levels;
}

function halve({ width, height, cells }: Level): Level {
  const [wide, high] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const sums = new Float32Array(4 * wide * high);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const to = 4 * ((y >> 1) * wide + (x >> 1));
      const from = 4 * (y * width + x);
      for (let c = 0; c < 4; c += 1) sums[to + c] = (sums[to + c] ?? 0) + (cells[from + c] ?? 0);
    }
  }
  for (let i = 0; i < sums.length; i += 4) {
    const weight = sums[i + 3] ?? 0;
    if (weight <= 1) continue;
    for (let c = 0; c < 4; c += 1) sums[i + c] = (sums[i + c] ?? 0) / weight;
  }
  return { width: wide, height: high, cells: sums };
}

/** Gives each cell what it lacks of weight from the coarser level, interpolated linearly; the coarsest is made whole first. */
function push(levels: readonly Level[]): void {
  const top = levels.at(-1);
  if (top === undefined) return;
  const weight = top.cells[3] ?? 1;
  for (let c = 0; c < 4; c += 1) top.cells[c] = (top.cells[c] ?? 0) / weight;
  for (let l = levels.length - 2; l >= 0; l -= 1) {
    const [fine, coarse] = [levels[l], levels[l + 1]];
    if (fine !== undefined && coarse !== undefined) blendIn(fine, coarse);
  }
}

function blendIn({ width, height, cells }: Level, coarse: Level): void {
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = 4 * (y * width + x);
      const missing = 1 - (cells[at + 3] ?? 0);
      if (missing <= 0) continue;
      for (let c = 0; c < 4; c += 1) {
        cells[at + c] = (cells[at + c] ?? 0) + missing * between(coarse, x / 2 - 0.25, y / 2 - 0.25, c);
      }
    }
  }
}

function between({ width, height, cells }: Level, x: number, y: number, channel: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [across, down] = [x - left, y - top];
  const at = (column: number, row: number): number => {
    const cx = Math.min(width - 1, Math.max(0, column));
    const cy = Math.min(height - 1, Math.max(0, row));
    return cells[4 * (cy * width + cx) + channel] ?? 0;
  };
  const upper = at(left, top) * (1 - across) + at(left + 1, top) * across;
  return upper * (1 - down) + (at(left, top + 1) * (1 - across) + at(left + 1, top + 1) * across) * down;
}
