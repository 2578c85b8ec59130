import { EngineError } from '../../engine/error.ts';
import { unionRect, type Rect } from '../../engine/geometry/rect.ts';
import { paintableLayer } from '../../engine/layers/paintable-layer.ts';
import { DisplacementField } from '../../engine/transform/displacement.ts';
import { liftPixels, type Lifted } from '../../engine/transform/lift.ts';
import { placeChanges, placeOverlay } from '../../engine/transform/put-down.ts';
import { resampleBack } from '../../engine/transform/resample-back.ts';
import type { Sampling } from '../../engine/transform/resample.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { setPendingAct } from '../../state/pending-act.ts';
import { tell } from '../../state/status-store.ts';
import { explainRefusal } from '../brush/explain.ts';

/** A layer that is being liquified: shown through its field, written once at the end. */
export interface LiquifyAct {
  readonly session: DocumentSession;
  readonly layerId: string;
  readonly field: DisplacementField;
  /** Draws again what has moved. */
  show(sampling: Sampling): void;
}

let current: LiquifyAct | null = null;

function lift(session: DocumentSession, layerId: string): Lifted | null {
  try {
    paintableLayer(session.document, layerId);
    const lifted = liftPixels(session.document, layerId, null);
    if (!lifted)
      tell({
        level: 'info',
        message: 'There is nothing here to liquify: this layer has no pixels.',
        remedy: '',
      });
    return lifted;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    explainRefusal(session, layerId, error);
    return null;
  }
}

/** The act in hand, or a new one on the active layer; null where that cannot be (why has been said). */
export function liquifyAct(session: DocumentSession): LiquifyAct | null {
  if (current?.session === session && current.layerId === session.activeLayerId) return current;
  const layerId = session.activeLayerId;
  if (layerId === null) return null;
  const { document } = session;
  const lifted = lift(session, layerId);
  if (!lifted) return null;
  const bounds: Rect = unionRect(document.canvas, lifted.rect);
  const field = new DisplacementField(bounds);
  const placing =
    (sampling: Sampling) =>
    (to: Rect): ReturnType<typeof resampleBack> =>
      resampleBack(lifted.pixels, lifted.rect, field.back(), to, sampling);
  const act: LiquifyAct = {
    session,
    layerId,
    field,
    show: (sampling) =>
      document.setOverlay(layerId, placeOverlay(document, lifted, bounds, placing(sampling))),
  };
  const drop = (): void => {
    current = null;
    setPendingAct(null);
    if (document.layers.find(layerId)) document.setOverlay(layerId, null);
  };
  setPendingAct({
    name: 'Liquify',
    outline: [],
    handles: [],
    onLeave: 'apply',
    cancel: drop,
    apply() {
      const changes = placeChanges(document, lifted, bounds, placing('bicubic'));
      drop();
      if (changes.length > 0) session.record('Liquify', changes);
    },
  });
  current = act;
  return act;
}
