import { EngineError } from '../../engine/error.ts';
import { fillChanges } from '../../engine/fill/paint-mask.ts';
import { combineSelections } from '../../engine/selection/combine.ts';
import { parseColour } from '../../state/colour.ts';
import { noteColourUsed, usePaint } from '../../state/paint-store.ts';
import { tell } from '../../state/status-store.ts';
import { useTools } from '../../state/tool-store.ts';
import { explainRefusal } from '../brush/explain.ts';
import { findLike } from '../selection/find-like.ts';
import type { BeginDrag } from '../tool.ts';

/** Fills what looks like the place that was pointed at, within the selection, with the colour in hand. */
export const beginFill: BeginDrag = (host, point) => {
  const { session } = host;
  const layerId = session.activeLayerId;
  if (layerId === null) return null;
  const { foreground, wand } = usePaint.getState();
  try {
    const like = findLike(host, point, {
      closeGaps: wand.closeGaps,
      expand: useTools.getState().bucket.expand,
      soft: false,
    });
    if (!like) return null;
    const { mask } = session.selection;
    const area = mask ? combineSelections(like, mask, 'intersect') : like;
    const changes = fillChanges(
      session.document,
      layerId,
      area,
      parseColour(foreground),
      1,
      session.activePlane,
    );
    if (changes.length > 0) {
      session.record('Fill', changes);
      noteColourUsed(foreground);
    } else {
      tell({
        level: 'info',
        message: mask
          ? 'Nothing was filled: this place is outside the selection, or has this colour already.'
          : 'Nothing was filled: this place has this colour already.',
        remedy: '',
      });
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    explainRefusal(session, layerId, error);
  }
  return null;
};
