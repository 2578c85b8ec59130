import { isInside } from '../../engine/transform/projective.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { pendingAct } from '../../state/pending-act.ts';
import { useText } from '../../state/text-store.ts';
import type { BeginDrag, ToolPoint } from '../tool.ts';
import { figureOf } from './draw-text.ts';
import { editText, moveText, startText } from './text-act.ts';

/** The topmost visible text under a point. */
function textAt({ document }: DocumentSession, point: ToolPoint): string | null {
  const hit = [...document.layers.all()].findLast(
    ({ record }) => record.text && record.visible && isInside(figureOf(record.text), point),
  );
  return hit?.record.id ?? null;
}

/**
 * A press on text takes it up, on what is being written and dragged moves it, elsewhere begins new text, or ends what is
 * being written. All of it happens when the pointer lifts, so that nothing opens under a nib.
 */
export const beginText: BeginDrag = ({ session }, start) => {
  const { edit } = useText.getState();
  if (edit && isInside(figureOf(edit.text), start)) {
    const { place } = edit.text;
    return {
      move(points) {
        const last = points.at(-1);
        if (last) moveText(place, Math.round(last.x - start.x), Math.round(last.y - start.y));
      },
      end() {},
      cancel: () => moveText(place, 0, 0),
    };
  }
  return {
    move() {},
    end() {
      const written = edit !== null && edit.text.text.trim() !== '';
      pendingAct.getState().act?.apply();
      const hit = textAt(session, start);
      if (hit !== null) editText(session, hit);
      else if (!written) startText(session, start);
    },
    cancel() {},
  };
};
