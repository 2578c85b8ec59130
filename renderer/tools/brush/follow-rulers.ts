import { RulerFollower } from '../../engine/aids/follow-ruler.ts';
import { useView } from '../../canvas/view-store.ts';
import { useAidSettings } from '../../state/aid-store.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import type { ToolDrag, ToolPoint } from '../tool.ts';

/** How near to a line ruler a stroke has to begin, and how far it goes before it chooses a line of a perspective; CSS px. */
const REACH = { line: 32, decide: 6 };

/** What leads a stroke that begins here along drawing rulers; null where none does, they are hidden, or Ctrl is held. */
export function followRulers(session: DocumentSession, start: ToolPoint): RulerFollower<ToolPoint> | null {
  if (!useAidSettings.getState().drawingRulers || start.command === true) return null;
  const { view, scale } = useView.getState();
  const pixels = scale / view.zoom;
  return RulerFollower.begin(session.aids.now.rulers, start, {
    line: REACH.line * pixels,
    decide: REACH.decide * pixels,
  });
}

/** The same drag with its readings led along rulers. */
export function led(drag: ToolDrag, follower: RulerFollower<ToolPoint> | null): ToolDrag {
  if (!follower) return drag;
  return {
    move(points, predicted = []) {
      const onLine = follower.lead(points);
      // What is expected before the line is known would be drawn beside it.
      if (onLine.length > 0) drag.move(onLine, follower.lead(predicted));
    },
    end: () => drag.end(),
    cancel: () => drag.cancel(),
  };
}
