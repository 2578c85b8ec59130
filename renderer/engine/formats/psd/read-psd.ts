import type { Psd } from 'ag-psd';
import {
  fileRecord,
  type FileLayer,
  type FileLoss,
  type LayeredPicture,
  type PixelBlock,
} from '../picture-file.ts';
import { gridOf, guidesOf } from './grid-and-guides.ts';
import { readMerged } from './merged-picture.ts';
import { parseStructure } from './parse-structure.ts';
import { readPsdHeader, type PsdHeader } from './psd-header.ts';
import type { Inflate } from './read-channel.ts';
import { readLayers } from './read-layers.ts';
import { readProfile } from './resources.ts';
import type { ColourContext, ConvertToRgb } from './to-rgba.ts';

/** What a PSD's reader cannot do by itself. */
export interface PsdHost {
  readonly inflate: Inflate;
  readonly convert: ConvertToRgb;
}

/** How colour modes are named to people. */
const MODE_NAMES: Partial<Record<PsdHeader['mode'], string>> = {
  cmyk: 'CMYK colour',
  lab: 'Lab colour',
  multichannel: 'Multichannel colour',
  duotone: 'Duotone inks',
};

/**
 * Reads a PSD or PSB (Adobe Photoshop File Formats Specification). The structure is read at once, each layer's pixels
 * when they are asked for. A file without layers becomes one layer of its merged picture.
 * @param bytes the whole file; not changed, but read until the last layer has been.
 * @throws FormatError
 */
export async function readPsd(bytes: Uint8Array, host: PsdHost): Promise<LayeredPicture> {
  const header = readPsdHeader(bytes);
  const psd = parseStructure(bytes, header);
  const context = contextOf(header, host);
  const losses: FileLoss[] = [];
  const changed = MODE_NAMES[header.mode];
  if (changed !== undefined) losses.push({ layer: null, feature: changed, outcome: 'changed' });
  if (header.bits === 32)
    losses.push({ layer: null, feature: '32-bit values beyond white', outcome: 'changed' });
  const hasLayers = (psd.children?.length ?? 0) > 0;
  const layers = hasLayers
    ? readLayers(psd.children ?? [], header, context, host.inflate, losses)
    : [mergedLayer(() => readMerged(bytes, header, context, false, host.inflate))];
  // A floating picture's numbers have been encoded as sRGB, others' have been converted to it.
  const profile = header.mode === 'rgb' && header.bits !== 32 ? context.profile : null;
  const { width, height } = header;
  return {
    width,
    height,
    depth: context.depth,
    profile,
    resolution: resolutionOf(psd),
    guides: guidesOf(psd),
    grid: gridOf(psd),
    layers,
    losses,
  };
}

/** The merged picture of a PSD as RGBA: what the program that wrote it showed. @throws FormatError when it has none. */
export async function readPsdMerged(bytes: Uint8Array, host: PsdHost): Promise<PixelBlock> {
  const header = readPsdHeader(bytes);
  return readMerged(bytes, header, contextOf(header, host), header.transparent, host.inflate);
}

function contextOf(header: PsdHeader, { convert }: PsdHost): ColourContext {
  return {
    mode: header.mode,
    bits: header.bits,
    depth: header.bits > 8 ? 16 : 8,
    palette: header.colourData,
    profile: readProfile(header.resources),
    convert,
  };
}

function mergedLayer(pixels: () => Promise<PixelBlock>): FileLayer {
  return { record: fileRecord({ name: 'Background' }), pixels, mask: null, children: [] };
}

function resolutionOf({ imageResources }: Psd): number | null {
  const info = imageResources?.resolutionInfo;
  const perInch = (info?.horizontalResolution ?? 0) * (info?.horizontalResolutionUnit === 'PPCM' ? 2.54 : 1);
  return perInch >= 1 && perInch <= 100_000 ? perInch : null;
}
