import type { Layer, LayerVectorMask } from 'ag-psd';
import { intersectRect } from '../../geometry/rect.ts';
import { WIDEST_FEATHER } from '../../layers/layer-mask.ts';
import type { MaskBlock } from '../picture-file.ts';
import { softenBlock } from '../soften-block.ts';
import type { PsdHeader } from './psd-header.ts';
import type { Inflate } from './read-channel.ts';
import { readLayerMask } from './read-layer-pixels.ts';
import type { ColourContext } from './to-rgba.ts';
import { rasteriseVectorMask } from './vector-mask.ts';

/** True where the file's mask holds the vector mask drawn already. */
function isJoined(layer: Layer): boolean {
  return layer.realMask !== undefined || layer.mask?.fromVectorData === true;
}

function hasPixelMask({ mask }: Layer): boolean {
  return mask !== undefined && (mask.right ?? 0) > (mask.left ?? 0) && (mask.bottom ?? 0) > (mask.top ?? 0);
}

/**
 * The feather that a layer's mask keeps as its own. Where a user's mask and a vector mask become one, each is softened before;
 * see `readMaskWithVector`.
 * @param vectorMask the one to be drawn, if any.
 */
export function keptFeather(layer: Layer, vectorMask: LayerVectorMask | undefined): number {
  const { userMaskFeather = 0, vectorMaskFeather = 0 } = layer.mask ?? {};
  const draws = vectorMask !== undefined && vectorMask.disable !== true;
  const feather = draws ? (hasPixelMask(layer) ? 0 : vectorMaskFeather) : userMaskFeather;
  return isJoined(layer) || !(feather > 0) ? 0 : Math.min(feather, WIDEST_FEATHER);
}

/**
 * A layer's mask as one block: the user's, and the vector mask drawn into it where the file does not hold both together already.
 * Feathers that `keptFeather` does not keep are in it.
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
  const outside = (layer.mask?.defaultColor ?? 0) >= 128 ? 1 : 0;
  const { userMaskFeather = 0, vectorMaskFeather = 0 } = layer.mask ?? {};
  const draws = vectorMask !== undefined && vectorMask.disable !== true;
  const soften = (block: MaskBlock, feather: number, beyond: number): MaskBlock =>
    feather > 0 && keptFeather(layer, vectorMask) === 0
      ? softenBlock(block, beyond, Math.min(feather, WIDEST_FEATHER), header)
      : block;
  const own = stored && soften(stored, userMaskFeather, outside);
  if (!draws || (isJoined(layer) && own)) return own;
  const drawn = rasteriseVectorMask(vectorMask, header);
  if (!drawn) return own;
  const deep = soften(context.depth === 16 ? widen(drawn) : drawn, vectorMaskFeather, 0);
  return own ? multiply(deep, own, outside === 1) : deep;
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
