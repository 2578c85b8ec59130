import type { Change } from '../../engine/changes.ts';
import { EMPTY_RECT, unionRect, type Rect } from '../../engine/geometry/rect.ts';
import { mappedFill } from '../../engine/layers/fill.ts';
import { holdsPixels } from '../../engine/layers/layer-record.ts';
import type { Layer, PlaneName } from '../../engine/layers/layer.ts';
import { outermost } from '../../engine/layers/several-layers.ts';
import type { Affine } from '../../engine/transform/affine.ts';
import { liftMask } from '../../engine/transform/lift-mask.ts';
import { liftPixels, type Lifted } from '../../engine/transform/lift.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';

/** A layer's planes that go where one of them goes: itself, and the other where the mask is linked. */
function planesOf({ record }: Layer, worked: PlaneName): PlaneName[] {
  const { kind, mask } = record;
  const takes = (plane: PlaneName): boolean => plane === worked || mask?.linked === true;
  return [
    ...(holdsPixels(kind) && takes('pixels') ? (['pixels'] as const) : []),
    ...(mask && takes('mask') ? (['mask'] as const) : []),
  ];
}

/** What a transform takes along: the chosen layers, of a group everything that stands in it, of what is selected only what is worked on. */
function planesToMove(session: DocumentSession, id: string): { id: string; plane: PlaneName }[] {
  const { document, activePlane, selection } = session;
  const of = (layer: Layer, planes: PlaneName[]): { id: string; plane: PlaneName }[] =>
    planes.map((plane) => ({ id: layer.record.id, plane }));
  const active = document.layers.get(id);
  const alone = active.record.kind === 'group' && activePlane === 'mask' && !active.record.mask?.linked;
  if (alone || (selection.mask && activePlane === 'mask')) return of(active, ['mask']);
  const layers = takenLayers(session);
  if (selection.mask)
    return layers.flatMap((layer) => of(layer, holdsPixels(layer.record.kind) ? ['pixels'] : []));
  return layers.flatMap((layer) => of(layer, planesOf(layer, layer === active ? activePlane : 'pixels')));
}

/** The chosen layers, and of groups everything that stands in them. */
function takenLayers({ document, chosenLayerIds }: DocumentSession): Layer[] {
  return outermost(document, chosenLayerIds).flatMap((id) => [...document.layers.subtree(id)]);
}

/** The layers that a transform takes along. */
export function transformedLayers(session: DocumentSession): string[] {
  const { activeLayerId } = session;
  return activeLayerId === null ? [] : planesToMove(session, activeLayerId).map(({ id }) => id);
}

/**
 * Takes up what a transform moves: pixels of the chosen layers, and masks that are linked to them.
 * @returns nothing where there is nothing.
 * @throws EngineError as `liftPixels` and `liftMask`.
 */
export function takeUp(session: DocumentSession): Lifted[] {
  const { activeLayerId, document, selection } = session;
  if (activeLayerId === null) return [];
  return planesToMove(session, activeLayerId)
    .map(({ id, plane }) => (plane === 'pixels' ? liftPixels : liftMask)(document, id, selection.mask))
    .filter((lifted) => lifted !== null);
}

/** The changes that take gradients of fill layers along with a transform of the chosen layers. */
export function gradientsAlong(session: DocumentSession, map: Affine): Change[] {
  const { activeLayerId, activePlane, document, selection } = session;
  if (activeLayerId === null || selection.mask) return [];
  const { mask } = document.layers.get(activeLayerId).record;
  if (activePlane === 'mask' && mask?.linked !== true) return [];
  return takenLayers(session).flatMap(({ record: { id, fill } }) =>
    fill?.type === 'gradient'
      ? [{ type: 'layer-props' as const, layerId: id, props: { fill: mappedFill(fill, map) } }]
      : [],
  );
}

/** The rectangle that is taken hold of: around the pixels, or around masks where nothing else moves. */
export function sourceOf(lifted: readonly Lifted[]): Rect {
  const pixels = lifted.filter(({ plane }) => plane === 'pixels');
  return (pixels.length > 0 ? pixels : lifted).reduce<Rect>(
    (all, { rect }) => unionRect(all, rect),
    EMPTY_RECT,
  );
}
