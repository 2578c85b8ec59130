import type { Rect } from '../../engine/geometry/rect.ts';
import { quadOf } from '../../engine/transform/projective.ts';
import { selectEllipse, selectPolygon, selectRectangle } from '../../engine/selection/shapes.ts';
import { useTools } from '../../state/tool-store.ts';
import type { BeginDrag } from '../tool.ts';
import { constrainedRect } from './constrain.ts';
import { findLike } from './find-like.ts';
import { beginPolygon } from './polygon-lasso.ts';
import { joinSelection, modeOf } from './selection-mode.ts';

/** Corners of the polygon that stands for an ellipse while it is drawn. */
const ELLIPSE_CORNERS = 64;
/** A drag shorter than this, in document pixels, is a click: it deselects. */
const CLICK = 2;
const LABELS = { rectangle: 'Rectangular selection', ellipse: 'Elliptical selection' } as const;

/** Selects a rectangle or the ellipse in it. */
export function beginShape(shape: 'rectangle' | 'ellipse'): BeginDrag {
  return ({ session }, start) => {
    const { selection, document } = session;
    const mode = modeOf(start);
    const { select } = useTools.getState();
    let rect = constrainedRect(start, start, select);
    return {
      move(points) {
        rect = constrainedRect(start, points.at(-1) ?? start, select);
        selection.sketch(shape === 'rectangle' ? quadOf(rect) : roundCorners(rect));
      },
      end() {
        selection.sketch([]);
        if (rect.width < CLICK || rect.height < CLICK) {
          if (mode === 'replace') selection.set(null, 'Deselect');
          return;
        }
        const make = shape === 'rectangle' ? selectRectangle : selectEllipse;
        joinSelection(session, make(rect, document.canvas), mode, LABELS[shape]);
      },
      cancel: () => selection.sketch([]),
    };
  };
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

/** Selects what a freely drawn line, or one of straight sides, encloses. */
export const beginLasso: BeginDrag = (host, start) => {
  const { session } = host;
  if (useTools.getState().select.lasso === 'polygon') return beginPolygon(host, start);
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
      if (mask.rect.width >= CLICK && mask.rect.height >= CLICK) joinSelection(session, mask, mode, 'Lasso');
      else if (mode === 'replace') selection.set(null, 'Deselect');
    },
    cancel: () => selection.sketch([]),
  };
};

/** Selects what looks like the place that was pointed at. */
export const beginWand: BeginDrag = (host, start) => {
  const { like } = useTools.getState();
  const mask = findLike(host, start, {
    closeGaps: 0,
    expand: like.expand,
    soft: like.softRange,
  });
  if (mask) joinSelection(host.session, mask, modeOf(start), 'Magic wand');
  else host.session.selection.set(null, 'Deselect');
  return null;
};
