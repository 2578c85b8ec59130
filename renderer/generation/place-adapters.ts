import type { GenerationRequest, Raster } from '../../preload/contract/index.ts';
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

/** Points along each edge at which areas are compared, and the share of what either covers that both must cover. */
const COMPARED = 64;
const LEAST_SHARED = 0.5;

/** The group whose paint in a frame covers most nearly what a region of a request does; null where none comes near. */
export function groupLike(document: PaintDocument, frame: Rect, region: Raster): LayerRecord | null {
  const groups = [...document.layers.all()]
    .map(({ record }) => record)
    .filter(({ kind }) => kind === 'group');
  let best: { readonly group: LayerRecord; readonly shared: number } | null = null;
  for (const group of groups) {
    const area = groupCoverage(document, [group.id], frame);
    const shared = area ? sharedPart(area, region) : 0;
    if (shared >= LEAST_SHARED && shared > (best?.shared ?? 0)) best = { group, shared };
  }
  return best?.group ?? null;
}

/** What two coverages of one frame, of any size, have in common, of what they cover together: 0 … 1. */
function sharedPart(a: Raster, b: Raster): number {
  // A request's coverage is grey, that of a kept mask is white as far as it covers: both are grey times opacity.
  const at = ({ width, height, rgba }: Raster, row: number, column: number): number => {
    const cell = Math.floor((row * height) / COMPARED) * width + Math.floor((column * width) / COMPARED);
    return ((rgba[4 * cell] ?? 0) * (rgba[4 * cell + 3] ?? 0)) / 255;
  };
  let [both, either] = [0, 0];
  for (let row = 0; row < COMPARED; row += 1) {
    for (let column = 0; column < COMPARED; column += 1) {
      const [one, other] = [at(a, row, column), at(b, row, column)];
      both += Math.min(one, other);
      either += Math.max(one, other);
    }
  }
  return either === 0 ? 0 : both / either;
}

/** Whether changes of a document may have moved the place where an adapter acts. */
export function movesAdapters(changes: readonly Change[], document: PaintDocument): boolean {
  if (changes.some((change) => change.type === 'layer-props')) return true;
  const bound = [...document.layers.all()].some(({ record }) => (record.words?.adapters ?? []).length > 0);
  return bound && changes.length > 0;
}
