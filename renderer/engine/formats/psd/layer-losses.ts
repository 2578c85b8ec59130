import type { Layer } from 'ag-psd';
import type { FileLoss } from '../picture-file.ts';
import { colourOverlays, unknownEffects } from './layer-effects.ts';
import { keptFeather } from './layer-masks.ts';
import { hasPixels } from './read-layer-pixels.ts';

/** What of one layer cannot stay as it is in Photoshop, but for its adjustment or fill. */
export function listLosses(layer: Layer): FileLoss[] {
  const name = layer.name ?? '';
  const losses: FileLoss[] = unknownEffects(layer).map((feature) => ({
    layer: name,
    feature,
    outcome: 'left-out',
  }));
  const add = (feature: string, outcome: FileLoss['outcome'], when: boolean | undefined): void => {
    if (when === true) losses.push({ layer: name, feature, outcome });
  };
  const overlays = colourOverlays(layer).length > 0;
  add('Color Overlay', 'pixels', overlays && !layer.children);
  add('Color Overlay', 'left-out', overlays && layer.children !== undefined);
  add('Smart Object', 'pixels', layer.placedLayer !== undefined);
  add(
    'Shape',
    'pixels',
    layer.vectorFill !== undefined && layer.vectorMask !== undefined && hasPixels(layer),
  );
  add('Stroke of a Shape', 'left-out', layer.vectorStroke?.strokeEnabled === true && !hasPixels(layer));
  add('Vector Mask', 'pixels', layer.vectorMask !== undefined && layer.vectorFill === undefined);
  add(
    'Mask Feather',
    'pixels',
    (layer.mask?.userMaskFeather ?? 0) > 0 && keptFeather(layer, layer.vectorMask) === 0,
  );
  add('Knockout', 'left-out', layer.knockout);
  add('Blend If', 'left-out', hasBlendIf(layer));
  add('Channel Restrictions', 'left-out', (layer.channelBlendingRestrictions?.length ?? 0) > 0);
  add('Artboard', 'changed', layer.artboard !== undefined);
  return losses;
}

/** True when a layer is blended by how dark or light it, or what lies under it, is. */
function hasBlendIf({ blendingRanges }: Layer): boolean {
  if (!blendingRanges) return false;
  const all = [
    blendingRanges.compositeGrayBlendSource,
    blendingRanges.compositeGraphBlendDestinationRange,
    // Grey counts for all; the colour channels follow, alpha has a range that means nothing.
    ...blendingRanges.ranges.slice(0, 3).flatMap(({ sourceRange, destRange }) => [sourceRange, destRange]),
  ];
  return all.some(([a, b, c, d]) => a !== 0 || b !== 0 || c !== 255 || d !== 255);
}
