import { intersectRect, type Rect } from '../../engine/geometry/rect.ts';
import type { SelectionMask } from '../../engine/selection/selection-mask.ts';
import { useView } from '../../canvas/view-store.ts';
import { usePaint } from '../../state/paint-store.ts';
import { useTools } from '../../state/tool-store.ts';
import { Snapping } from '../snapping.ts';
import type { BeginDrag } from '../tool.ts';

/** From this value on a pixel counts as inside. */
const HALF = 128;
/** A press that moves less than this, in CSS px, is a click. */
const STILL = 3;

/** What of a selection lies on the canvas. */
export function onCanvas(mask: SelectionMask, canvas: Rect): SelectionMask {
  const rect = intersectRect(mask.rect, canvas);
  const inside = rect.width === mask.rect.width && rect.height === mask.rect.height;
  return inside ? mask : mask.within(rect);
}

/**
 * A selecting tool with which a drag that begins inside the selection moves its outline, unless a key or the options say
 * how a new selection joins it. A click there is the tool's own.
 */
export function movingSelection(begin: BeginDrag): BeginDrag {
  return (host, start) => {
    const { session } = host;
    const { selection, document } = session;
    const { mask } = selection;
    const polygon = usePaint.getState().tool === 'lasso' && useTools.getState().select.lasso === 'polygon';
    const joins = useTools.getState().select.mode !== 'replace' || start.straight || start.alternate;
    const inside = mask !== null && mask.at(Math.floor(start.x), Math.floor(start.y)) >= HALF;
    if (!mask || joins || polygon || !inside) return begin(host, start);
    const snapping = new Snapping(session);
    const bounds = mask.bounds();
    let shift = { dx: 0, dy: 0 };
    let moved = false;
    let frame = 0;
    const stop = (): void => {
      cancelAnimationFrame(frame);
      snapping.stop();
    };
    return {
      move(points) {
        const point = points.at(-1);
        if (!point) return;
        const { scale } = useView.getState();
        moved ||= Math.hypot(point.screenX - start.screenX, point.screenY - start.screenY) > STILL * scale;
        if (!moved) return;
        const free = { dx: Math.round(point.x - start.x), dy: Math.round(point.y - start.y) };
        const rest = snapping.rect({ ...bounds, x: bounds.x + free.dx, y: bounds.y + free.dy }, point);
        shift = { dx: Math.round(free.dx + rest.dx), dy: Math.round(free.dy + rest.dy) };
        frame ||= requestAnimationFrame(() => {
          frame = 0;
          selection.preview(mask.shifted(shift.dx, shift.dy));
        });
      },
      end() {
        stop();
        if (moved) {
          selection.preview(mask);
          selection.set(onCanvas(mask.shifted(shift.dx, shift.dy), document.canvas), 'Move selection');
        } else void begin(host, start)?.end();
      },
      cancel() {
        stop();
        selection.preview(mask);
      },
    };
  };
}
