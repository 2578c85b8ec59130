import { selectPolygon } from '../../engine/selection/shapes.ts';
import type { SelectionMode } from '../../engine/selection/combine.ts';
import { useView } from '../../canvas/view-store.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import type { BeginDrag, ToolPoint } from '../tool.ts';
import { joinSelection, modeOf } from './selection-mode.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A click nearer than this to the first corner closes the line, in CSS px. */
const REACH = 10;

/** The corners that were set so far. */
let drawn: {
  readonly session: DocumentSession;
  readonly mode: SelectionMode;
  readonly corners: readonly Point[];
  readonly stop: () => void;
} | null = null;

function begin(session: DocumentSession, mode: SelectionMode): NonNullable<typeof drawn> {
  const abort = new AbortController();
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Enter') close();
      else if (event.key === 'Escape') drop();
      else if (event.key === 'Backspace') takeBack();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    { signal: abort.signal, capture: true },
  );
  return { session, mode, corners: [], stop: () => abort.abort() };
}

/** Selects what the corners enclose. */
function close(): void {
  if (!drawn) return;
  const { session, mode, corners } = drawn;
  drop();
  if (corners.length > 2)
    joinSelection(session, selectPolygon(corners, session.document.canvas), mode, 'Polygonal lasso');
}

/** Forgets the corners. */
function drop(): void {
  drawn?.stop();
  drawn?.session.selection.sketch([]);
  drawn = null;
}

function takeBack(): void {
  if (!drawn) return;
  const corners = drawn.corners.slice(0, -1);
  if (corners.length === 0) {
    drop();
    return;
  }
  drawn = { ...drawn, corners };
  drawn.session.selection.sketch(corners);
}

/**
 * Selects by straight sides: each press sets a corner, a press on the first one or Enter closes the line, Backspace takes
 * the last corner back, Esc drops it all.
 */
export const beginPolygon: BeginDrag = ({ session }, start) => {
  if (drawn && drawn.session !== session) drop();
  drawn ??= begin(session, modeOf(start));
  const { scale, view } = useView.getState();
  const reach = (REACH * scale) / view.zoom;
  const [first] = drawn.corners;
  if (first && drawn.corners.length > 2 && Math.hypot(first.x - start.x, first.y - start.y) <= reach) {
    close();
    return null;
  }
  const before = drawn.corners;
  const place = (point: ToolPoint): void => {
    if (!drawn) return;
    drawn = { ...drawn, corners: [...before, { x: point.x, y: point.y }] };
    session.selection.sketch(drawn.corners);
  };
  place(start);
  return {
    move(points) {
      const last = points.at(-1);
      if (last) place(last);
    },
    end: () => undefined,
    cancel: drop,
  };
};
