import { useView } from '../canvas/view-store.ts';
import type { Guide } from '../engine/aids/aids.ts';
import { snapPoint, snapRect, type Snapped, type SnapTargets, snapTargets } from '../engine/aids/snap.ts';
import { EMPTY_RECT, intersectRect, isEmptyRect, type Rect } from '../engine/geometry/rect.ts';
import { holdsPixels } from '../engine/layers/layer-record.ts';
import { usedBounds } from '../engine/tiles/used-bounds.ts';
import { clearSnapLines, useAidSettings, useSnapLines } from '../state/aid-store.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import type { BeginDrag, ToolDrag, ToolPoint } from './tool.ts';

/** How near counts, in CSS px. */
const REACH = 8;
/** Layers whose edges count at most: those nearest to the top. */
const MOST_LAYERS = 40;
/** Milliseconds that looking for them may take when a drag begins; what was found is known the next time. */
const BUDGET = 8;

/** Edges of what is seen of every layer, but for those that move: what lies beyond the canvas is not. */
function layerRects({ document }: DocumentSession, moving: readonly string[]): Rect[] {
  const until = performance.now() + BUDGET;
  return [...document.layers.all()]
    .filter(({ record }) => record.visible && holdsPixels(record.kind) && !moving.includes(record.id))
    .slice(-MOST_LAYERS)
    .toReversed()
    .map(({ tiles }) => (performance.now() < until ? usedBounds(tiles) : EMPTY_RECT))
    .map((rect) => intersectRect(rect, document.canvas))
    .filter((rect) => !isEmptyRect(rect));
}

/**
 * What one drag comes to rest on: guides, grid, edges and middles of canvas and layers, as the View menu says. Ctrl held
 * suspends it. The lines are gathered once, when the drag begins.
 */
export class Snapping {
  readonly #targets: SnapTargets | null;

  /**
   * @param moving layers that are dragged along: they are no target.
   * @param guides those that stand still; all unless told.
   */
  constructor(
    session: DocumentSession,
    moving: readonly string[] = [],
    guides: readonly Guide[] = session.aids.now.guides,
  ) {
    const settings = useAidSettings.getState();
    const canvas = settings.snapToCanvas ? [session.document.canvas] : [];
    const layers = settings.snaps && settings.snapToLayers ? layerRects(session, moving) : [];
    this.#targets = settings.snaps
      ? snapTargets({
          aids: { ...session.aids.now, guides },
          guides: settings.snapToGuides && settings.guidesShown,
          grid: settings.snapToGrid && settings.gridShown,
          rects: [...canvas, ...layers],
        })
      : null;
  }

  /** The same reading where it rests. */
  point(point: ToolPoint): ToolPoint {
    const { dx, dy } = this.#rest(point, (targets, reach) => snapPoint(point, targets, reach));
    return dx === 0 && dy === 0 ? point : { ...point, x: point.x + dx, y: point.y + dy };
  }

  /**
   * Where edges rest.
   * @param x of a vertical edge in document pixels, null where none is dragged; y likewise.
   * @returns null for an edge that no line is near to.
   */
  edges(
    x: number | null,
    y: number | null,
    point: ToolPoint,
  ): { readonly x: number | null; readonly y: number | null } {
    const found = this.#rest(point, (targets, reach) => {
      const near = snapPoint({ x: x ?? 0, y: y ?? 0 }, targets, reach);
      return {
        dx: x === null ? 0 : near.dx,
        dy: y === null ? 0 : near.dy,
        x: x === null ? null : near.x,
        y: y === null ? null : near.y,
      };
    });
    return { x: found.x, y: found.y };
  }

  /** How far a rectangle has to move on to rest by an edge or its middle. */
  rect(rect: Rect, point: ToolPoint): Snapped {
    return this.#rest(point, (targets, reach) => snapRect(rect, targets, reach));
  }

  /** Nothing rests any more. */
  stop(): void {
    clearSnapLines();
  }

  #rest(point: ToolPoint, find: (targets: SnapTargets, reach: number) => Snapped): Snapped {
    const { view, scale } = useView.getState();
    const rest =
      this.#targets && point.command !== true
        ? find(this.#targets, (REACH * scale) / view.zoom)
        : { dx: 0, dy: 0, x: null, y: null };
    useSnapLines.setState({ x: rest.x, y: rest.y });
    return rest;
  }
}

/** A drag whose beginning and end come to rest on lines. */
export function snapped(begin: BeginDrag): BeginDrag {
  return (host, start) => {
    const snapping = new Snapping(host.session);
    const drag = begin(host, snapping.point(start));
    if (!drag) snapping.stop();
    return drag && stopping(drag, snapping, (points) => points.map((point) => snapping.point(point)));
  };
}

/** Takes the lines away when a drag ends. */
function stopping(
  drag: ToolDrag,
  snapping: Snapping,
  lead: (points: readonly ToolPoint[]) => readonly ToolPoint[],
): ToolDrag {
  return {
    move: (points) => drag.move(lead(points)),
    end() {
      snapping.stop();
      return drag.end();
    },
    cancel() {
      snapping.stop();
      drag.cancel();
    },
  };
}
