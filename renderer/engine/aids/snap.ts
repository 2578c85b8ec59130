import type { Rect } from '../geometry/rect.ts';
import type { Point } from '../transform/affine.ts';
import type { Aids } from './aids.ts';

/** Lines that what is dragged comes to rest on: single ones, and nets without end. */
export interface SnapTargets {
  readonly across: SnapAxis;
  readonly down: SnapAxis;
}

/** Of one axis: places of lines, and a net. */
interface SnapAxis {
  readonly places: readonly number[];
  /** Lines at `from + k * step`. */
  readonly net: { readonly from: number; readonly step: number } | null;
}

/** How far to move, and which line that rests on; null where none is near. */
interface Rest {
  readonly by: number;
  readonly line: number | null;
}

/** What targets are made of. */
export interface SnapSources {
  readonly aids: Aids;
  readonly guides: boolean;
  readonly grid: boolean;
  /** Rectangles whose edges and middles count: the canvas, layers. */
  readonly rects: readonly Rect[];
}

/** The lines that count. */
export function snapTargets({ aids, guides, grid, rects }: SnapSources): SnapTargets {
  const at = (direction: 'horizontal' | 'vertical'): number[] =>
    guides ? aids.guides.filter((each) => each.direction === direction).map(({ position }) => position) : [];
  const { width, height, subdivisions, x, y } = aids.grid;
  return {
    across: {
      places: [...at('vertical'), ...rects.flatMap((rect) => ends(rect.x, rect.width))],
      net: grid ? { from: x, step: width / subdivisions } : null,
    },
    down: {
      places: [...at('horizontal'), ...rects.flatMap((rect) => ends(rect.y, rect.height))],
      net: grid ? { from: y, step: height / subdivisions } : null,
    },
  };
}

function ends(from: number, length: number): number[] {
  return [from, from + length / 2, from + length];
}

/** The shortest way that brings one of these places onto a line. @param reach how far that may be. */
function rest(places: readonly number[], { places: lines, net }: SnapAxis, reach: number): Rest {
  let best: Rest = { by: 0, line: null };
  let nearest = reach;
  for (const place of places) {
    const netted = net ? [net.from + Math.round((place - net.from) / net.step) * net.step] : [];
    for (const line of [...lines, ...netted]) {
      const distance = Math.abs(line - place);
      // Of lines that are as near, a guide or an edge counts before the net.
      if (distance > nearest || (distance === nearest && best.line !== null)) continue;
      nearest = distance;
      best = { by: line - place, line };
    }
  }
  return best;
}

/** Where something comes to rest: how far it has to move, and the lines it rests on. */
export interface Snapped {
  readonly dx: number;
  readonly dy: number;
  /** Where a vertical, and where a horizontal line was met. */
  readonly x: number | null;
  readonly y: number | null;
}

/** How a point moves onto the lines within reach, each axis by itself. Lengths in document pixels. */
export function snapPoint(point: Point, targets: SnapTargets, reach: number): Snapped {
  const across = rest([point.x], targets.across, reach);
  const down = rest([point.y], targets.down, reach);
  return { dx: across.by, dy: down.by, x: across.line, y: down.line };
}

/** How a rectangle moves so that an edge or its middle rests on a line within reach. */
export function snapRect(rect: Rect, targets: SnapTargets, reach: number): Snapped {
  const across = rest(ends(rect.x, rect.width), targets.across, reach);
  const down = rest(ends(rect.y, rect.height), targets.down, reach);
  return { dx: across.by, dy: down.by, x: across.line, y: down.line };
}
