import { EngineError } from '../../engine/error.ts';
import { fillChanges } from '../../engine/fill/paint-mask.ts';
import { combineSelections } from '../../engine/selection/combine.ts';
import { selectLike } from '../../engine/selection/wand.ts';
import { parseColour } from '../../state/colour.ts';
import { noteColourUsed, usePaint } from '../../state/paint-store.ts';
import { tell } from '../../state/status-store.ts';
import { explainRefusal } from '../brush/explain.ts';
import type { BeginDrag } from '../tool.ts';

/** Fills what looks like the place that was pointed at, within the selection, with the colour in hand. */
export const beginFill: BeginDrag = ({ session, readVisible }, point) => {
  const layerId = session.activeLayerId;
  const { canvas } = session.document;
  const seed = { x: Math.floor(point.x), y: Math.floor(point.y) };
  if (layerId === null || seed.x < 0 || seed.y < 0 || seed.x >= canvas.width || seed.y >= canvas.height) {
    return null;
  }
  const { foreground, wand } = usePaint.getState();
  try {
    const like = selectLike(readVisible(canvas), canvas, seed, { ...wand, closeGaps: wand.closeGaps });
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
