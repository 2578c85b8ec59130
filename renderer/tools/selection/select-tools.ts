import type { Rect } from '../../engine/geometry/rect.ts';
import type { SelectionMode } from '../../engine/selection/combine.ts';
import { selectEllipse, selectPolygon, selectRectangle } from '../../engine/selection/shapes.ts';
import { selectLike } from '../../engine/selection/wand.ts';
import { usePaint } from '../../state/paint-store.ts';
import type { BeginDrag, ToolPoint } from '../tool.ts';

/** Corners of the polygon that stands for an ellipse while it is drawn. */
const ELLIPSE_CORNERS = 64;
/** A drag shorter than this, in document pixels, is a click: it deselects. */
const CLICK = 2;

/** Shift adds, Alt subtracts, both intersect. */
function modeOf({ straight, alternate }: ToolPoint): SelectionMode {
  if (straight && alternate) return 'intersect';
  if (alternate) return 'subtract';
  return straight ? 'add' : 'replace';
}

function rectBetween(a: ToolPoint, b: ToolPoint): Rect {
  const x = Math.round(Math.min(a.x, b.x));
  const y = Math.round(Math.min(a.y, b.y));
  return { x, y, width: Math.round(Math.max(a.x, b.x)) - x, height: Math.round(Math.max(a.y, b.y)) - y };
}

/** Selects a rectangle or the ellipse in it. */
export function beginShape(shape: 'rectangle' | 'ellipse'): BeginDrag {
  return ({ session }, start) => {
    const { selection, document } = session;
    const mode = modeOf(start);
    let rect = rectBetween(start, start);
    return {
      move(points) {
        rect = rectBetween(start, points.at(-1) ?? start);
        selection.sketch(shape === 'rectangle' ? corners(rect) : roundCorners(rect));
      },
      end() {
        selection.sketch([]);
        if (rect.width < CLICK || rect.height < CLICK) {
          if (mode === 'replace') selection.set(null);
          return;
        }
        const make = shape === 'rectangle' ? selectRectangle : selectEllipse;
        selection.join(make(rect, document.canvas), mode);
      },
      cancel: () => selection.sketch([]),
    };
  };
}

function corners({ x, y, width, height }: Rect): { x: number; y: number }[] {
  return [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ];
}

function roundCorners({ x, y, width, height }: Rect): { x: number; y: number }[] {
  return Array.from({ length: ELLIPSE_CORNERS }, (_, i) => {
    const angle = (i / ELLIPSE_CORNERS) * 2 * Math.PI;
    return {
      x: x + (width / 2) * (1 + Math.cos(angle)),
      y: y + (height / 2) * (1 + Math.sin(angle)),
    };
  });
}

/** Selects what a freely drawn line encloses. */
export const beginLasso: BeginDrag = ({ session }, start) => {
  const { selection, document } = session;
  const mode = modeOf(start);
  const line = [{ x: start.x, y: start.y }];
  return {
    move(points) {
      for (const { x, y } of points) line.push({ x, y });
      selection.sketch([...line]);
    },
    end() {
      selection.sketch([]);
      const mask = selectPolygon(line, document.canvas);
      if (mask.rect.width >= CLICK && mask.rect.height >= CLICK) selection.join(mask, mode);
      else if (mode === 'replace') selection.set(null);
    },
    cancel: () => selection.sketch([]),
  };
};

/** Selects what looks like the place that was pointed at, in the visible picture. */
export const beginWand: BeginDrag = ({ session, readVisible }, start) => {
  const { selection, document } = session;
  const { tolerance, contiguous } = usePaint.getState().wand;
  const seed = { x: Math.floor(start.x), y: Math.floor(start.y) };
  const { canvas } = document;
  if (seed.x < 0 || seed.y < 0 || seed.x >= canvas.width || seed.y >= canvas.height) {
    selection.set(null);
    return null;
  }
  const mask = selectLike(readVisible(canvas), canvas, seed, { tolerance, contiguous, closeGaps: 0 });
  selection.join(mask, modeOf(start));
  return null;
};
