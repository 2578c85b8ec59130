import { strFromU8 } from 'fflate';
import type { Rect } from '../../geometry/rect.ts';
import { layerMask, type LayerMask } from '../../layers/layer-mask.ts';
import { colourFormat, maskFormat } from '../../tiles/tile.ts';
import {
  type FileLayer,
  type FileLoss,
  type FileTile,
  fileRecord,
  FormatError,
  type LayeredPicture,
  MAX_DEPTH,
  MAX_EDGE,
  MAX_LAYERS,
} from '../picture-file.ts';
import { parseXml, type XmlElement } from '../ora/xml.ts';
import { readZipEntry, type ZipEntry } from '../ora/zip-entries.ts';
import { fromKritaOp, kritaNode } from './layer-attributes.ts';
import { labelOfNumber } from '../label-number.ts';
import { documentTiles, keptAround } from '../small-tiles.ts';
import { parseTiledPlane } from './tiled-plane.ts';

const MAX_XML_BYTES = 8 * 2 ** 20;
const MAX_PROFILE_BYTES = 4 * 2 ** 20;
/** Bytes of a colour's values: blue, green, red, alpha. */
const DEPTHS: Readonly<Record<string, 8 | 16>> = { RGBA: 8, RGBA16: 16 };
const BGRA = [2, 1, 0, 3];

/** An archive that was looked into. */
export interface KraArchive {
  readonly bytes: Uint8Array;
  readonly entries: ReadonlyMap<string, ZipEntry>;
}

interface Reading extends KraArchive {
  /** Folder of the layers' files. */
  readonly folder: string;
  readonly depth: 8 | 16;
  readonly space: string;
  readonly canvas: Rect;
  readonly losses: FileLoss[];
  count: number;
}

/**
 * Reads a Krita document (maindoc.xml, syntax 2): paint layers and groups with their modes, opacity, places, locks, labels,
 * inherited alpha and transparency masks. What else there is is said. Pixels are unpacked when they are asked for.
 * @returns null for colours other than RGB of 8 or 16 bits, and for another syntax: the merged picture can be taken of those.
 * @throws FormatError
 */
export function readKra(archive: KraArchive): LayeredPicture | null {
  const xml = strFromU8(readEntry(archive, 'maindoc.xml', MAX_XML_BYTES));
  // Its one document type names where it is described, and defines nothing.
  const document = parseXml(xml.replace(/<!DOCTYPE\s+DOC\s+PUBLIC\s+'[^'<>]*'\s+'[^'<>]*'\s*>/, ''));
  const image = document.children.find(({ name }) => name === 'IMAGE');
  if (!image) return null;
  const { attributes } = image;
  const [width, height] = [Number(attributes['width']), Number(attributes['height'])];
  if (![width, height].every((edge) => Number.isInteger(edge) && edge >= 1 && edge <= MAX_EDGE))
    throw new FormatError(
      `It is ${attributes['width']} × ${attributes['height']} pixels; a canvas here has edges of 1 to ${MAX_EDGE}.`,
    );
  const space = attributes['colorspacename'] ?? '';
  const depth = depthOf(space);
  if (depth === null) return null;
  const name = attributes['name'] ?? '';
  const list = image.children.find((each) => each.name === 'layers');
  const reading: Reading = {
    ...archive,
    folder: `${name}/layers/`,
    depth,
    space,
    canvas: { x: 0, y: 0, width, height },
    losses: [],
    count: 0,
  };
  const background = backgroundOf(image, reading);
  const layers = list ? readLayers(list, reading, 1) : [];
  const icc = archive.entries.get(`${name}/annotations/icc`);
  const resolution = Number(attributes['x-res']);
  return {
    width,
    height,
    depth,
    profile: icc ? readZipEntry(archive.bytes, icc, MAX_PROFILE_BYTES) : null,
    resolution: resolution >= 1 && resolution <= 100_000 ? Math.round(resolution * 100) / 100 : null,
    guides: [],
    grid: null,
    layers: background ? [background, ...layers] : layers,
    losses: reading.losses,
  };
}

function depthOf(space: string): 8 | 16 | null {
  return (Object.hasOwn(DEPTHS, space) ? DEPTHS[space] : undefined) ?? null;
}

/** The colour behind all layers, where it covers: a fill layer that is locked. */
function backgroundOf(image: XmlElement, { depth }: Reading): FileLayer | null {
  const data = image.children.find(({ name }) => name === 'ProjectionBackgroundColor')?.attributes[
    'ColorData'
  ];
  const bytes = decodeBase64(data ?? '');
  if (bytes?.length !== depth / 2) return null;
  const values = depth === 8 ? bytes : new Uint16Array(bytes.slice().buffer);
  const maximum = depth === 8 ? 255 : 65_535;
  const [blue = 0, green = 0, red = 0, alpha = 0] = Array.from(values, (value) => value / maximum);
  if (alpha === 0) return null;
  const fill = { type: 'solid', colour: [red, green, blue] } as const;
  return {
    record: fileRecord({ name: 'Canvas colour', kind: 'fill', fill, opacity: alpha, locked: true }),
    pixels: null,
    mask: null,
    children: [],
  };
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes of a short text in base64 (RFC 4648); null where it is none. */
function decodeBase64(text: string): Uint8Array | null {
  const digits = Array.from(text.slice(0, 64).replace(/=+$/, ''), (digit) => BASE64.indexOf(digit));
  if (digits.includes(-1)) return null;
  const out = new Uint8Array(Math.floor((digits.length * 6) / 8));
  for (let i = 0; i < out.length; i++) {
    const at = Math.floor((i * 8) / 6);
    const pair = ((digits[at] as number) << 6) | (digits[at + 1] as number);
    out[i] = pair >> (4 - ((i * 8) % 6));
  }
  return out;
}

/** Layers bottom to top; the file lists them from the top. */
function readLayers(list: XmlElement, reading: Reading, depth: number): FileLayer[] {
  if (depth > MAX_DEPTH) throw new FormatError(`Its groups are nested more than ${MAX_DEPTH} deep.`);
  const elements = list.children.filter(({ name }) => name === 'layer').toReversed();
  reading.count += elements.length;
  if (reading.count > MAX_LAYERS) throw new FormatError(`It has more than ${MAX_LAYERS} layers.`);
  const layers: FileLayer[] = [];
  for (const element of elements) {
    const layer = readLayer(element, reading, depth, layers);
    if (layer) layers.push(layer);
  }
  return layers;
}

function readLayer(
  element: XmlElement,
  reading: Reading,
  depth: number,
  below: readonly FileLayer[],
): FileLayer | null {
  const { attributes } = element;
  const name = (attributes['name'] ?? '').toWellFormed().slice(0, 256);
  const type = attributes['nodetype'] ?? '';
  const lose = (feature: string, outcome: FileLoss['outcome']): void =>
    void reading.losses.push({ layer: name, feature, outcome });
  if (type !== 'paintlayer' && type !== 'grouplayer') {
    lose(kritaNode(type), 'left-out');
    return null;
  }
  const op = attributes['compositeop'] ?? 'normal';
  const { mode, exact } = fromKritaOp(op);
  if (!exact) lose(`Blending mode ${op}`, 'changed');
  // The flag of alpha is the last of four.
  const clipped = attributes['channelflags']?.startsWith('1110') === true && below.length > 0;
  if (clipped && below.filter(({ record }) => !record.clipped).length > 1)
    lose('Inherit alpha of several layers', 'changed');
  if (/0/.test((attributes['channelflags'] ?? '').slice(0, 3))) lose('Channels switched off', 'left-out');
  if (attributes['layerstyle'] !== undefined) lose('Layer style', 'left-out');
  const { mask, maskTiles } = readMask(element, reading, lose);
  const isGroup = type === 'grouplayer';
  const through = isGroup && attributes['passthrough'] === '1';
  const record = fileRecord({
    name,
    kind: isGroup ? 'group' : 'paint',
    visible: attributes['visible'] !== '0',
    opacity: unit(attributes['opacity']),
    blend: through ? 'pass-through' : mode,
    locked: attributes['locked'] === '1',
    alphaLocked: attributes['channellockflags']?.startsWith('1110') === true,
    clipped,
    mask,
    label: labelOfNumber(Number(attributes['colorlabel'] ?? 0)),
  });
  const common = { record, pixels: null, mask: null, ...(maskTiles && { maskTiles }) };
  if (isGroup) {
    const list = element.children.find((each) => each.name === 'layers');
    return { ...common, children: list ? readLayers(list, reading, depth + 1) : [] };
  }
  if (attributes['keyframes'] !== undefined) lose('Animation', 'left-out');
  return { ...common, tiles: paintTiles(element, name, reading, lose), children: [] };
}

type Lose = (feature: string, outcome: FileLoss['outcome']) => void;

/** Pixels of a paint layer; none of one whose colours are of another kind than the picture's. */
function paintTiles(
  element: XmlElement,
  name: string,
  reading: Reading,
  lose: Lose,
): () => Iterable<FileTile> {
  const { attributes } = element;
  const space = attributes['colorspacename'] ?? reading.space;
  if (space !== reading.space) {
    lose(`Pixels in ${space.slice(0, 40)}`, 'left-out');
    return () => [];
  }
  const file = reading.folder + (attributes['filename'] ?? '');
  const format = colourFormat(reading.depth);
  const valueBytes = reading.depth === 8 ? 1 : 2;
  return () => {
    const place = placeOf(element, name);
    const { canvas } = reading;
    const within = keptAround(canvas);
    const small = parseTiledPlane(readEntry(reading, file), {
      name,
      format,
      order: BGRA,
      valueBytes,
      within,
      ...place,
    });
    const pixel = defaultPixel(reading, file, 4 * valueBytes);
    const values = valueBytes === 1 ? pixel : new Uint16Array(pixel.buffer);
    // A colour that nothing of is seen is none.
    const empty = values[3] === 0 ? [0, 0, 0, 0] : BGRA.map((from) => values[from] as number);
    return documentTiles(small, { format, empty, outside: 0, canvas, within });
  };
}

/** The first transparency mask; other masks are said. */
function readMask(
  element: XmlElement,
  reading: Reading,
  lose: Lose,
): { readonly mask: LayerMask | null; readonly maskTiles?: () => Iterable<FileTile> } {
  const masks = element.children.find(({ name }) => name === 'masks')?.children ?? [];
  const first = masks.find(({ attributes }) => attributes['nodetype'] === 'transparencymask');
  for (const each of masks)
    if (each !== first) lose(kritaNode(each.attributes['nodetype'] ?? ''), 'left-out');
  const file = `${reading.folder}${first?.attributes['filename'] ?? ''}.pixelselection`;
  if (!first) return { mask: null };
  if (!reading.entries.has(file)) {
    lose('Transparency mask of shapes', 'left-out');
    return { mask: null };
  }
  const name = (first.attributes['name'] ?? '').toWellFormed().slice(0, 256);
  const format = maskFormat(reading.depth);
  const shown = (defaultPixel(reading, file, 1)[0] as number) / 255;
  const outside = Math.round(shown * format.maximum);
  return {
    mask: { ...layerMask(1), enabled: first.attributes['visible'] !== '0', outside: shown },
    maskTiles: () => {
      const place = placeOf(first, name);
      const { canvas } = reading;
      const within = keptAround(canvas);
      const layout = { name, format, order: [0], valueBytes: 1 as const, within, ...place };
      return documentTiles(parseTiledPlane(readEntry(reading, file), layout), {
        format,
        empty: [outside],
        outside,
        canvas,
        within,
      });
    },
  };
}

/** Where a layer's or a mask's own (0, 0) lies. @throws FormatError */
function placeOf({ attributes }: XmlElement, name: string): { readonly x: number; readonly y: number } {
  const [x, y] = [Number(attributes['x'] ?? 0), Number(attributes['y'] ?? 0)];
  if ([x, y].every((at) => Number.isInteger(at) && Math.abs(at) < 250_000)) return { x, y };
  throw new FormatError(
    `Layer "${name}" stands at (${attributes['x']}, ${attributes['y']}), outside any canvas.`,
  );
}

/** The pixel where a file has no tile; zeros where it does not say. */
function defaultPixel(reading: Reading, file: string, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  const entry = reading.entries.get(`${file}.defaultpixel`);
  if (entry?.originalSize === size) out.set(readZipEntry(reading.bytes, entry, size).subarray(0, size));
  return out;
}

function unit(text: string | undefined): number {
  const value = Number(text ?? 255) / 255;
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 1;
}

/** One file out of the archive. @param limit bytes that it may have. @throws FormatError */
function readEntry(
  { bytes, entries }: KraArchive,
  wanted: string,
  limit = Number.POSITIVE_INFINITY,
): Uint8Array {
  const entry = entries.get(wanted);
  if (!entry) throw new FormatError(`"${wanted.slice(0, 100)}" is missing.`);
  return readZipEntry(bytes, entry, limit);
}
