import { intersectRect, isEmptyRect, type Rect } from '../../geometry/rect.ts';
import {
  type PixelFormat,
  TILE_SIZE,
  tileKey,
  tileKeyX,
  tileKeyY,
  tileRange,
  tileRect,
  tileSamples,
} from '../../tiles/tile.ts';
import { type FileTile, FormatError } from '../picture-file.ts';
import { unpackLzf } from './lzf.ts';

/** Edge of Krita's tiles. */
const EDGE = 64;
const COUNT = EDGE * EDGE;
/** Longest line of text in such a file. */
const MAX_LINE = 64;
/** First byte of a tile's data: as it is, or packed with the bytes of all pixels sorted by their place in the pixel. */
const RAW = 0;
const PACKED = 1;

/** Where a tile's data lies in the file, by the place of its upper left pixel. */
interface PackedTile {
  readonly x: number;
  readonly y: number;
  readonly data: Uint8Array;
}

/** Pixels of a layer or a mask as Krita keeps them (libs/image/tiles3, version 2 of its file): tiles of 64 × 64, packed. */
export interface TiledPlane {
  readonly pixelSize: number;
  readonly tiles: readonly PackedTile[];
}

/**
 * Finds the tiles in a file; nothing is unpacked. Of two at one place the last counts.
 * @param pixelSize bytes a pixel that there have to be.
 * @throws FormatError
 */
export function parseTiledPlane(bytes: Uint8Array, name: string, pixelSize: number): TiledPlane {
  let at = 0;
  const broken = (what: string): FormatError => new FormatError(`Layer "${name}" ${what}.`);
  const line = (): string => {
    const end = bytes.subarray(at, at + MAX_LINE).indexOf(10);
    if (end < 0) throw broken('is cut off');
    const text = String.fromCharCode(...bytes.subarray(at, at + end));
    at += end + 1;
    return text;
  };
  const field = (wanted: string): number => {
    const [key, value] = line().split(' ');
    if (key !== wanted) throw broken(`has no ${wanted} where it is expected`);
    return Number(value);
  };
  if (field('VERSION') !== 2) throw broken('is of a version that is not read');
  if (field('TILEWIDTH') !== EDGE || field('TILEHEIGHT') !== EDGE)
    throw broken('has tiles of a size that is not read');
  const size = field('PIXELSIZE');
  if (size !== pixelSize) throw broken(`has ${size} bytes a pixel where ${pixelSize} are expected`);
  const count = field('DATA');
  const tiles = new Map<string, PackedTile>();
  for (let i = 0; i < count; i++) {
    const [left, top, packing, length] = line().split(',');
    const [x, y, byteLength] = [Number(left), Number(top), Number(length)];
    if (packing !== 'LZF' || !(byteLength >= 1) || at + byteLength > bytes.length)
      throw broken('has a tile that is not there or packed otherwise');
    if (!Number.isInteger(x / EDGE) || !Number.isInteger(y / EDGE))
      throw broken('has a tile at a place where none can be');
    tiles.set(`${x},${y}`, { x, y, data: bytes.subarray(at, at + byteLength) });
    at += byteLength;
  }
  return { pixelSize, tiles: [...tiles.values()] };
}

/** What is made of a plane's tiles. */
export interface TileLayout {
  readonly format: PixelFormat;
  /** Which value of Krita's pixel each channel is. */
  readonly order: readonly number[];
  /** Bytes of one of Krita's values: 1 or 2, low byte first. */
  readonly valueBytes: 1 | 2;
  /** Where the plane's (0, 0) lies on the canvas. */
  readonly x: number;
  readonly y: number;
  /** What is beyond is left out. */
  readonly within: Rect;
  /** The value of each channel where there is no tile: covers `canvas` where it is not `outside`. */
  readonly empty: readonly number[];
  readonly canvas: Rect;
  /** The value of all channels for which no tile need be kept. */
  readonly outside: number;
  readonly name: string;
}

/**
 * A plane's pixels as tiles of a document, one by one. Those of nothing but the outside value are left out.
 * @throws FormatError
 */
export function* documentTiles(plane: TiledPlane, layout: TileLayout): Generator<FileTile> {
  const { format, empty, outside, canvas, within, name } = layout;
  const parts = new Map<number, PackedTile[]>();
  const cover = (rect: Rect, tile: PackedTile | null): void => {
    const seen = intersectRect(rect, within);
    if (isEmptyRect(seen)) return;
    const range = tileRange(seen);
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        const key = tileKey(tx, ty);
        const known = parts.get(key) ?? [];
        if (known.length === 0) parts.set(key, known);
        if (tile) known.push(tile);
      }
    }
  };
  const isFilled = empty.some((value) => value !== outside);
  if (isFilled) cover(canvas, null);
  for (const tile of plane.tiles)
    cover({ x: tile.x + layout.x, y: tile.y + layout.y, width: EDGE, height: EDGE }, tile);
  for (const [key, tiles] of parts) {
    const at = { x: tileKeyX(key), y: tileKeyY(key) };
    const data = new Uint8Array(format.tileBytes);
    const samples = tileSamples(data, format);
    if (isFilled || outside !== 0)
      for (let i = 0; i < samples.length; i++) samples[i] = empty[i % format.channels] as number;
    for (const tile of tiles) {
      const values = unpackTile(tile.data, plane.pixelSize);
      if (!values) throw new FormatError(`Layer "${name}" has a damaged tile at ${tile.x}, ${tile.y}.`);
      place(values, tile, samples, at, layout);
    }
    if (samples.some((value) => value !== outside)) yield { ...at, data };
  }
}

/** A tile's bytes, sorted by their place in the pixel; null where they are damaged. */
function unpackTile(data: Uint8Array, pixelSize: number): Uint8Array | null {
  const rest = data.subarray(1);
  const length = COUNT * pixelSize;
  if (data[0] === PACKED) return unpackLzf(rest, length);
  if (data[0] !== RAW || rest.length !== length) return null;
  const sorted = new Uint8Array(length);
  for (let i = 0; i < length; i++)
    sorted[(i % pixelSize) * COUNT + Math.floor(i / pixelSize)] = rest[i] as number;
  return sorted;
}

function place(
  values: Uint8Array,
  tile: PackedTile,
  samples: Uint8Array | Uint16Array,
  at: { readonly x: number; readonly y: number },
  { format, order, valueBytes, x, y }: TileLayout,
): void {
  const { channels } = format;
  const left = tile.x + x;
  const top = tile.y + y;
  const part = intersectRect({ x: left, y: top, width: EDGE, height: EDGE }, tileRect(at.x, at.y));
  // A mask of 8 bits in a document of 16.
  const scale = format.depth === 16 && valueBytes === 1 ? 257 : 1;
  for (let row = part.y; row < part.y + part.height; row++) {
    for (let column = part.x; column < part.x + part.width; column++) {
      const from = (row - top) * EDGE + (column - left);
      const to = ((row - at.y * TILE_SIZE) * TILE_SIZE + (column - at.x * TILE_SIZE)) * channels;
      for (let k = 0; k < channels; k++) {
        const byte = (order[k] as number) * valueBytes * COUNT + from;
        const low = values[byte] as number;
        samples[to + k] = valueBytes === 2 ? low | ((values[byte + COUNT] as number) << 8) : low * scale;
      }
    }
  }
}
