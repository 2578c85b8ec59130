import type { Layer, LayerVectorMask } from 'ag-psd';
import { intersectRect, type Rect } from '../../geometry/rect.ts';
import { featherSelection } from '../../selection/reshape.ts';
import { SelectionMask } from '../../selection/selection-mask.ts';
import type { MaskBlock } from '../picture-file.ts';
import type { PsdHeader } from './psd-header.ts';
import type { Inflate } from './read-channel.ts';
import { readLayerMask } from './read-layer-pixels.ts';
import type { ColourContext } from './to-rgba.ts';
import { rasteriseVectorMask } from './vector-mask.ts';

/**
 * A layer's mask as one block: the user's, softened by its feather, and the vector mask drawn into it where the file does
 * not hold both together already.
 * @throws FormatError
 */
export function readMaskWithVector(
  layer: Layer,
  vectorMask: LayerVectorMask | undefined,
  header: PsdHeader,
  context: ColourContext,
  inflate: Inflate,
): MaskBlock | null {
  const stored = readLayerMask(layer, context.bits, inflate);
  const feathered = stored && soften(stored, layer, header);
  const isJoined = layer.realMask !== undefined || layer.mask?.fromVectorData === true;
  if (!vectorMask || vectorMask.disable === true || (isJoined && feathered)) return feathered;
  const drawn = rasteriseVectorMask(vectorMask, header);
  if (!drawn) return feathered;
  const deep = context.depth === 16 ? widen(drawn) : drawn;
  return feathered ? multiply(deep, feathered, (layer.mask?.defaultColor ?? 0) >= 128) : deep;
}

function soften(block: MaskBlock, layer: Layer, { width, height }: PsdHeader): MaskBlock {
  const radius = layer.mask?.userMaskFeather ?? 0;
  if (!(radius > 0) || !(block.data instanceof Uint8Array)) return block;
  const canvas: Rect = { x: 0, y: 0, width, height };
  // Beyond its rectangle a mask that shows all is inverted, so that nothing is what lies outside.
  const shows = (layer.mask?.defaultColor ?? 0) >= 128;
  const flip = (values: Uint8Array): Uint8Array => (shows ? values.map((value) => 255 - value) : values);
  const blurred = featherSelection(
    new SelectionMask(block, flip(block.data)),
    // Photoshop feathers by 1000 pixels at most; beyond the canvas a wider blur changes nothing that is seen.
    Math.min(radius, 1000, Math.max(width, height)) * 2,
    canvas,
  );
  return { ...blurred.rect, data: flip(blurred.read(blurred.rect)) };
}

function widen(block: MaskBlock): MaskBlock {
  return { ...block, data: Uint16Array.from(block.data, (value) => value * 257) };
}

/** A canvas-wide block times another that is `shown` or nothing beyond its rectangle. */
function multiply(whole: MaskBlock, part: MaskBlock, shown: boolean): MaskBlock {
  const maximum = whole.data instanceof Uint8Array ? 255 : 65535;
  const common = intersectRect(whole, part);
  const data = shown
    ? whole.data.slice()
    : new (whole.data.constructor as Uint8ArrayConstructor)(whole.data.length);
  for (let y = common.y; y < common.y + common.height; y++) {
    for (let x = common.x; x < common.x + common.width; x++) {
      const i = (y - whole.y) * whole.width + (x - whole.x);
      const other = part.data[(y - part.y) * part.width + (x - part.x)] as number;
      data[i] = Math.round(((whole.data[i] as number) * other) / maximum);
    }
  }
  return { ...whole, data };
}
