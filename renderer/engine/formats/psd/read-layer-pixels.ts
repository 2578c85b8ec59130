import type { Layer, LayerMaskData } from 'ag-psd';
import { FormatError, MAX_EDGE, type MaskBlock, type PixelBlock } from '../picture-file.ts';
import { colourChannels } from './psd-header.ts';
import { readChannel, type ChannelShape, type Inflate } from './read-channel.ts';
import { planesToRgba, toSamples, type ColourContext } from './to-rgba.ts';

const TRANSPARENCY = -1;
const MASK = -2;
const REAL_MASK = -3;
/** Pixels further from the canvas than this have no tile to stand in. */
const FARTHEST = 250_000;

interface Bounds {
  readonly left?: number;
  readonly top?: number;
  readonly right?: number;
  readonly bottom?: number;
}

/** A rectangle as x, y, width and height; null when it is empty. @throws FormatError when it is beyond all bounds. */
function rectOf({ left = 0, top = 0, right = 0, bottom = 0 }: Bounds): Omit<PixelBlock, 'data'> | null {
  const width = right - left;
  const height = bottom - top;
  if (width <= 0 || height <= 0) return null;
  if (width * height > MAX_EDGE * MAX_EDGE)
    throw new FormatError(`A layer of ${width} × ${height} pixels is larger than the largest canvas.`);
  if (Math.min(left, top) < -FARTHEST || Math.max(right, bottom) > FARTHEST)
    throw new FormatError(`A layer stands at (${left}, ${top}), outside any canvas.`);
  return { x: left, y: top, width, height };
}

/** True when a layer has any pixels of its own. */
export function hasPixels(layer: Layer): boolean {
  return (layer.right ?? 0) > (layer.left ?? 0) && (layer.bottom ?? 0) > (layer.top ?? 0);
}

type Channels = NonNullable<Layer['rawData']>['channels'];

function find(channels: Channels, id: number): Channels[number] | undefined {
  return channels.find(
    (channel) => channel.id === id && channel.data !== undefined && channel.data.length > 0,
  );
}

/** Decodes a layer's pixels to RGBA. @returns null when it has none. @throws FormatError */
export async function readLayerPixels(
  layer: Layer,
  context: ColourContext,
  inflate: Inflate,
): Promise<PixelBlock | null> {
  const rect = rectOf(layer);
  const raw = layer.rawData;
  if (!rect || !raw || context.bits === 1) return null;
  const shape: ChannelShape = { ...rect, bits: context.bits, large: raw.large };
  const decode = (id: number): Uint8Array | Uint16Array | null => {
    const channel = find(raw.channels, id);
    if (!channel?.data) return null;
    const stored = readChannel({ compression: channel.compression, data: channel.data }, shape, inflate);
    return toSamples(stored, shape.bits, id >= 0 && context.mode === 'rgb');
  };
  const planes = Array.from({ length: colourChannels(context.mode) }, (_, id) => decode(id));
  if (planes.every((plane) => plane === null)) return null;
  return { ...rect, data: await planesToRgba(planes, decode(TRANSPARENCY), rect, context) };
}

/**
 * Decodes a layer's mask: where there is a vector mask too, what both make together.
 * @returns null when the mask has no pixels, so that its outside value holds everywhere.
 */
export function readLayerMask(layer: Layer, bits: ColourContext['bits'], inflate: Inflate): MaskBlock | null {
  const raw = layer.rawData;
  if (!raw || bits === 1) return null;
  const decode = (id: number, bounds: LayerMaskData | undefined): MaskBlock | null => {
    const channel = find(raw.channels, id);
    const rect = bounds ? rectOf(bounds) : null;
    if (!channel?.data || !rect) return null;
    const stored = readChannel(
      { compression: channel.compression, data: channel.data },
      { ...rect, bits, large: raw.large },
      inflate,
    );
    return { ...rect, data: toSamples(stored, bits, false) };
  };
  return decode(MASK, layer.mask) ?? decode(REAL_MASK, layer.realMask);
}
