import { type Layer, type Psd, writePsdUint8Array } from 'ag-psd';
import {
  type FileLayer,
  inOneStrip,
  type LayeredPicture,
  type LayerStrips,
  type MaskBlock,
  type Strips,
} from '../picture-file.ts';
import { toPsdAdjustment } from './adjustments.ts';
import { assemblePsd } from './assemble-psd.ts';
import { toPsdBlend } from './blend-modes.ts';
import { toPsdFill } from './fills.ts';
import { gridAndGuides } from './grid-and-guides.ts';
import { profileResource } from './resources.ts';
import { SplicedChannels } from './splice-channels.ts';
import { toPsdText } from './text.ts';
import { type Deflate, layerChannels, MergedPicture } from './write-channels.ts';

/** How a PSD is to be written. */
export interface PsdWriting {
  /** The picture as it is seen: strips of whole rows of straight RGBA in the picture's depth, from the top. */
  readonly merged: Strips | AsyncIterable<Uint8Array | Uint16Array>;
  /** True for PSB, the format of large documents. */
  readonly large: boolean;
  readonly deflate: Deflate;
  /** Called after each layer; throws to stop. */
  readonly onLayer: (name: string) => void;
}

/**
 * Writes a PSD or PSB: groups, masks, clipping, blend modes, opacity and fill opacity, fills, adjustments, text, locks, names in
 * any script, resolution, ICC profile, 8 or 16 bits a channel. Layers are read and compressed one by one, and where they come
 * in strips never held at once.
 * @returns the file in parts, in order.
 * @throws FormatError when a PSD would be larger than 2 GB.
 */
export async function writePsd(picture: LayeredPicture, writing: PsdWriting): Promise<Uint8Array[]> {
  const { width, height, depth, profile } = picture;
  const channels = new SplicedChannels();
  const written = await writeStructure(picture, writing, channels);
  const merged = new MergedPicture(width, writing.large);
  for await (const strip of writing.merged) merged.add(strip);
  return assemblePsd(written, {
    width,
    height,
    depth,
    large: writing.large,
    hasAlpha: merged.hasAlpha,
    profileBlock: profile ? profileResource(profile) : null,
    merged: merged.parts(),
    channels,
  });
}

/** Everything but the merged picture and the layers' channels. */
async function writeStructure(
  picture: LayeredPicture,
  writing: PsdWriting,
  channels: SplicedChannels,
): Promise<Uint8Array> {
  const ids = { next: 2 };
  const children = await writeLayers(picture.layers, picture, writing, channels, ids);
  const psd: Psd = {
    // The size is put in later; ag-psd would make room for an empty merged picture.
    width: 1,
    height: 1,
    children,
    imageResources: {
      resolutionInfo: resolutionInfo(picture.resolution ?? 72),
      versionInfo: {
        hasRealMergedData: true,
        writerName: 'Impasto',
        readerName: 'Impasto',
        fileVersion: 1,
      },
      ...((picture.guides.length > 0 || picture.grid !== null) && {
        gridAndGuidesInformation: gridAndGuides(picture),
      }),
    },
  };
  return writePsdUint8Array(psd, { psb: writing.large, noBackground: true });
}

function resolutionInfo(perInch: number): NonNullable<NonNullable<Psd['imageResources']>['resolutionInfo']> {
  return {
    horizontalResolution: perInch,
    horizontalResolutionUnit: 'PPI',
    widthUnit: 'Inches',
    verticalResolution: perInch,
    verticalResolutionUnit: 'PPI',
    heightUnit: 'Inches',
  };
}

async function writeLayers(
  layers: readonly FileLayer[],
  picture: LayeredPicture,
  writing: PsdWriting,
  channels: SplicedChannels,
  ids: { next: number },
): Promise<Layer[]> {
  const written: Layer[] = [];
  for (const layer of layers) {
    const pixels = layer.pixelStrips ? layer.pixelStrips() : inOneStrip(await layer.pixels?.());
    const mask = (await layer.mask?.()) ?? null;
    const common = layerProperties(layer, pixels, mask, picture, writing, channels);
    const id = ids.next++;
    writing.onLayer(layer.record.name);
    const { kind } = layer.record;
    if (kind === 'group') {
      const children = await writeLayers(layer.children, picture, writing, channels, ids);
      written.push({ ...common, id, opened: true, children });
    } else {
      written.push({ ...common, id });
    }
  }
  return written;
}

function layerProperties(
  { record }: FileLayer,
  pixels: LayerStrips | null,
  mask: MaskBlock | null,
  picture: LayeredPicture,
  { large, deflate }: PsdWriting,
  channels: SplicedChannels,
): Layer {
  const { depth } = picture;
  return {
    name: record.name,
    blendMode: toPsdBlend(record.blend),
    opacity: record.opacity,
    // ag-psd cuts off what is behind the point, so a quarter is added to a whole number.
    ...(record.fillOpacity < 1 && { fillOpacity: (Math.round(record.fillOpacity * 255) + 0.25) / 255 }),
    hidden: !record.visible,
    clipping: record.clipped,
    ...(record.label && { layerColor: record.label === 'grey' ? ('gray' as const) : record.label }),
    transparencyProtected: record.alphaLocked,
    protected: { transparency: record.alphaLocked, composite: record.locked, position: false },
    ...boundsOf(pixels),
    ...(record.mask && {
      mask: {
        ...boundsOf(mask),
        defaultColor: Math.round(record.mask.outside * 255),
        disabled: !record.mask.enabled,
        positionRelativeToLayer: !record.mask.linked,
        ...(record.mask.density < 1 && { userMaskDensity: record.mask.density }),
        ...(record.mask.feather > 0 && { userMaskFeather: record.mask.feather }),
      },
    }),
    ...(record.text && { text: toPsdText(record.text) }),
    ...(record.fill && { vectorFill: toPsdFill(record.fill, picture) }),
    ...(record.adjustment && { adjustment: toPsdAdjustment(record.adjustment) }),
    rawData: {
      // Colour mode 3 is RGB; its enumeration is one of types only.
      colorMode: 3,
      bitsPerChannel: depth,
      large,
      channels: channels.standIns(layerChannels(pixels, mask, record.mask !== null, depth, large, deflate)),
    },
  };
}

function boundsOf(block: LayerStrips | MaskBlock | null): {
  left: number;
  top: number;
  right: number;
  bottom: number;
} {
  if (!block) return { left: 0, top: 0, right: 0, bottom: 0 };
  const { x, y, width, height } = block;
  return { left: x, top: y, right: x + width, bottom: y + height };
}
