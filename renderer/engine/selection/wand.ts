import { EngineError } from '../error.ts';
import type { Rect } from '../geometry/rect.ts';
import type { TilePixels } from '../tiles/tile.ts';
import type { Point } from '../transform/affine.ts';
import { SelectionMask } from './selection-mask.ts';

/** How a wand or a bucket looks at the picture. */
export interface WandOptions {
  /** Largest difference of any channel (premultiplied) that still counts as the same, 0..255. */
  readonly tolerance: number;
  /** Only what hangs together with the place that was pointed at; otherwise everything like it. */
  readonly contiguous: boolean;
  /** Gaps in outlines up to this many pixels wide hold the fill back, 0..32. */
  readonly closeGaps: number;
}

/** Reads RGBA8 straight of a rectangle, for pictures whose pixels should not all be held at once. */
export type PixelReader = (part: Rect) => TilePixels;

/** Rows that are looked at at a time. */
const STRIP = 256;

/**
 * Selects what looks like one pixel.
 * @param pixels RGBA8 straight of `rect`, a layer's or the composite's; or what reads them, some rows at a time.
 * @param seed a place within the rectangle; outside it nothing is selected.
 * @throws EngineError `invalid-size` when the pixels do not fit the rectangle.
 */
export function selectLike(
  pixels: TilePixels | PixelReader,
  rect: Rect,
  seed: Point,
  options: WandOptions,
): SelectionMask {
  const { width, height } = rect;
  if (typeof pixels !== 'function' && pixels.length !== width * height * 4) {
    throw new EngineError('invalid-size', `${pixels.length} bytes are not ${width} × ${height} pixels.`);
  }
  const x = Math.floor(seed.x) - rect.x;
  const y = Math.floor(seed.y) - rect.y;
  if (x < 0 || y < 0 || x >= width || y >= height) return SelectionMask.none;
  const read: PixelReader =
    typeof pixels === 'function'
      ? pixels
      : (part) => {
          const from = ((part.y - rect.y) * width + part.x - rect.x) * 4;
          return pixels.subarray(from, from + part.width * part.height * 4);
        };
  const like = likeness(read, rect, { x, y }, options.tolerance);
  if (!options.contiguous) return selectWhere(like, rect, 1);
  const gap = Math.min(32, Math.max(0, Math.round(options.closeGaps)));
  const half = Math.ceil(gap / 2);
  const open = half > 0 ? erode(like, width, height, half) : like;
  // Close to an outline everything is narrow; there gaps are not looked at.
  const passable = open[y * width + x] === 1 ? open : like;
  flood(passable, width, height, x, y);
  if (passable === like) return selectWhere(like, rect, FILLED);
  const filled = passable.map((value) => (value === FILLED ? 1 : 0));
  regrow(filled, like, width, height, half);
  return selectWhere(filled, rect, 1);
}

/** Selects wholly where pixels have a value. */
function selectWhere(values: Uint8Array, rect: Rect, value: number): SelectionMask {
  return SelectionMask.ofRows(rect, (y, _rows, out) => {
    const from = (y - rect.y) * rect.width;
    for (let i = 0; i < out.length; i++) if (values[from + i] === value) out[i] = 255;
  });
}

/** 1 for each pixel that is like the one at a place within the rectangle. */
function likeness(read: PixelReader, rect: Rect, seed: Point, tolerance: number): Uint8Array {
  const [r = 0, g = 0, b = 0, alpha = 0] = read({
    x: rect.x + seed.x,
    y: rect.y + seed.y,
    width: 1,
    height: 1,
  });
  const [red = 0, green = 0, blue = 0] = [r, g, b].map((value) => (value * alpha) / 255);
  const out = new Uint8Array(rect.width * rect.height);
  for (let top = 0, i = 0; top < rect.height; top += STRIP) {
    const height = Math.min(STRIP, rect.height - top);
    const pixels = read({ x: rect.x, y: rect.y + top, width: rect.width, height });
    for (let p = 0; p < pixels.length; i++, p += 4) {
      const a = pixels[p + 3] as number;
      const same =
        Math.abs(a - alpha) <= tolerance &&
        Math.abs(((pixels[p] as number) * a) / 255 - red) <= tolerance &&
        Math.abs(((pixels[p + 1] as number) * a) / 255 - green) <= tolerance &&
        Math.abs(((pixels[p + 2] as number) * a) / 255 - blue) <= tolerance;
      out[i] = same ? 1 : 0;
    }
  }
  return out;
}

/** What a flood leaves where it went. */
const FILLED = 2;

/** Marks what hangs together with (x, y) by sides, run by run: where `passable` was 1 it becomes `FILLED`. */
function flood(passable: Uint8Array, width: number, height: number, x: number, y: number): void {
  const stack = [x, y];
  while (stack.length > 0) {
    const row = stack.pop() as number;
    const start = stack.pop() as number;
    const base = row * width;
    if (passable[base + start] !== 1) continue;
    let left = start;
    let right = start;
    while (left > 0 && passable[base + left - 1] === 1) left--;
    while (right < width - 1 && passable[base + right + 1] === 1) right++;
    passable.fill(FILLED, base + left, base + right + 1);
    for (const next of [row - 1, row + 1]) {
      if (next < 0 || next >= height) continue;
      let open = false;
      for (let column = left; column <= right; column++) {
        const free = passable[next * width + column] === 1;
        if (free && !open) stack.push(column, next);
        open = free;
      }
    }
  }
}

/** Takes away what is nearer than `reach` to something else, by squares. */
function erode(values: Uint8Array, width: number, height: number, reach: number): Uint8Array {
  return spreadValue(values, width, height, reach, 0);
}

/** Puts back what erosion took from the filled part, where it is like the place that was pointed at. */
function regrow(filled: Uint8Array, like: Uint8Array, width: number, height: number, reach: number): void {
  const grown = spreadValue(filled, width, height, reach, 1);
  for (let i = 0; i < filled.length; i++) filled[i] = (grown[i] as number) & (like[i] as number);
}

/** Each value that has `what` within `reach` along rows and then columns becomes `what`. */
function spreadValue(
  values: Uint8Array,
  width: number,
  height: number,
  reach: number,
  what: 0 | 1,
): Uint8Array {
  const rows = Uint8Array.from(values);
  for (let y = 0; y < height; y++) spreadLine(values, rows, y * width, 1, width, reach, what);
  const out = Uint8Array.from(rows);
  for (let x = 0; x < width; x++) spreadLine(rows, out, x, width, height, reach, what);
  return out;
}

function spreadLine(
  from: Uint8Array,
  to: Uint8Array,
  start: number,
  step: number,
  count: number,
  reach: number,
  what: 0 | 1,
): void {
  let last = -Infinity;
  for (let i = 0; i < count; i++) {
    if (from[start + i * step] === what) last = i;
    if (i - last <= reach) to[start + i * step] = what;
  }
  last = Infinity;
  for (let i = count - 1; i >= 0; i--) {
    if (from[start + i * step] === what) last = i;
    if (last - i <= reach) to[start + i * step] = what;
  }
}
