import type { GenerationRequest } from '../../preload/contract/index.ts';
import type { Change } from '../engine/changes.ts';
import type { PaintDocument } from '../engine/document.ts';
import type { Rect } from '../engine/geometry/rect.ts';
import type { LayerRecord } from '../engine/layers/layer-record.ts';
import { wordGroups } from './canvas-facts.ts';
import { groupCoverage } from './group-coverage.ts';

/** The groups that an adapter is bound to, hidden ones among them. Bound to none, it acts everywhere. */
export function boundGroups(layers: readonly LayerRecord[], path: string): LayerRecord[] {
  return layers.filter(({ words }) => words?.adapters?.includes(path));
}

/**
 * Says of each adapter where it acts in a frame: everywhere, or where the groups that it is bound to have paint. One whose
 * groups are hidden or have no paint there is left out.
 */
export function placeAdapters(
  document: PaintDocument,
  frame: Rect,
  adapters: GenerationRequest['adapters'],
): GenerationRequest['adapters'] {
  const layers = [...document.layers.all()].map(({ record }) => record);
  const shown = new Set(wordGroups(layers).map(({ id }) => id));
  return adapters.flatMap((adapter) => {
    const bound = boundGroups(layers, adapter.path).map(({ id }) => id);
    if (bound.length === 0) return [adapter];
    const region = groupCoverage(
      document,
      bound.filter((id) => shown.has(id)),
      frame,
    );
    return region ? [{ ...adapter, region }] : [];
  });
}

/** Whether changes of a document may have moved the place where an adapter acts. */
export function movesAdapters(changes: readonly Change[], document: PaintDocument): boolean {
  if (changes.some((change) => change.type === 'layer-props')) return true;
  const bound = [...document.layers.all()].some(({ record }) => (record.words?.adapters ?? []).length > 0);
  return bound && changes.length > 0;
}
