import { strFromU8 } from 'fflate';
import type { Rect } from '../../geometry/rect.ts';
import { colourFormat, maskFormat } from '../../tiles/tile.ts';
import {
  type FileGuide,
  type FileLoss,
  FormatError,
  type LayeredPicture,
  MAX_EDGE,
  MAX_LAYERS,
} from '../picture-file.ts';
import { layerTree } from './layer-tree.ts';
import { PROPERTY, readLayerEntry, type XcfPicture } from './read-layer.ts';
import { type Precision, precisionOf } from './values.ts';
import { type XcfProperty, XcfReader } from './xcf-reader.ts';
import { PACKINGS } from './xcf-tiles.ts';

const MAGIC = 'gimp xcf ';
const HEADER_BYTES = 14;
/** Newest version that GIMP 2.10 writes. */
const NEWEST = 14;
const BASES = ['rgb', 'grey', 'indexed'] as const;
const MAX_GUIDES = 1000;
const MAX_PROFILE_BYTES = 4 * 2 ** 20;

/** True for the first bytes of a picture of GIMP. */
export function isXcf(head: Uint8Array): boolean {
  return strFromU8(head.subarray(0, MAGIC.length), true) === MAGIC;
}

/**
 * Reads a picture of GIMP (devel-docs/xcf.txt): layers and groups with their modes, opacity, places, locks, labels and masks, of
 * whole numbers of 8 to 32 bits and of floating-point ones. What else there is is said. Pixels are unpacked when they are asked for.
 * @param inflate unpacks zlib, no more than so many bytes.
 * @throws FormatError
 */
export function readXcf(
  bytes: Uint8Array,
  inflate: (data: Uint8Array, limit: number) => Uint8Array,
): LayeredPicture {
  const tag = strFromU8(bytes.subarray(MAGIC.length, HEADER_BYTES), true);
  const version = tag.startsWith('file') ? 0 : Number(/^v(\d{3})/.exec(tag)?.[1] ?? Number.NaN);
  if (!(version <= NEWEST))
    throw new FormatError(
      `It is of version ${tag.replaceAll('\0', '')}; those up to ${NEWEST} are read.`,
      'Save it in GIMP as .psd, or for an older version of GIMP.',
    );
  const reader = new XcfReader(bytes, version);
  reader.at = HEADER_BYTES;
  const [width, height, baseNumber] = [reader.uint32(), reader.uint32(), reader.uint32()];
  if (![width, height].every((edge) => edge >= 1 && edge <= MAX_EDGE))
    throw new FormatError(`It is ${width} × ${height} pixels; a canvas here has edges of 1 to ${MAX_EDGE}.`);
  const base = BASES[baseNumber];
  if (!base) throw new FormatError('Its colours are of a kind that is not read.');
  const precision = precisionOf(version >= 4 ? reader.uint32() : 0, version);
  const facts = readFacts(reader, reader.properties());
  const losses: FileLoss[] = facts.losses;
  const profile = profileOf(facts.profile, base, precision, losses);
  const canvas: Rect = { x: 0, y: 0, width, height };
  const picture: XcfPicture = {
    reader,
    base,
    precision,
    version,
    inflate,
    losses,
    canvas,
    packing: facts.packing,
    colours: facts.colours,
    format: colourFormat(precision.depth),
    maskFormat: maskFormat(precision.depth),
  };
  const layers = reader.pointers(MAX_LAYERS);
  if (reader.pointers(MAX_LAYERS).length > 0) lose(losses, 'Channels');
  const entries = layers.map((at) => readLayerEntry(picture, at));
  if (entries.some(({ isLinear }) => isLinear))
    losses.push({ layer: null, feature: 'Blending in linear light', outcome: 'changed' });
  return {
    width,
    height,
    depth: precision.depth,
    profile,
    resolution: facts.resolution,
    guides: facts.guides,
    grid: null,
    layers: layerTree(entries),
    losses,
  };
}

function lose(losses: FileLoss[], feature: string): void {
  losses.push({ layer: null, feature, outcome: 'left-out' });
}

/** What the picture's properties say. */
interface Facts {
  packing: XcfPicture['packing'];
  colours: Uint8Array;
  guides: FileGuide[];
  resolution: number | null;
  profile: Uint8Array | null;
  readonly losses: FileLoss[];
}

function readFacts(reader: XcfReader, properties: readonly XcfProperty[]): Facts {
  const behind = reader.at;
  const facts: Facts = {
    packing: 'none',
    colours: new Uint8Array(),
    guides: [],
    resolution: null,
    profile: null,
    losses: [],
  };
  for (const property of properties) {
    const { type, at, length } = property;
    reader.at = at;
    const end = at + length;
    switch (type) {
      case PROPERTY.colormap: {
        const count = Math.min(256, reader.uint32());
        facts.colours = reader.bytes.slice(reader.at, Math.min(end, reader.at + count * 3));
        break;
      }
      case PROPERTY.compression: {
        const packing = PACKINGS[reader.bytes[at] ?? 0];
        if (!packing) throw new FormatError('Its tiles are packed in a way that is not read.');
        facts.packing = packing;
        break;
      }
      case PROPERTY.guides:
        for (; reader.at + 5 <= end && facts.guides.length < MAX_GUIDES; reader.at++) {
          const position = reader.int32();
          const direction = reader.bytes[reader.at] === 1 ? 'horizontal' : 'vertical';
          facts.guides.push({ direction, position });
        }
        break;
      case PROPERTY.resolution: {
        const ppi = reader.float32();
        if (ppi >= 1 && ppi <= 100_000) facts.resolution = Math.round(ppi * 100) / 100;
        break;
      }
      case PROPERTY.parasites:
        for (const { name, data } of reader.parasites(property))
          if (name === 'icc-profile' && data.length <= MAX_PROFILE_BYTES) facts.profile = data.slice();
        break;
      case PROPERTY.paths:
      case PROPERTY.vectors:
        if (length > 8) lose(facts.losses, 'Paths');
        break;
      default:
    }
  }
  reader.at = behind;
  return facts;
}

function profileOf(
  profile: Uint8Array | null,
  base: string,
  { isLinear }: Precision,
  losses: FileLoss[],
): Uint8Array | null {
  if (!profile) return null;
  if (base === 'grey') {
    losses.push({ layer: null, feature: 'Profile of greys', outcome: 'changed' });
    return null;
  }
  if (!isLinear) return profile;
  throw new FormatError(
    'Its values are linear and have a profile of their own, which is not read.',
    'Choose perceptual gamma in GIMP (Image, Precision) and save it again.',
  );
}
