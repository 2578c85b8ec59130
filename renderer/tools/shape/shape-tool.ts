import type { Change } from '../../engine/changes.ts';
import { EngineError } from '../../engine/error.ts';
import { fillChanges } from '../../engine/fill/paint-mask.ts';
import { combineSelections } from '../../engine/selection/combine.ts';
import { outlineMask } from '../../engine/selection/outline-mask.ts';
import type { SelectionMask } from '../../engine/selection/selection-mask.ts';
import { selectPolygon } from '../../engine/selection/shapes.ts';
import type { Point } from '../../engine/transform/affine.ts';
import { parseColour } from '../../state/colour.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { LiveEdit } from '../../state/document/live-edit.ts';
import { noteColourUsed, usePaint } from '../../state/paint-store.ts';
import { tell } from '../../state/status-store.ts';
import { type ShapeKind, useTools } from '../../state/tool-store.ts';
import { explainRefusal } from '../brush/explain.ts';
import type { BeginDrag, ToolPoint } from '../tool.ts';
import { boxOf, lineEnd, shapePoints } from './shape-points.ts';

const NAMES: Record<ShapeKind, string> = {
  line: 'Line',
  rectangle: 'Rectangle',
  ellipse: 'Ellipse',
  polygon: 'Polygon',
  star: 'Star',
};

/** A drag shorter than this, in document pixels, draws nothing. */
const SHORTEST = 1;

function pointsOf(start: ToolPoint, end: ToolPoint): Point[] {
  const { shape } = useTools.getState();
  if (shape.kind === 'line') return [start, lineEnd(start, end, end.straight)];
  return shapePoints(shape, boxOf(start, end, end.straight, end.alternate));
}

/** Paints in order; each is laid over what the one before left. */
function drawShape(session: DocumentSession, layerId: string, points: readonly Point[]): Change[][] {
  const { document } = session;
  const { kind, fill, stroke, lineWidth } = useTools.getState().shape;
  const { foreground, background } = usePaint.getState();
  const within = (mask: SelectionMask): SelectionMask =>
    session.selection.mask ? combineSelections(mask, session.selection.mask, 'intersect') : mask;
  const lined = kind === 'line' || stroke;
  const parts: { mask: SelectionMask; colour: string }[] = [];
  // With both, the outline has the colour in hand and the inside the other one.
  if (kind !== 'line' && fill)
    parts.push({ mask: selectPolygon(points, document.canvas), colour: stroke ? background : foreground });
  if (lined)
    parts.push({
      mask: outlineMask(points, kind !== 'line', lineWidth, document.canvas),
      colour: foreground,
    });
  const undo: Change[][] = [];
  const made: Change[][] = [];
  try {
    for (const { mask, colour } of parts) {
      const changes = fillChanges(
        document,
        layerId,
        within(mask),
        parseColour(colour),
        1,
        session.activePlane,
      );
      made.push(changes);
      undo.push(document.apply(changes));
    }
  } finally {
    for (const back of undo.toReversed()) document.apply(back);
  }
  return made;
}

/** Draws a line, a rectangle, an ellipse, a polygon or a star: seen while it is dragged, one step of history. */
export const beginShapeDrawing: BeginDrag = ({ session }, start) => {
  const layerId = session.activeLayerId;
  if (layerId === null) return null;
  const { kind, fill, stroke } = useTools.getState().shape;
  if (kind !== 'line' && !fill && !stroke) {
    tell({ level: 'info', message: 'Nothing would be drawn: switch Fill or Outline on.', remedy: '' });
    return null;
  }
  const edit = new LiveEdit(session, NAMES[kind]);
  let end = start;
  let frame = 0;
  let drawn = false;
  const show = (): boolean => {
    frame = 0;
    edit.cancel();
    try {
      const changes = drawShape(session, layerId, pointsOf(start, end)).flat();
      drawn = changes.length > 0;
      if (drawn) edit.show(changes);
      return true;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      explainRefusal(session, layerId, error);
      return false;
    }
  };
  if (!show()) return null;
  return {
    move(points) {
      end = points.at(-1) ?? end;
      frame ||= requestAnimationFrame(show);
    },
    end() {
      cancelAnimationFrame(frame);
      if (Math.hypot(end.x - start.x, end.y - start.y) < SHORTEST) {
        edit.cancel();
        tell({ level: 'info', message: 'Drag to say how large the shape is.', remedy: '' });
        return;
      }
      if (!show()) return;
      edit.keep();
      if (drawn) noteColourUsed(usePaint.getState().foreground);
      else
        tell({
          level: 'info',
          message: session.selection.mask
            ? 'The shape changed nothing: it is outside the selection, or its colour is there already.'
            : 'The shape changed nothing: it is outside the canvas, on locked transparency, or its colour is there already.',
          remedy: '',
        });
    },
    cancel() {
      cancelAnimationFrame(frame);
      edit.cancel();
    },
  };
};
