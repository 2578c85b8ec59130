import { gaussianKernel, gaussianReach } from '../filter/gaussian.ts';
import { grownRect, intersectRect, isEmptyRect, type Rect } from '../geometry/rect.ts';
import {
  type PixelFormat,
  TILE_SIZE,
  tileKey,
  tileKeyX,
  tileKeyY,
  tileRect,
  tileSamples,
} from '../tiles/tile.ts';
import { KeptTiles } from './kept-tiles.ts';

/** Fewest squares that a deviation spans where pixels are averaged to squares first: interpolation stays within 0.3/255. */
const SQUARES = 6;
/** Largest square: of it a tile is made of two a side. */
const LARGEST = TILE_SIZE / 2;

/** Bytes of softened tiles, and of squares, that are kept. */
const KEPT_BYTES = 64 * 1024 * 1024;

/** Edge of the squares that pixels are averaged to: the widest that the deviation allows. */
function squareEdge(deviation: number): number {
  let edge = 1;
  while (edge < LARGEST && deviation >= 2 * edge * SQUARES) edge *= 2;
  return edge;
}

/** Deviation, in squares, that is left to do: averaging and interpolating together have a variance of a quarter. */
function restDeviation(deviation: number, edge: number): number {
  return edge === 1 ? deviation : Math.sqrt((deviation / edge) ** 2 - 0.25);
}

/** How far a mask's pixel is seen in what its feather makes of it, in pixels. */
export function featherReach(feather: number): number {
  if (!(feather > 0)) return 0;
  const edge = squareEdge(feather);
  return (gaussianReach(restDeviation(feather, edge)) + 2) * edge;
}

/** What is softened. */
export interface MaskSource {
  readonly format: PixelFormat;
  /** A tile as it is to be seen now, or undefined where the outside value is everywhere. */
  get(tx: number, ty: number): Uint8Array | undefined;
}

/** A tile's squares, row by row, or the one value that all have. */
type Squares = number | Float32Array;

/**
 * A mask with its edge softened: a Gaussian whose standard deviation is the feather, in pixels. Beyond the canvas the pixels
 * of its border go on, so that a mask does not fade where the picture ends. Tiles are made when asked for and kept; wide
 * blurs are made from averages of squares, within 1/255 of the Gaussian.
 */
export class SoftMask {
  readonly #source: MaskSource;
  readonly #outside: number;
  readonly #canvas: Rect;
  readonly #edge: number;
  readonly #kernel: Float64Array;
  readonly #reach: number;
  readonly #squares = new KeptTiles<Squares>(KEPT_BYTES / 4);
  readonly #tiles = new KeptTiles<Uint8Array | null>(KEPT_BYTES);
  readonly #flat = new Map<number, Uint8Array>();

  /**
   * @param outside the value, as stored, where the source has no tile.
   * @param feather standard deviation in pixels, above 0.
   */
  constructor(source: MaskSource, outside: number, canvas: Rect, feather: number) {
    this.#source = source;
    this.#outside = outside;
    this.#canvas = canvas;
    this.#edge = squareEdge(feather);
    this.#kernel = gaussianKernel(restDeviation(feather, this.#edge));
    this.#reach = featherReach(feather);
  }

  /** The softened tile, or undefined where the outside value is everywhere. The same array until something changes. */
  get(tx: number, ty: number): Uint8Array | undefined {
    const key = tileKey(tx, ty);
    const kept = this.#tiles.get(key);
    if (kept !== undefined) return kept ?? undefined;
    const made = this.#soften(tx, ty);
    this.#tiles.put(key, made, made && !this.#isFlat(made) ? made.byteLength : 0);
    return made ?? undefined;
  }

  /** Forgets what was made of a rectangle of the mask. */
  invalidate(rect: Rect): void {
    const { x, y, width, height } = this.#canvas;
    const inner = intersectRect(rect, { x: x + 1, y: y + 1, width: width - 2, height: height - 2 });
    const touchesBorder = inner.width !== rect.width || inner.height !== rect.height;
    this.#squares.drop((key) => {
      const tile = tileRect(tileKeyX(key), tileKeyY(key));
      return meet(tile, rect) || (touchesBorder && !within(tile, this.#canvas));
    });
    const seen = grownRect(rect, this.#reach);
    this.#tiles.drop((key) => meet(tileRect(tileKeyX(key), tileKeyY(key)), seen));
  }

  #isFlat(data: Uint8Array): boolean {
    return [...this.#flat.values()].includes(data);
  }

  #flatTile(value: number): Uint8Array | null {
    const stored = Math.round(value);
    if (stored === this.#outside) return null;
    const kept = this.#flat.get(stored);
    if (kept) return kept;
    const data = new Uint8Array(this.#source.format.tileBytes);
    tileSamples(data, this.#source.format).fill(stored);
    this.#flat.set(stored, data);
    return data;
  }

  #soften(tx: number, ty: number): Uint8Array | null {
    const across = TILE_SIZE / this.#edge;
    // Interpolation looks at one square beyond the tile.
    const margin = this.#edge === 1 ? 0 : 1;
    const radius = (this.#kernel.length - 1) / 2;
    const rim = margin + radius;
    const size = across + 2 * rim;
    const field = this.#gather(tx * across - rim, ty * across - rim, size);
    if (typeof field === 'number') return this.#flatTile(field);
    const turned = blurTurned(field, size, size, this.#kernel);
    const wanted = size - 2 * radius;
    const soft = blurTurned(turned, wanted, size, this.#kernel);
    const data = new Uint8Array(this.#source.format.tileBytes);
    enlarge(soft, wanted, this.#edge, tileSamples(data, this.#source.format));
    return data;
  }

  /** Squares of a square field, or the one value that all of them have. */
  #gather(left: number, top: number, size: number): Float32Array<ArrayBuffer> | number {
    const across = TILE_SIZE / this.#edge;
    const x0 = Math.floor(left / across);
    const y0 = Math.floor(top / across);
    const x1 = Math.floor((left + size - 1) / across);
    const y1 = Math.floor((top + size - 1) / across);
    const tiles: { readonly tx: number; readonly ty: number; readonly squares: Squares }[] = [];
    for (let ty = y0; ty <= y1; ty++)
      for (let tx = x0; tx <= x1; tx++) tiles.push({ tx, ty, squares: this.#squaresAt(tx, ty) });
    const first = tiles[0]?.squares;
    if (typeof first === 'number' && tiles.every(({ squares }) => squares === first)) return first;
    const field = new Float32Array(size * size);
    for (const { tx, ty, squares } of tiles) {
      const from = Math.max(left, tx * across);
      const to = Math.min(left + size, (tx + 1) * across);
      for (let y = Math.max(top, ty * across); y < Math.min(top + size, (ty + 1) * across); y++) {
        const at = (y - top) * size + from - left;
        if (typeof squares === 'number') field.fill(squares, at, at + to - from);
        else {
          const row = (y - ty * across) * across - tx * across;
          field.set(squares.subarray(row + from, row + to), at);
        }
      }
    }
    return field;
  }

  #squaresAt(tx: number, ty: number): Squares {
    // Where the canvas ended long ago all tiles are alike.
    const { x, y, width, height } = this.#canvas;
    const clamp = (at: number, low: number, high: number): number => Math.min(high, Math.max(low, at));
    const cx = clamp(tx, Math.floor(x / TILE_SIZE) - 1, Math.ceil((x + width) / TILE_SIZE));
    const cy = clamp(ty, Math.floor(y / TILE_SIZE) - 1, Math.ceil((y + height) / TILE_SIZE));
    const key = tileKey(cx, cy);
    const kept = this.#squares.get(key);
    if (kept !== undefined) return kept;
    const made = this.#average(cx, cy);
    this.#squares.put(key, made, typeof made === 'number' ? 0 : made.byteLength);
    return made;
  }

  #average(tx: number, ty: number): Squares {
    const inside = within(tileRect(tx, ty), this.#canvas);
    const tile = inside ? this.#source.get(tx, ty) : this.#continued(tx, ty);
    if (!tile) return this.#outside;
    const samples = tile instanceof Uint8Array ? tileSamples(tile, this.#source.format) : tile;
    const edge = this.#edge;
    const across = TILE_SIZE / edge;
    const out = new Float32Array(across * across);
    const share = 1 / (edge * edge);
    for (let y = 0, at = 0; y < TILE_SIZE; y++) {
      const row = Math.floor(y / edge) * across;
      for (let x = 0; x < across; x++) {
        let sum = 0;
        for (const end = at + edge; at < end; at++) sum += samples[at] as number;
        out[row + x] = (out[row + x] as number) + sum * share;
      }
    }
    const first = out[0] as number;
    return out.every((value) => value === first) ? first : out;
  }

  /** Values of a tile that reaches beyond the canvas, whose border goes on. */
  #continued(tx: number, ty: number): Float32Array {
    const out = new Float32Array(TILE_SIZE * TILE_SIZE);
    const { x: left, y: top, width, height } = this.#canvas;
    const { format } = this.#source;
    let column = Number.NaN;
    let row = Number.NaN;
    let samples: ReturnType<typeof tileSamples> | null = null;
    for (let y = 0, at = 0; y < TILE_SIZE; y++) {
      const py = Math.min(top + height - 1, Math.max(top, ty * TILE_SIZE + y));
      for (let x = 0; x < TILE_SIZE; x++, at++) {
        const px = Math.min(left + width - 1, Math.max(left, tx * TILE_SIZE + x));
        if (px >> 8 !== column || py >> 8 !== row) {
          column = px >> 8;
          row = py >> 8;
          const tile = this.#source.get(column, row);
          samples = tile ? tileSamples(tile, format) : null;
        }
        out[at] = samples ? (samples[(py & 255) * TILE_SIZE + (px & 255)] as number) : this.#outside;
      }
    }
    return out;
  }
}

function meet(a: Rect, b: Rect): boolean {
  return !isEmptyRect(intersectRect(a, b));
}

function within(inner: Rect, outer: Rect): boolean {
  const { width, height } = intersectRect(inner, outer);
  return width === inner.width && height === inner.height;
}

/** Blurs along rows, leaving out what the kernel does not cover wholly, and writes rows as columns. */
function blurTurned(
  field: Float32Array,
  rows: number,
  length: number,
  kernel: Float64Array,
): Float32Array<ArrayBuffer> {
  const radius = (kernel.length - 1) / 2;
  const wanted = length - 2 * radius;
  const out = new Float32Array(wanted * rows);
  const line = new Float64Array(length);
  const middle = kernel[radius] as number;
  for (let y = 0; y < rows; y++) {
    line.set(field.subarray(y * length, (y + 1) * length));
    for (let x = 0; x < wanted; x++) {
      const at = x + radius;
      let sum = middle * (line[at] as number);
      for (let i = 1; i <= radius; i++)
        sum += (kernel[radius + i] as number) * ((line[at - i] as number) + (line[at + i] as number));
      out[x * rows + y] = sum;
    }
  }
  return out;
}

/** Draws squares, one of them beyond each edge, as pixels of a tile, interpolated between their middles. */
function enlarge(soft: Float32Array, size: number, edge: number, out: { [at: number]: number }): void {
  if (edge === 1) {
    for (let i = 0; i < soft.length; i++) out[i] = (soft[i] as number) + 0.5;
    return;
  }
  const place = (pixel: number): number => (pixel + 0.5) / edge + 0.5;
  for (let y = 0; y < TILE_SIZE; y++) {
    const py = place(y);
    const row = Math.floor(py);
    const down = py - row;
    for (let x = 0; x < TILE_SIZE; x++) {
      const px = place(x);
      const column = Math.floor(px);
      const right = px - column;
      const at = row * size + column;
      const upper = (soft[at] as number) * (1 - right) + (soft[at + 1] as number) * right;
      const lower = (soft[at + size] as number) * (1 - right) + (soft[at + size + 1] as number) * right;
      out[y * TILE_SIZE + x] = upper * (1 - down) + lower * down + 0.5;
    }
  }
}
