import type { Change } from '../../engine/changes.ts';
import { EngineError } from '../../engine/error.ts';
import { EMPTY_RECT, unionRect, type Rect } from '../../engine/geometry/rect.ts';
import { holdsPixels } from '../../engine/layers/layer-record.ts';
import { liftPixels, placeChanges, placeOverlay, type Lifted } from '../../engine/transform/lift.ts';
import { pixelsAround } from '../../engine/transform/pixels-around.ts';
import { placeProjected } from '../../engine/transform/place-projected.ts';
import { projectiveOf, quadOf, type Quad } from '../../engine/transform/projective.ts';
import type { Sampling } from '../../engine/transform/resample.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { chooseTool, usePaint } from '../../state/paint-store.ts';
import { setPendingAct } from '../../state/pending-act.ts';
import { tell } from '../../state/status-store.ts';
import { useTransform } from '../../state/transform-store.ts';
import { explainRefusal } from '../brush/explain.ts';
import { quadHandles } from './drag-quad.ts';

/** Longest edge of what a transform may make, in pixels. */
const LONGEST = 32768;

/** Ids of the layers with pixels that a transform of this layer takes along: itself, or what a group holds. */
function layersOf(session: DocumentSession, id: string): string[] {
  return [...session.document.layers.subtree(id)]
    .filter(({ record }) => holdsPixels(record.kind))
    .map(({ record }) => record.id);
}

/** The layers that a transform of the active one takes along. */
export function transformedLayers(session: DocumentSession): string[] {
  return session.activeLayerId === null ? [] : layersOf(session, session.activeLayerId);
}

function liftAll(session: DocumentSession): Lifted[] {
  const { activeLayerId, document, selection } = session;
  if (activeLayerId === null) return [];
  return layersOf(session, activeLayerId)
    .map((id) => liftPixels(document, id, selection.mask))
    .filter((lifted) => lifted !== null);
}

/** Takes up the active layer's pixels, or what is selected of them, and waits for Enter. @returns false when it cannot. */
export function startTransform(session: DocumentSession): boolean {
  const { document } = session;
  let lifted: Lifted[];
  try {
    lifted = liftAll(session);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (session.activeLayerId !== null) explainRefusal(session, session.activeLayerId, error);
    return false;
  }
  const source = lifted.reduce<Rect>((all, { rect }) => unionRect(all, rect), EMPTY_RECT);
  if (lifted.length === 0) {
    tell({
      level: 'info',
      message: 'There is nothing here to transform: this layer has no pixels.',
      remedy: '',
    });
    return false;
  }
  let frame = 0;
  const preview = (): void => {
    frame = 0;
    const { quad } = useTransform.getState();
    if (!quad) return;
    for (const each of lifted) {
      const shown = placing(each, source, quad, 'nearest');
      if (shown) document.setOverlay(each.layerId, placeOverlay(document, each, shown.bounds, shown.at));
    }
  };
  const follow = useTransform.subscribe((state, before) => {
    if (state.quad === null || state.quad === before.quad) return;
    frame ||= requestAnimationFrame(preview);
    announceAct(state.quad);
  });
  const drop = (): void => {
    cancelAnimationFrame(frame);
    follow();
    for (const { layerId } of lifted) if (document.layers.find(layerId)) document.setOverlay(layerId, null);
    useTransform.setState({ source: null, quad: null });
    setPendingAct(null);
    if (usePaint.getState().tool === 'transform') chooseTool('move');
  };
  const announceAct = (quad: Quad): void =>
    setPendingAct({
      name: 'Transform',
      outline: quad,
      handles: quadHandles(quad),
      onLeave: 'apply',
      cancel: drop,
      apply() {
        const { quad: last, sampling } = useTransform.getState();
        const changes: Change[] = [];
        for (const each of lifted) {
          const put = last && placing(each, source, last, sampling);
          if (put) changes.push(...placeChanges(document, each, put.bounds, put.at));
        }
        drop();
        if (changes.length > 0) session.record('Transform', changes);
      },
    });
  const quad = quadOf(source);
  useTransform.setState({ source, quad });
  announceAct(quad);
  return true;
}

function placing(
  lifted: Lifted,
  source: Rect,
  quad: Quad,
  sampling: Sampling,
): { bounds: Rect; at: ReturnType<typeof placeProjected> } | null {
  const map = projectiveOf(source, quad);
  const bounds = pixelsAround(quad);
  if (!map || bounds.width > LONGEST || bounds.height > LONGEST) return null;
  return { bounds, at: placeProjected(lifted, map, sampling) };
}
