import { type DrawingRuler, type RulerKind } from '../../engine/aids/aids.ts';
import { lineAt } from '../../engine/aids/follow-ruler.ts';
import type { Point } from '../../engine/transform/affine.ts';
import { useView } from '../../canvas/view-store.ts';
import { useTools } from '../../state/tool-store.ts';
import { useAidSettings } from '../../state/aid-store.ts';
import type { BeginDrag, ToolPoint } from '../tool.ts';

/** How near to a handle or a line counts, in CSS px. */
const REACH = 12;

/** What a ruler of each kind is called in the history list. */
const NAMES: Readonly<Record<RulerKind, string>> = {
  line: 'line ruler',
  'perspective-1': '1-point perspective',
  'perspective-2': '2-point perspective',
  'perspective-3': '3-point perspective',
};

/** The points of a new ruler that is dragged from one place to another; a third point stands below or above the middle. */
export function newPoints(kind: RulerKind, from: Point, to: Point): Point[] {
  const third = {
    x: (from.x + to.x) / 2,
    y: Math.max(from.y, to.y) + Math.hypot(to.x - from.x, to.y - from.y),
  };
  switch (kind) {
    case 'line':
    case 'perspective-2':
      return [from, to];
    case 'perspective-1':
      return [to];
    case 'perspective-3':
      return [from, to, third];
  }
}

/** Shift keeps a line at multiples of 15°, a horizon level. */
function steadied({ kind }: Pick<DrawingRuler, 'kind'>, from: Point, to: ToolPoint): Point {
  const { x, y, straight } = to;
  if (!straight) return { x, y };
  if (kind !== 'line') return { x, y: from.y };
  const length = Math.hypot(x - from.x, y - from.y);
  const angle = Math.round(Math.atan2(y - from.y, x - from.x) / (Math.PI / 12)) * (Math.PI / 12);
  return { x: from.x + length * Math.cos(angle), y: from.y + length * Math.sin(angle) };
}

/** Which handle a pointer takes hold of. */
function handleAt(
  rulers: readonly DrawingRuler[],
  point: Point,
  reach: number,
): { readonly ruler: number; readonly handle: number } | null {
  for (const [ruler, { points }] of rulers.entries()) {
    const handle = points.findIndex(({ x, y }) => Math.hypot(x - point.x, y - point.y) <= reach);
    if (handle >= 0) return { ruler, handle };
  }
  return null;
}

/** Moves the handles and lines of drawing rulers; a drag elsewhere makes a new one of the kind that is chosen. */
export const beginDrawingRuler: BeginDrag = ({ session }, start) => {
  const { aids } = session;
  const { rulers } = aids.now;
  useAidSettings.setState({ drawingRulers: true });
  const { view, scale } = useView.getState();
  const reach = (REACH * scale) / view.zoom;
  const grip = handleAt(rulers, start, reach);
  const body = grip ? -1 : rulers.findIndex((ruler) => lineAt([{ ...ruler, on: true }], start, reach));
  const kind = useTools.getState().drawingRuler.kind;
  const id = crypto.randomUUID();
  const origin = { x: start.x, y: start.y };
  const after = (to: ToolPoint): readonly DrawingRuler[] => {
    if (grip) {
      const ruler = rulers[grip.ruler] as DrawingRuler;
      const anchor = ruler.points[grip.handle === 0 ? 1 : 0] ?? origin;
      const points = ruler.points.with(grip.handle, steadied(ruler, anchor, to));
      return rulers.with(grip.ruler, { ...ruler, points });
    }
    const moved = rulers[body];
    if (moved) {
      const points = moved.points.map(({ x, y }) => ({ x: x + to.x - start.x, y: y + to.y - start.y }));
      return rulers.with(body, { ...moved, points });
    }
    return [
      ...rulers,
      { id, kind, points: newPoints(kind, origin, steadied({ kind }, origin, to)), on: true },
    ];
  };
  let last = start;
  const held = rulers[grip?.ruler ?? body];
  return {
    move(points) {
      last = points.at(-1) ?? last;
      aids.sketch({ rulers: after(last) });
    },
    end() {
      const moved = Math.hypot(last.screenX - start.screenX, last.screenY - start.screenY) > 3;
      const name = NAMES[held?.kind ?? kind];
      // A single vanishing point needs a place only; everything else a drag.
      if (moved || (!held && kind === 'perspective-1'))
        aids.set(held ? `Move ${name}` : `Add ${name}`, { rulers: after(last) });
      else aids.cancel();
    },
    cancel: () => aids.cancel(),
  };
};
