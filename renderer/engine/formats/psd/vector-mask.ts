import type { BezierPath, LayerVectorMask } from 'ag-psd';
import type { MaskBlock } from '../picture-file.ts';

/** Samples down a pixel; across, coverage is exact. */
const SUBROWS = 8;
/** Straight pieces a Bézier curve is drawn with. */
const PIECES = 16;
/** More edges than any drawing has; a file with more is not drawn. */
const MAX_EDGES = 200_000;

/** Most pixels that all shapes of a mask together may be laid over. */
const MAX_WORK = 2e9;

interface Edge {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/**
 * Draws a vector mask: coverage of its closed paths on the canvas, combined by each path's operation in order.
 * @returns null when there is nothing to draw, or too much.
 */
export function rasteriseVectorMask(
  mask: LayerVectorMask,
  { width, height }: { readonly width: number; readonly height: number },
): MaskBlock | null {
  const shapes = groupPaths(mask.paths);
  const count = shapes.reduce((sum, { edges }) => sum + edges.length, 0);
  if (count === 0 || count > MAX_EDGES || shapes.length * width * height > MAX_WORK) return null;
  const first = shapes[0]?.operation ?? 'combine';
  const startsFull = mask.fillStartsWithAllPixels === true || first === 'subtract' || first === 'intersect';
  const data = new Uint8Array(width * height).fill(startsFull ? 255 : 0);
  for (const { edges, evenOdd, operation } of shapes) {
    coverRows(edges, evenOdd, width, height, (y, cover) => {
      for (let x = 0; x < width; x++) {
        const share = cover[x] as number;
        const i = y * width + x;
        const before = (data[i] as number) / 255;
        data[i] = Math.round(255 * combine(before, share, operation));
      }
    });
  }
  if (mask.invert === true) for (let i = 0; i < data.length; i++) data[i] = 255 - (data[i] as number);
  return { x: 0, y: 0, width, height, data };
}

type Operation = NonNullable<BezierPath['operation']>;

function combine(before: number, share: number, operation: Operation): number {
  switch (operation) {
    case 'combine':
      return before + share - before * share;
    case 'subtract':
      return before * (1 - share);
    case 'intersect':
      return before * share;
    case 'exclude':
      return before + share - 2 * before * share;
  }
}

/** Paths without an operation of their own belong to the shape before them. */
function groupPaths(
  paths: readonly BezierPath[],
): { edges: Edge[]; evenOdd: boolean; operation: Operation }[] {
  const shapes: { edges: Edge[]; evenOdd: boolean; operation: Operation }[] = [];
  for (const path of paths) {
    if (path.open || path.knots.length < 2) continue;
    const edges = edgesOf(path);
    const last = shapes.at(-1);
    if (path.operation === undefined && last) last.edges.push(...edges);
    else
      shapes.push({ edges, evenOdd: path.fillRule !== 'non-zero', operation: path.operation ?? 'combine' });
  }
  return shapes;
}

/** A knot's points are: handle before x, y, anchor x, y, handle after x, y, in pixels. */
function edgesOf({ knots }: BezierPath): Edge[] {
  const edges: Edge[] = [];
  knots.forEach((knot, i) => {
    const next = knots[(i + 1) % knots.length] as (typeof knots)[number];
    const [, , ax = 0, ay = 0, bx = 0, by = 0] = knot.points;
    const [cx = 0, cy = 0, dx = 0, dy = 0] = next.points;
    if (![ax, ay, bx, by, cx, cy, dx, dy].every((value) => Math.abs(value) < 1e6)) return;
    let [x0, y0] = [ax, ay];
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES;
      const u = 1 - t;
      const x1 = u * u * u * ax + 3 * u * u * t * bx + 3 * u * t * t * cx + t * t * t * dx;
      const y1 = u * u * u * ay + 3 * u * u * t * by + 3 * u * t * t * cy + t * t * t * dy;
      edges.push({ x0, y0, x1, y1 });
      [x0, y0] = [x1, y1];
    }
  });
  return edges;
}

function coverRows(
  edges: readonly Edge[],
  evenOdd: boolean,
  width: number,
  height: number,
  onRow: (y: number, cover: Float32Array) => void,
): void {
  const starting: Edge[][] = Array.from({ length: height }, () => []);
  for (const edge of edges) {
    const top = Math.max(0, Math.floor(Math.min(edge.y0, edge.y1)));
    if (top < height && Math.max(edge.y0, edge.y1) > 0) starting[top]?.push(edge);
  }
  const cover = new Float32Array(width);
  let active: Edge[] = [];
  for (let y = 0; y < height; y++) {
    active = [...active.filter((edge) => Math.max(edge.y0, edge.y1) > y), ...(starting[y] ?? [])];
    cover.fill(0);
    for (let sub = 0; sub < SUBROWS && active.length > 0; sub++) {
      addSpans(active, y + (sub + 0.5) / SUBROWS, evenOdd, cover);
    }
    onRow(y, cover);
  }
}

/** Adds what one line across the shape covers, `1 / SUBROWS` at most a pixel. */
function addSpans(edges: readonly Edge[], y: number, evenOdd: boolean, cover: Float32Array): void {
  const crossings: { x: number; turn: number }[] = [];
  for (const { x0, y0, x1, y1 } of edges) {
    if (y0 <= y === y1 <= y) continue;
    crossings.push({ x: x0 + ((y - y0) / (y1 - y0)) * (x1 - x0), turn: y1 > y0 ? 1 : -1 });
  }
  crossings.sort((a, b) => a.x - b.x);
  let winding = 0;
  for (let i = 0; i + 1 < crossings.length; i++) {
    const here = crossings[i] as { x: number; turn: number };
    winding += here.turn;
    const inside = evenOdd ? i % 2 === 0 : winding !== 0;
    if (inside) addSpan(cover, here.x, (crossings[i + 1] as { x: number }).x);
  }
}

function addSpan(cover: Float32Array, from: number, to: number): void {
  const start = Math.max(0, from);
  const end = Math.min(cover.length, to);
  for (let x = Math.floor(start); x < end; x++) {
    const share = Math.min(end, x + 1) - Math.max(start, x);
    if (share > 0) cover[x] = Math.min(1, (cover[x] as number) + share / SUBROWS);
  }
}
