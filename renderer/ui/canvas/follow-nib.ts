import { useView } from '../../canvas/view-store.ts';
import type { LivePainter } from '../../generation/live/live-painter.ts';
import { activeBrushKey, usePaint } from '../../state/paint-store.ts';
import type { ToolDrag, ToolPoint } from '../../tools/tool.ts';

/** CSS pixels around a pressed nib in which Live changes nothing. */
const LEAST_REACH = 64;

/** Tells Live where the pressed nib is while a drag goes on; the drag is otherwise as it was. */
export function followNib(live: LivePainter, drag: ToolDrag | null, start: ToolPoint): ToolDrag | null {
  if (!drag || !live.on) return drag;
  const tell = ({ x, y }: ToolPoint): void => {
    const { view, scale } = useView.getState();
    const paint = usePaint.getState();
    const { size } = paint[activeBrushKey(paint)];
    live.nibAt({ x, y, radius: Math.max((LEAST_REACH * scale) / view.zoom, 2 * size) });
  };
  tell(start);
  return {
    move(points) {
      const last = points.at(-1);
      if (last) tell(last);
      drag.move(points);
    },
    end: () => drag.end(),
    cancel: () => drag.cancel(),
  };
}
