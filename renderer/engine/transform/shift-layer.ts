import { pixelChange, type Change } from '../changes.ts';
import { mappedFill } from '../layers/fill.ts';
import { mappedText } from '../layers/layer-text.ts';
import type { Layer, PlaneName } from '../layers/layer.ts';
import { translation } from './affine.ts';
import { movePlane } from './move-plane.ts';

/**
 * Moves a layer by whole pixels, bit for bit: what is worked on, and with it the other of its pixels and its mask where
 * the two are linked. Text stays text, and a gradient goes along.
 * @param plane what is worked on.
 * @returns nothing when there is nothing to move.
 */
export function shiftLayerChanges(layer: Layer, plane: PlaneName, dx: number, dy: number): Change[] {
  if (dx === 0 && dy === 0) return [];
  const { id, mask, text, fill } = layer.record;
  const map = translation(dx, dy);
  const moves = (each: PlaneName): boolean =>
    layer.plane(each).tiles.size > 0 && (each === plane || mask?.linked === true);
  const shift = (each: PlaneName, outside: number): Change =>
    pixelChange(each, id, movePlane(layer.plane(each).tiles, outside, map));
  return [
    ...(moves('pixels') ? [shift('pixels', 0)] : []),
    ...(moves('pixels') && text
      ? [{ type: 'layer-props' as const, layerId: id, props: { text: mappedText(text, map) } }]
      : []),
    ...(fill?.type === 'gradient' && (plane === 'pixels' || mask?.linked === true)
      ? [{ type: 'layer-props' as const, layerId: id, props: { fill: mappedFill(fill, map) } }]
      : []),
    ...(moves('mask') ? [shift('mask', layer.maskOutside)] : []),
  ];
}
