import type { Rect } from './choose-crop.ts';

/** Coverage of a picture, one byte a pixel: 0 keeps, 255 paints. */
export interface Coverage {
  readonly width: number;
  readonly height: number;
  readonly coverage: Uint8Array;
}

/** The smallest rectangle that holds every pixel that is covered at all; null when none is. */
export function coverageBounds({ width, height, coverage }: Coverage): Rect | null {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    const row = coverage.subarray(y * width, (y + 1) * width);
    const first = row.findIndex((value) => value > 0);
    if (first < 0) continue;
    left = Math.min(left, first);
    right = Math.max(
      right,
      row.findLastIndex((value) => value > 0),
    );
    top = Math.min(top, y);
    bottom = y;
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** The part of a coverage under a rectangle within it. */
export function cutCoverage({ width, coverage }: Coverage, rect: Rect): Coverage {
  const cut = new Uint8Array(rect.width * rect.height);
  for (let y = 0; y < rect.height; y++) {
    const from = (rect.y + y) * width + rect.x;
    cut.set(coverage.subarray(from, from + rect.width), y * rect.width);
  }
  return { width: rect.width, height: rect.height, coverage: cut };
}

/**
 * Fades a mask inwards: coverage is multiplied by the distance to the nearest pixel that is kept, up to `feather`
 * pixels (a chamfer distance of 1 and √2, two passes; Borgefors 1986). What was 0 stays 0, so that nothing outside
 * the mask changes. The picture's own edge is none that the mask would fade at.
 */
export function fadeInwards({ width, height, coverage }: Coverage, feather: number): Coverage {
  if (feather <= 0) return { width, height, coverage };
  const distance = Float32Array.from(coverage, (value) => (value === 0 ? 0 : Number.POSITIVE_INFINITY));
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? Number.POSITIVE_INFINITY : (distance[y * width + x] ?? 0);
  const relax = (x: number, y: number, side: 1 | -1): void => {
    const near = Math.min(
      at(x - side, y) + 1,
      at(x, y - side) + 1,
      at(x - side, y - side) + Math.SQRT2,
      at(x + side, y - side) + Math.SQRT2,
    );
    if (near < at(x, y)) distance[y * width + x] = near;
  };
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) relax(x, y, 1);
  for (let y = height - 1; y >= 0; y--) for (let x = width - 1; x >= 0; x--) relax(x, y, -1);
  const faded = coverage.map((value, i) =>
    Math.round(value * Math.min(1, (distance[i] ?? 0) / (feather + 1))),
  );
  return { width, height, coverage: faded };
}

/**
 * A coverage at another size, whole or nothing: 255 wherever anything is covered within `reach` pixels of the new size.
 */
export function growTo(source: Coverage, width: number, height: number, reach: number): Coverage {
  const count = countTable(source);
  const coverage = new Uint8Array(width * height);
  const [acrossRatio, downRatio] = [source.width / width, source.height / height];
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, Math.floor((y - reach) * downRatio));
    const bottom = Math.min(source.height, Math.ceil((y + reach + 1) * downRatio));
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, Math.floor((x - reach) * acrossRatio));
      const right = Math.min(source.width, Math.ceil((x + reach + 1) * acrossRatio));
      if (count(left, top, right, bottom) > 0) coverage[y * width + x] = 255;
    }
  }
  return { width, height, coverage };
}

/** Counts covered pixels of any rectangle in constant time (Crow 1984, summed-area tables). */
function countTable({
  width,
  height,
  coverage,
}: Coverage): (left: number, top: number, right: number, bottom: number) => number {
  const row = width + 1;
  const sums = new Uint32Array(row * (height + 1));
  for (let y = 0; y < height; y++) {
    let covered = 0;
    for (let x = 0; x < width; x++) {
      if (coverage[y * width + x] !== 0) covered += 1;
      sums[(y + 1) * row + x + 1] = (sums[y * row + x + 1] ?? 0) + covered;
    }
  }
  const at = (x: number, y: number): number => sums[y * row + x] ?? 0;
  return (left, top, right, bottom) => at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top);
}
