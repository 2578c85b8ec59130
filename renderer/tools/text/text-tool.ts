import { useView } from '../../canvas/view-store.ts';
import { quadOf, isInside } from '../../engine/transform/projective.ts';
import { pixelsAround } from '../../engine/transform/pixels-around.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { pendingAct, setPendingAct } from '../../state/pending-act.ts';
import { type TextEdit, useText } from '../../state/text-store.ts';
import { Snapping } from '../snapping.ts';
import type { BeginDrag, ToolDrag, ToolPoint } from '../tool.ts';
import { quadGripAt, quadHandles } from '../transform/drag-quad.ts';
import { figureOf } from './draw-text.ts';
import { resizeBox } from './resize-box.ts';
import { changeText, editText, moveText, startText } from './text-act.ts';

/** How near to a handle counts, in CSS px. */
const REACH = 12;
/** A press that moves less, in CSS px, is no drag. */
const STILL = 6;
/** Least edge of a box that is drawn, in document pixels. */
const LEAST = 8;

/** The topmost visible text under a point. */
function textAt({ document }: DocumentSession, point: ToolPoint): string | null {
  const hit = [...document.layers.all()].findLast(
    ({ record }) => record.text && record.visible && isInside(figureOf(record.text), point),
  );
  return hit?.record.id ?? null;
}

/** Moves what is being written, or drags an edge of its box; null where the pointer has hold of neither. */
function dragWritten(
  session: DocumentSession,
  { layerId, text }: TextEdit,
  start: ToolPoint,
): ToolDrag | null {
  const figure = figureOf(text);
  const { view, scale } = useView.getState();
  const grip = text.box ? quadGripAt(figure, start, (REACH * scale) / view.zoom) : null;
  const handle = grip?.kind === 'corner' ? grip.index : grip?.kind === 'side' ? grip.index + 4 : null;
  if (handle === null && !isInside(figure, start)) return null;
  const snapping = new Snapping(session, [layerId]);
  const at = handle === null ? null : quadHandles(figure)[handle];
  const drag = (last: ToolPoint): void => {
    const dx = Math.round(last.x - start.x);
    const dy = Math.round(last.y - start.y);
    if (handle !== null && at) {
      const to = snapping.point({ ...last, x: at.x + dx, y: at.y + dy });
      changeText(resizeBox(text, handle, to));
      return;
    }
    const around = pixelsAround(figure.map(({ x, y }) => ({ x: x + dx, y: y + dy })));
    const rest = snapping.rect(around, last);
    moveText(text.place, dx + rest.dx, dy + rest.dy);
  };
  return {
    move(points) {
      const last = points.at(-1);
      if (last) drag(last);
    },
    end: () => snapping.stop(),
    cancel() {
      snapping.stop();
      changeText({ place: text.place, box: text.box });
    },
  };
}

/** Shows the box that is drawn. */
function showBox(start: ToolPoint, end: ToolPoint): void {
  const nothing = (): void => setPendingAct(null);
  const box = { x: start.x, y: start.y, width: end.x - start.x, height: end.y - start.y };
  setPendingAct({
    name: 'Text box',
    outline: quadOf(box),
    handles: [],
    onLeave: 'cancel',
    apply: nothing,
    cancel: nothing,
  });
}

/**
 * A press on text takes it up, on what is being written and dragged moves it or an edge of its box, elsewhere begins new
 * text, or ends what is being written; a drag there draws the box of new text. All of it happens when the pointer lifts, so
 * that nothing opens under a nib.
 */
export const beginText: BeginDrag = ({ session }, start) => {
  const { edit } = useText.getState();
  const held = edit && dragWritten(session, edit, start);
  if (held) return held;
  const hit = textAt(session, start);
  const snapping = new Snapping(session);
  const from = snapping.point(start);
  let end: ToolPoint | null = null;
  const written = edit !== null && edit.text.text.trim() !== '';
  return {
    move(points) {
      const last = points.at(-1);
      const { scale } = useView.getState();
      if (!last || hit !== null) return;
      const moved = Math.hypot(last.screenX - start.screenX, last.screenY - start.screenY);
      if (!end && moved < STILL * scale) return;
      if (!end) pendingAct.getState().act?.apply();
      end = snapping.point(last);
      showBox(from, end);
    },
    end() {
      snapping.stop();
      pendingAct.getState().act?.apply();
      if (hit !== null) editText(session, hit);
      else if (end) {
        const width = Math.max(LEAST, Math.abs(Math.round(end.x - from.x)));
        const height = Math.max(LEAST, Math.abs(Math.round(end.y - from.y)));
        startText(session, { x: Math.min(from.x, end.x), y: Math.min(from.y, end.y) }, { width, height });
      } else if (!written) startText(session, from, null);
    },
    cancel() {
      snapping.stop();
      if (end) setPendingAct(null);
    },
  };
};
