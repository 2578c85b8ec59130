import type { Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';

/** The changes that hide every guide, for whoever wants the picture as it will be finished. */
export function hideGuides(document: PaintDocument): Change[] {
  return [...document.layers.all()]
    .filter(({ record }) => record.visible && record.guide)
    .map(({ record }) => ({ type: 'layer-props', layerId: record.id, props: { visible: false } }));
}
