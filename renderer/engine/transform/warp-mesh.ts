import type { Rect } from '../geometry/rect.ts';
import type { Point } from './affine.ts';

/** Most cells across or down. */
export const MOST_CELLS = 12;

/**
 * A grid of handles over a picture: `(columns + 1) × (rows + 1)` of them, row by row, each where the place of the picture
 * that it stood on shall be. Between them the picture follows Catmull-Rom patches (Catmull and Rom 1974, uniform), which
 * pass through every handle and keep straight what was moved, turned or stretched as a whole.
 */
export interface WarpMesh {
  readonly columns: number;
  readonly rows: number;
  readonly points: readonly Point[];
}

/** A mesh over a rectangle whose handles stand where `map` puts them. */
export function meshOver(
  rect: Rect,
  columns: number,
  rows: number,
  map: (point: Point) => Point = (point) => point,
): WarpMesh {
  const points: Point[] = [];
  for (let row = 0; row <= rows; row++) {
    for (let column = 0; column <= columns; column++) {
      points.push(
        map({ x: rect.x + (rect.width * column) / columns, y: rect.y + (rect.height * row) / rows }),
      );
    }
  }
  return { columns, rows, points };
}

/** A handle, or beyond the grid what would go on straight from the last two. */
function handle({ columns, rows, points }: WarpMesh, column: number, row: number, key: 'x' | 'y'): number {
  const at = (c: number, r: number): number => (points[r * (columns + 1) + c] as Point)[key];
  const along = (r: number): number => {
    if (column < 0) return 2 * at(0, r) - at(1, r);
    if (column > columns) return 2 * at(columns, r) - at(columns - 1, r);
    return at(column, r);
  };
  if (row < 0) return 2 * along(0) - along(1);
  if (row > rows) return 2 * along(rows) - along(rows - 1);
  return along(row);
}

function weights(t: number): readonly [number, number, number, number] {
  const s = 1 - t;
  return [-0.5 * t * s * s, 1 + t * t * (1.5 * t - 2.5), 1 + s * s * (1.5 * s - 2.5), -0.5 * s * t * t];
}

/**
 * Where a place of the picture goes.
 * @param u across, 0 … columns; v down, 0 … rows. A little beyond them the picture goes on as it came to its edge.
 */
export function meshPoint(mesh: WarpMesh, u: number, v: number): Point {
  const { columns, rows } = mesh;
  const within = { u: Math.min(columns, Math.max(0, u)), v: Math.min(rows, Math.max(0, v)) };
  if (within.u !== u || within.v !== v) {
    const edge = meshPoint(mesh, within.u, within.v);
    const inner = meshPoint(
      mesh,
      Math.min(columns, Math.max(0, 2 * within.u - u)),
      Math.min(rows, Math.max(0, 2 * within.v - v)),
    );
    return { x: 2 * edge.x - inner.x, y: 2 * edge.y - inner.y };
  }
  const column = Math.min(columns - 1, Math.floor(u));
  const row = Math.min(rows - 1, Math.floor(v));
  const across = weights(u - column);
  const down = weights(v - row);
  let x = 0;
  let y = 0;
  for (const [j, wy] of down.entries()) {
    for (const [i, wx] of across.entries()) {
      if (wx === 0 || wy === 0) continue;
      x += wx * wy * handle(mesh, column - 1 + i, row - 1 + j, 'x');
      y += wx * wy * handle(mesh, column - 1 + i, row - 1 + j, 'y');
    }
  }
  return { x, y };
}

/** The same surface with another number of handles. */
export function remesh(mesh: WarpMesh, columns: number, rows: number): WarpMesh {
  return meshOver({ x: 0, y: 0, width: mesh.columns, height: mesh.rows }, columns, rows, ({ x, y }) =>
    meshPoint(mesh, x, y),
  );
}

/** The mesh with some handles moved together. */
export function moveHandles(mesh: WarpMesh, indices: readonly number[], by: Point): WarpMesh {
  const moved = new Set(indices);
  return {
    ...mesh,
    points: mesh.points.map((point, i) => (moved.has(i) ? { x: point.x + by.x, y: point.y + by.y } : point)),
  };
}

/** The mesh moved as a whole. */
export function moveMesh(mesh: WarpMesh, dx: number, dy: number): WarpMesh {
  return { ...mesh, points: mesh.points.map(({ x, y }) => ({ x: x + dx, y: y + dy })) };
}

/** The lines of the grid as they lie now: rows, then columns. @param parts straight parts a cell. */
export function meshLines(mesh: WarpMesh, parts = 6): Point[][] {
  const { columns, rows } = mesh;
  const line = (length: number, at: (t: number) => Point): Point[] =>
    Array.from({ length: length * parts + 1 }, (_, i) => at(i / parts));
  return [
    ...Array.from({ length: rows + 1 }, (_, v) => line(columns, (u) => meshPoint(mesh, u, v))),
    ...Array.from({ length: columns + 1 }, (_, u) => line(rows, (v) => meshPoint(mesh, u, v))),
  ];
}
