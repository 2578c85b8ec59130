import { type Guide, MOST_GUIDES } from '../../engine/aids/aids.ts';
import { RULER_WIDTH } from '../../canvas/rulers.ts';
import { useView } from '../../canvas/view-store.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { useAidSettings } from '../../state/aid-store.ts';
import { tell } from '../../state/status-store.ts';
import { Snapping } from '../snapping.ts';
import type { ToolDrag, ToolPoint } from '../tool.ts';

/** How near to a guide counts, in CSS px. */
const REACH = 5;

/** Which guide a pointer at this place would take hold of; -1 for none, also where guides are hidden or locked. */
export function guideAt({ aids }: DocumentSession, point: ToolPoint): number {
  const { guides, locked } = aids.now;
  if (locked || !useAidSettings.getState().guidesShown) return -1;
  const { view, scale } = useView.getState();
  const reach = (REACH * scale) / view.zoom;
  const distances = guides.map(({ direction, position }) =>
    Math.abs((direction === 'vertical' ? point.x : point.y) - position),
  );
  const nearest = Math.min(...distances);
  return nearest <= reach ? distances.indexOf(nearest) : -1;
}

/** True over the rulers and beyond the canvas' edges: a guide that is left there goes away. */
function isOffCanvas({ screenX, screenY }: ToolPoint): boolean {
  const { screenWidth, screenHeight, scale } = useView.getState();
  const edge = useAidSettings.getState().rulersShown ? RULER_WIDTH * scale : 0;
  return screenX < edge || screenY < edge || screenX > screenWidth || screenY > screenHeight;
}

/**
 * Drags a guide, a new one for index -1: it rests on whole pixels, or on what is snapped to. Left off the canvas it is
 * removed.
 * @returns null where there are too many.
 */
export function dragGuide(
  session: DocumentSession,
  index: number,
  direction: Guide['direction'],
): ToolDrag | null {
  const { aids } = session;
  const before = aids.now.guides;
  if (index < 0 && before.length >= MOST_GUIDES) {
    tell({ level: 'info', message: `A document has at most ${MOST_GUIDES} guides.`, remedy: 'Remove some.' });
    return null;
  }
  const others = before.filter((_, at) => at !== index);
  const snapping = new Snapping(session, [], others);
  let now: Guide | null = before[index] ?? null;
  const list = (): readonly Guide[] => {
    if (!now) return others;
    return index < 0 ? [...before, now] : before.with(index, now);
  };
  return {
    move(points) {
      const point = points.at(-1);
      if (!point) return;
      const { x, y } = snapping.point(point);
      const [free, rested] = direction === 'vertical' ? [point.x, x] : [point.y, y];
      const position = rested === free ? Math.round(free) : rested;
      now = isOffCanvas(point) ? null : { direction, position };
      aids.sketch({ guides: list() });
    },
    end() {
      snapping.stop();
      const label = index < 0 ? 'Add guide' : now ? 'Move guide' : 'Remove guide';
      aids.set(label, { guides: list() });
    },
    cancel() {
      snapping.stop();
      aids.cancel();
    },
  };
}
