import type { Rect } from '../../geometry/rect.ts';
import { layerMask } from '../../layers/layer-mask.ts';
import type { PixelFormat } from '../../tiles/tile.ts';
import { labelOfNumber } from '../label-number.ts';
import { type FileLayer, type FileLoss, type FileTile, fileRecord, FormatError } from '../picture-file.ts';
import { documentTiles, keptAround } from '../small-tiles.ts';
import type { XcfEntry } from './layer-tree.ts';
import { fromGimpMode, isLinear } from './modes.ts';
import { channelsOf, type PixelKind, type Precision, toColours, toMask } from './values.ts';
import type { XcfProperty, XcfReader } from './xcf-reader.ts';
import { findTiles, type TileReading } from './xcf-tiles.ts';

/** Numbers of properties (app/xcf/xcf-private.h). */
export const PROPERTY = {
  colormap: 1,
  floatingSelection: 5,
  opacity: 6,
  mode: 7,
  visible: 8,
  lockAlpha: 10,
  applyMask: 11,
  offsets: 15,
  compression: 17,
  guides: 18,
  resolution: 19,
  parasites: 21,
  paths: 23,
  vectors: 25,
  lockContent: 28,
  groupItem: 29,
  itemPath: 30,
  floatOpacity: 33,
  colourTag: 34,
  blendSpace: 37,
} as const;

/** A picture whose layers are being read. */
export interface XcfPicture {
  readonly reader: XcfReader;
  readonly base: PixelKind['base'];
  readonly precision: Precision;
  readonly version: number;
  readonly packing: TileReading['packing'];
  readonly inflate: TileReading['inflate'];
  readonly colours: Uint8Array;
  readonly canvas: Rect;
  readonly format: PixelFormat;
  readonly maskFormat: PixelFormat;
  readonly losses: FileLoss[];
}

/** First version whose values of more than a byte have the high one first. */
const BIG_ENDIAN = 12;

/** Reads a layer at its pointer; its pixels are left for later. @throws FormatError */
export function readLayerEntry(picture: XcfPicture, at: number): XcfEntry {
  const { reader, losses } = picture;
  reader.at = at;
  reader.at += 8;
  const type = reader.uint32();
  const name = reader.text().toWellFormed().slice(0, 256);
  const properties = reader.properties();
  const [hierarchy, mask] = [reader.pointer(), reader.pointer()];
  const said = new Said(reader, properties);
  const lose = (feature: string, outcome: FileLoss['outcome']): void =>
    void losses.push({ layer: name, feature, outcome });
  if (said.has(PROPERTY.floatingSelection)) lose('Floating selection', 'changed');
  if (said.parasiteNames().includes('gimp-text-layer')) lose('Text', 'pixels');
  const mode = said.number(PROPERTY.mode, 0);
  const { mode: blend, exact } = fromGimpMode(mode);
  if (!exact) lose(`Layer mode ${mode}`, 'changed');
  const isGroup = said.has(PROPERTY.groupItem);
  const hasMask = mask !== 0;
  const record = fileRecord({
    name,
    kind: isGroup ? 'group' : 'paint',
    visible: said.number(PROPERTY.visible, 1) !== 0,
    opacity: said.opacity(),
    blend: blend === 'pass-through' && !isGroup ? 'normal' : blend,
    locked: said.number(PROPERTY.lockContent, 0) !== 0,
    alphaLocked: said.number(PROPERTY.lockAlpha, 0) !== 0,
    label: labelOfNumber(said.number(PROPERTY.colourTag, 0)),
    mask: hasMask ? { ...layerMask(1), enabled: said.number(PROPERTY.applyMask, 1) !== 0 } : null,
  });
  const place = said.offsets();
  if (![place.x, place.y].every((value) => Math.abs(value) < 250_000))
    throw new FormatError(`Layer "${name}" stands at (${place.x}, ${place.y}), outside any canvas.`);
  const kind: PixelKind = { base: picture.base, hasAlpha: type % 2 === 1 };
  const layer: FileLayer = {
    record,
    pixels: null,
    mask: null,
    children: [],
    ...(!isGroup && { tiles: () => colourTiles(picture, hierarchy, kind, { name, ...place }) }),
    ...(hasMask && { maskTiles: () => maskTiles(picture, mask, { name, ...place }) }),
  };
  const space = said.number(PROPERTY.blendSpace, 0) | 0;
  return { layer, path: said.path(), isGroup, isLinear: isLinear(mode, space) };
}

type Placed = Pick<TileReading, 'name' | 'x' | 'y'>;

function* colourTiles(
  picture: XcfPicture,
  hierarchy: number,
  kind: PixelKind,
  placed: Placed,
): Generator<FileTile> {
  const { reader, precision, colours, version, canvas, format, packing, inflate } = picture;
  const within = keptAround(canvas);
  const small = findTiles(reader, hierarchy, {
    ...placed,
    within,
    packing,
    inflate,
    channels: channelsOf(kind),
    valueBytes: precision.valueBytes,
    convert: toColours(kind, precision, colours, version >= BIG_ENDIAN),
  });
  yield* documentTiles(small, {
    format,
    empty: [0, 0, 0, 0],
    outside: 0,
    canvas,
    within,
  });
}

/** The tiles of the channel that is a layer's mask. */
function* maskTiles(picture: XcfPicture, at: number, placed: Placed): Generator<FileTile> {
  const { reader, precision, version, canvas, maskFormat, packing, inflate } = picture;
  reader.at = at;
  reader.at += 8;
  reader.text();
  reader.properties();
  const within = keptAround(canvas);
  const small = findTiles(reader, reader.pointer(), {
    ...placed,
    within,
    packing,
    inflate,
    channels: 1,
    valueBytes: precision.valueBytes,
    convert: toMask(precision, maskFormat, version >= BIG_ENDIAN),
  });
  const shown = maskFormat.maximum;
  yield* documentTiles(small, {
    format: maskFormat,
    empty: [shown],
    outside: shown,
    canvas,
    within,
  });
}

/** What a layer's properties say. */
class Said {
  readonly #reader: XcfReader;
  readonly #properties: ReadonlyMap<number, XcfProperty>;

  constructor(reader: XcfReader, properties: readonly XcfProperty[]) {
    this.#reader = reader;
    this.#properties = new Map(properties.map((property) => [property.type, property]));
  }

  has(type: number): boolean {
    return this.#properties.has(type);
  }

  number(type: number, otherwise: number): number {
    const property = this.#properties.get(type);
    if (!property || property.length < 4) return otherwise;
    this.#reader.at = property.at;
    return this.#reader.uint32();
  }

  opacity(): number {
    const exact = this.#properties.get(PROPERTY.floatOpacity);
    if (exact && exact.length >= 4) {
      this.#reader.at = exact.at;
      const value = this.#reader.float32();
      if (value >= 0 && value <= 1) return value;
    }
    return Math.min(255, this.number(PROPERTY.opacity, 255)) / 255;
  }

  offsets(): { readonly x: number; readonly y: number } {
    const property = this.#properties.get(PROPERTY.offsets);
    if (!property || property.length < 8) return { x: 0, y: 0 };
    this.#reader.at = property.at;
    return { x: this.#reader.int32(), y: this.#reader.int32() };
  }

  path(): readonly number[] | null {
    const property = this.#properties.get(PROPERTY.itemPath);
    if (!property || property.length < 4) return null;
    this.#reader.at = property.at;
    return Array.from({ length: Math.floor(property.length / 4) }, () => this.#reader.uint32());
  }

  parasiteNames(): string[] {
    const property = this.#properties.get(PROPERTY.parasites);
    if (!property) return [];
    return this.#reader.parasites(property).map(({ name }) => name);
  }
}
