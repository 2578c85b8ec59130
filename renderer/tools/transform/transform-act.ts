import type { Change } from '../../engine/changes.ts';
import { EngineError } from '../../engine/error.ts';
import { type LayerText, mappedText } from '../../engine/layers/layer-text.ts';
import { styledRanges } from '../../engine/layers/text-runs.ts';
import { mapSelection } from '../../engine/selection/map-selection.ts';
import type { Affine, Point } from '../../engine/transform/affine.ts';
import type { Lifted } from '../../engine/transform/lift.ts';
import { quadOf } from '../../engine/transform/projective.ts';
import { placeChanges, placeOverlay } from '../../engine/transform/put-down.ts';
import { meshLines, moveMesh } from '../../engine/transform/warp-mesh.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { chooseTool, type ToolId, usePaint } from '../../state/paint-store.ts';
import { setPendingAct } from '../../state/pending-act.ts';
import { tell } from '../../state/status-store.ts';
import { useTransform } from '../../state/transform-store.ts';
import { explainRefusal } from '../brush/explain.ts';
import { isFontThere } from '../text/fonts.ts';
import { rewriteTextChanges } from '../text/text-changes.ts';
import { moveQuad, quadHandles } from './drag-quad.ts';
import { meshPlacement, quadPlacement, type Placement } from './placement.ts';
import { gradientsAlong, sourceOf, takeUp } from './take-up.ts';

function taken(session: DocumentSession): Lifted[] | null {
  try {
    const lifted = takeUp(session);
    if (lifted.length > 0) return lifted;
    tell({
      level: 'info',
      message: 'There is nothing here to transform: this layer has no pixels and no mask that goes with it.',
      remedy: '',
    });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (session.activeLayerId !== null) explainRefusal(session, session.activeLayerId, error);
  }
  return null;
}

/** Where things go by what the store says now. */
function placementNow({ document }: DocumentSession, coarse: boolean): Placement | null {
  const { source, quad, mesh } = useTransform.getState();
  if (!source || !quad) return null;
  return mesh ? meshPlacement(source, mesh, coarse) : quadPlacement(source, quad, document.canvas);
}

/** The changes that put one thing down: text is written again where it can be, and becomes pixels where it is bent. */
function putDown({ document }: DocumentSession, lifted: Lifted, placement: Placement): Change[] {
  const { layerId } = lifted;
  const { text } = document.layers.get(layerId).record;
  const { affine } = placement;
  const fontsThere = (of: LayerText): boolean =>
    styledRanges(of).every(({ style }) => isFontThere(style.font));
  if (lifted.plane === 'pixels' && text && affine && fontsThere(text))
    return rewriteTextChanges(document, layerId, mappedText(text, affine));
  const { bounds, at } = placement.of(lifted, useTransform.getState().sampling);
  const changes = placeChanges(document, lifted, bounds, at);
  if (lifted.plane === 'mask' || !text || changes.length === 0) return changes;
  const props = { text: affine ? mappedText(text, affine) : null };
  return [...changes, { type: 'layer-props', layerId, props }];
}

/** What is selected goes along. */
function selectionChanges({ selection, document }: DocumentSession, map: Affine): Change[] {
  const { mask } = selection;
  return (mask && selection.changesFor(mapSelection(mask, map, document.canvas))) ?? [];
}

function nudge(dx: number, dy: number): void {
  const { quad, mesh } = useTransform.getState();
  if (mesh) useTransform.setState({ mesh: moveMesh(mesh, dx, dy) });
  else if (quad) useTransform.setState({ quad: moveQuad(quad, dx, dy) });
}

function announce(apply: () => void, cancel: () => void): void {
  const { quad, mesh, chosen } = useTransform.getState();
  if (!quad) return;
  const handles: readonly Point[] = mesh ? mesh.points : quadHandles(quad);
  setPendingAct({
    name: 'Transform',
    outline: mesh ? [] : quad,
    lines: mesh ? meshLines(mesh) : [],
    handles,
    chosen: mesh ? chosen : [],
    onLeave: 'apply',
    nudge,
    cancel,
    apply,
  });
}

/**
 * Takes up the active layer's pixels, or what is selected of them, with the masks that are linked, and waits for Enter.
 * @param back the tool that is in hand again afterwards.
 * @returns false when it cannot.
 */
export function startTransform(session: DocumentSession, back: ToolId = 'move'): boolean {
  const lifted = taken(session);
  if (lifted) wait(session, lifted, back);
  return lifted !== null;
}

/** Shows where everything goes until it is applied or dropped. */
function wait(session: DocumentSession, lifted: readonly Lifted[], back: ToolId): void {
  const { document } = session;
  const source = sourceOf(lifted);
  const first = quadOf(source);
  let frame = 0;
  const preview = (): void => {
    frame = 0;
    const placement = placementNow(session, true);
    if (!placement) return;
    for (const each of lifted) {
      const { bounds, at } = placement.of(each, 'nearest');
      document.setOverlay(each.layerId, placeOverlay(document, each, bounds, at), each.plane);
    }
  };
  const follow = useTransform.subscribe((state, before) => {
    if (state.quad === null) return;
    const moved = state.quad !== before.quad || state.mesh !== before.mesh;
    if (!moved && state.chosen === before.chosen) return;
    if (moved) frame ||= requestAnimationFrame(preview);
    announce(apply, drop);
  });
  function drop(): void {
    cancelAnimationFrame(frame);
    follow();
    for (const { layerId, plane } of lifted)
      if (document.layers.find(layerId)) document.setOverlay(layerId, null, plane);
    useTransform.setState({ source: null, quad: null, mesh: null });
    setPendingAct(null);
    if (usePaint.getState().tool === 'transform') chooseTool(back);
  }
  function apply(): void {
    const { quad, mesh } = useTransform.getState();
    const placement = quad === first && !mesh ? null : placementNow(session, false);
    const changes = placement ? lifted.flatMap((each) => putDown(session, each, placement)) : [];
    const along = placement?.affine
      ? [...gradientsAlong(session, placement.affine), ...selectionChanges(session, placement.affine)]
      : [];
    drop();
    if (changes.length > 0) session.record('Transform', [...changes, ...along]);
  }
  useTransform.setState({ source, quad: first, mesh: null, handle: 0, chosen: [] });
  announce(apply, drop);
}
