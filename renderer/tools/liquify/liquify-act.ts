import { EngineError } from '../../engine/error.ts';
import { unionRect, type Rect } from '../../engine/geometry/rect.ts';
import { paintableLayer } from '../../engine/layers/paintable-layer.ts';
import { DisplacementField } from '../../engine/transform/displacement.ts';
import { liftMask } from '../../engine/transform/lift-mask.ts';
import { liftPixels, type Lifted } from '../../engine/transform/lift.ts';
import { placeChanges, placeOverlay, type Placing } from '../../engine/transform/put-down.ts';
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

/** A layer's pixels, and its mask where it is linked; null where there are no pixels (why has been said). */
function lift(session: DocumentSession, layerId: string): readonly Lifted[] | null {
  const { document } = session;
  try {
    const { record } = paintableLayer(document, layerId);
    const pixels = liftPixels(document, layerId, null);
    if (pixels) {
      const mask = record.mask?.linked === true ? liftMask(document, layerId, null) : null;
      return mask ? [pixels, mask] : [pixels];
    }
    tell({
      level: 'info',
      message: 'There is nothing here to liquify: this layer has no pixels.',
      remedy: '',
    });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    explainRefusal(session, layerId, error);
  }
  return null;
}

/** The act in hand, or a new one on the active layer; null where that cannot be (why has been said). */
export function liquifyAct(session: DocumentSession): LiquifyAct | null {
  if (current?.session === session && current.layerId === session.activeLayerId) return current;
  const layerId = session.activeLayerId;
  if (layerId === null) return null;
  const { document } = session;
  const lifted = lift(session, layerId);
  if (!lifted) return null;
  const bounds: Rect = lifted.reduce((all, { rect }) => unionRect(all, rect), document.canvas);
  const field = new DisplacementField(bounds);
  const placing =
    ({ pixels, rect }: Lifted, sampling: Sampling): Placing =>
    (to) =>
      resampleBack(pixels, rect, field.back(), to, sampling);
  const act: LiquifyAct = {
    session,
    layerId,
    field,
    show(sampling) {
      for (const each of lifted)
        document.setOverlay(
          layerId,
          placeOverlay(document, each, bounds, placing(each, sampling)),
          each.plane,
        );
    },
  };
  const drop = (): void => {
    current = null;
    setPendingAct(null);
    if (!document.layers.find(layerId)) return;
    for (const { plane } of lifted) document.setOverlay(layerId, null, plane);
  };
  setPendingAct({
    name: 'Liquify',
    outline: [],
    handles: [],
    onLeave: 'apply',
    cancel: drop,
    apply() {
      const changes = lifted.flatMap((each) =>
        placeChanges(document, each, bounds, placing(each, 'bicubic')),
      );
      drop();
      if (changes.length > 0) session.record('Liquify', changes);
    },
  });
  current = act;
  return act;
}
