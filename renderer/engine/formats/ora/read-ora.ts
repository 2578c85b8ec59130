import { strFromU8 } from 'fflate';
import {
  fileRecord,
  FormatError,
  MAX_DEPTH,
  MAX_EDGE,
  MAX_LAYERS,
  type FileLayer,
  type FileLoss,
  type LayeredPicture,
  type PixelBlock,
} from '../picture-file.ts';
import { fromCompositeOp, SOURCE_ATOP } from './composite-ops.ts';
import { parseXml, type XmlElement } from './xml.ts';
import { readZipEntry, zipEntries, type ZipEntry } from './zip-entries.ts';

/** A decoded picture: RGBA, straight alpha. */
export interface DecodedPng extends Omit<PixelBlock, 'x' | 'y'> {
  readonly depth: 8 | 16;
  readonly profile: Uint8Array | null;
}

/** Decodes a PNG, bounded by what its bytes can hold. Given by the host. */
export type DecodePng = (png: Uint8Array) => Promise<DecodedPng>;

const MAX_XML_BYTES = 8 * 2 ** 20;

/**
 * Reads an OpenRaster file (specification 0.0.5): layers, nested stacks, offsets, opacity, visibility, isolation and
 * operators. Pixels are decoded when they are asked for.
 * @throws FormatError
 */
export async function readOra(bytes: Uint8Array, decodePng: DecodePng): Promise<LayeredPicture> {
  const archive = { bytes, entries: zipEntries(bytes, 4 * MAX_LAYERS) };
  if (!archive.entries.has('stack.xml'))
    throw new FormatError('It has no stack.xml, so it is no OpenRaster file.');
  const xml = strFromU8(readEntry(archive, 'stack.xml', MAX_XML_BYTES));
  const image = parseXml(xml);
  const width = Number(image.attributes['w']);
  const height = Number(image.attributes['h']);
  if (![width, height].every((edge) => Number.isInteger(edge) && edge >= 1 && edge <= MAX_EDGE)) {
    throw new FormatError(
      `It is ${image.attributes['w']} × ${image.attributes['h']} pixels; a canvas here has edges of 1 to ${MAX_EDGE}.`,
    );
  }
  const stack = image.children.find(({ name }) => name === 'stack');
  if (!stack) throw new FormatError('Its stack.xml has no stack.');
  const depths = await firstDepth(archive, stack, decodePng);
  const reading: Reading = { ...archive, decodePng, depth: depths.depth, losses: [], count: 0 };
  const layers = readStack(stack, reading, 1, true);
  const resolution = Number(image.attributes['xres']);
  return {
    width,
    height,
    depth: depths.depth,
    profile: depths.profile,
    resolution: resolution >= 1 && resolution <= 100_000 ? resolution : null,
    guides: [],
    grid: null,
    layers,
    losses: reading.losses,
  };
}

interface Reading {
  readonly bytes: Uint8Array;
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly decodePng: DecodePng;
  readonly depth: 8 | 16;
  readonly losses: FileLoss[];
  count: number;
}

/** The file says nowhere how deep it is: its first layer does. */
async function firstDepth(
  archive: Pick<Reading, 'bytes' | 'entries'>,
  stack: XmlElement,
  decodePng: DecodePng,
): Promise<Pick<DecodedPng, 'depth' | 'profile'>> {
  const find = (element: XmlElement): string | null => {
    for (const child of element.children) {
      const { src } = child.attributes;
      const found =
        child.name === 'layer' && src !== undefined && archive.entries.has(src) ? src : find(child);
      if (found !== null) return found;
    }
    return null;
  };
  const src = find(stack);
  if (src === null) return { depth: 8, profile: null };
  const { depth, profile } = await decodePng(readEntry(archive, src));
  return { depth, profile };
}

/** A stack's layers, bottom to top; the file lists them from the top. */
function readStack(stack: XmlElement, reading: Reading, depth: number, atTop: boolean): FileLayer[] {
  if (depth > MAX_DEPTH) throw new FormatError(`Its stacks are nested more than ${MAX_DEPTH} deep.`);
  const entries = stack.children.filter(({ name }) => name === 'layer' || name === 'stack').toReversed();
  reading.count += entries.length;
  if (reading.count > MAX_LAYERS) throw new FormatError(`It has more than ${MAX_LAYERS} layers.`);
  const isolated = !atTop && isIsolated(stack);
  return entries.map((element, index) => readEntryLayer(element, reading, depth, isolated && index > 0));
}

function isIsolated({ attributes }: XmlElement): boolean {
  return (
    attributes['isolation'] !== 'auto' ||
    opacityOf(attributes['opacity']) < 1 ||
    (attributes['composite-op'] ?? 'svg:src-over') !== 'svg:src-over'
  );
}

function opacityOf(text: string | undefined): number {
  const value = Number(text ?? 1);
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 1;
}

function readEntryLayer(element: XmlElement, reading: Reading, depth: number, canClip: boolean): FileLayer {
  const { attributes } = element;
  const name = (attributes['name'] ?? '').toWellFormed().slice(0, 256);
  const op = attributes['composite-op'] ?? 'svg:src-over';
  const clipped = op === SOURCE_ATOP && canClip;
  const { mode: blend, exact } = clipped ? { mode: 'normal' as const, exact: true } : fromCompositeOp(op);
  if (!exact) reading.losses.push({ layer: name, feature: `Operator ${op}`, outcome: 'changed' });
  const common = {
    name,
    visible: attributes['visibility'] !== 'hidden',
    opacity: opacityOf(attributes['opacity']),
    blend,
    locked: attributes['edit-locked'] === 'true',
    clipped,
  };
  if (element.name === 'stack') {
    const through = !isIsolated(element);
    const children = readStack(element, reading, depth + 1, false);
    return {
      record: fileRecord({ ...common, kind: 'group', blend: through ? 'pass-through' : common.blend }),
      pixels: null,
      mask: null,
      children,
    };
  }
  const src = attributes['src'] ?? '';
  const known = reading.entries.has(src) && /\.png$/i.test(src);
  if (!known)
    reading.losses.push({
      layer: name,
      feature: src === '' ? 'Content without pixels' : `Content ${src}`,
      outcome: 'left-out',
    });
  const x = Math.round(Number(attributes['x'] ?? 0));
  const y = Math.round(Number(attributes['y'] ?? 0));
  if (!(Math.abs(x) < 250_000 && Math.abs(y) < 250_000))
    throw new FormatError(`Layer "${name}" stands at (${x}, ${y}), outside any canvas.`);
  const pixels = async (): Promise<PixelBlock> => {
    const decoded = await reading.decodePng(readEntry(reading, src));
    const { width, height } = decoded;
    return { x, y, width, height, data: toDepth(decoded, reading.depth) };
  };
  return { record: fileRecord(common), pixels: known ? pixels : null, mask: null, children: [] };
}

function toDepth({ data, depth }: DecodedPng, wanted: 8 | 16): Uint8Array | Uint16Array {
  if (depth === wanted) return data;
  return wanted === 16
    ? Uint16Array.from(data, (value) => value * 257)
    : Uint8Array.from(data, (value) => Math.round(value / 257));
}

/** One file out of the archive. @param limit bytes that it may have. @throws FormatError */
function readEntry(
  { bytes, entries }: Pick<Reading, 'bytes' | 'entries'>,
  wanted: string,
  limit = Number.POSITIVE_INFINITY,
): Uint8Array {
  const entry = entries.get(wanted);
  if (!entry) throw new FormatError(`"${wanted}" is missing.`);
  return readZipEntry(bytes, entry, limit);
}
