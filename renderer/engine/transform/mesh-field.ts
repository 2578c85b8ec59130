import { intersectRect, isEmptyRect, unionRect, EMPTY_RECT, type Rect } from '../geometry/rect.ts';
import { pixelsAround } from './pixels-around.ts';
import { resampleBack, type BackMap } from './resample-back.ts';
import type { Sampling } from './resample.ts';
import type { Lifted } from './lift.ts';
import type { Placing } from './put-down.ts';
import { meshPoint, type WarpMesh } from './warp-mesh.ts';

/** Pixels of the picture between two nodes at best, and the most nodes along an edge. */
const FINE = { step: 4, most: 1024 };
/** The same while a handle is dragged. */
const COARSE = { step: 12, most: 128 };

/** Places along an edge of the picture: its ends, what lies between, and a margin for soft edges. */
function stops(from: number, length: number, margin: number, { step, most }: typeof FINE): Float64Array {
  const parts = Math.max(1, Math.ceil(length / Math.max(step, length / most)));
  const out = new Float64Array(parts + 3);
  out[0] = from - margin;
  for (let i = 0; i <= parts; i++) out[i + 1] = from + (length * i) / parts;
  out[parts + 2] = from + length + margin;
  return out;
}

/** How many pixels of the picture fall on one of the result where it is packed most, 1 … 64, across or down. */
function packing(mesh: WarpMesh, rect: Rect, across: boolean): number {
  const { columns, rows, points } = mesh;
  const cell = across ? rect.width / columns : rect.height / rows;
  let most = 1;
  for (const [i, a] of points.entries()) {
    const next = across ? (i % (columns + 1) < columns ? i + 1 : -1) : i + columns + 1;
    const b = points[next];
    if (b) most = Math.max(most, cell / Math.max(Math.hypot(b.x - a.x, b.y - a.y), 1e-3));
  }
  return Math.min(64, most);
}

/**
 * What a mesh does to a picture, told backwards. The patches are cut into small quads of two triangles each; within a
 * triangle the map is affine, so that meshes that only move, turn, scale or shear are exact, and others are off by less than
 * a tenth of a pixel. Where the picture folds over itself, what comes later in reading order lies on top.
 */
export class MeshField {
  /** Whole pixels that anything may be put on. */
  readonly bounds: Rect;
  readonly #xs: Float64Array;
  readonly #ys: Float64Array;
  /** Two numbers a node: where it goes. */
  readonly #to: Float64Array;
  /** What each row of quads may cover. */
  readonly #rows: Rect[] = [];

  /** @param rect the picture that the mesh was laid over. @param coarse for looking at while it is dragged. */
  constructor(mesh: WarpMesh, rect: Rect, coarse = false) {
    const fineness = coarse ? COARSE : FINE;
    this.#xs = stops(rect.x, rect.width, 3 * packing(mesh, rect, true), fineness);
    this.#ys = stops(rect.y, rect.height, 3 * packing(mesh, rect, false), fineness);
    const count = this.#xs.length;
    this.#to = new Float64Array(count * this.#ys.length * 2);
    let at = 0;
    for (const y of this.#ys) {
      const v = ((y - rect.y) / rect.height) * mesh.rows;
      for (const x of this.#xs) {
        const point = meshPoint(mesh, ((x - rect.x) / rect.width) * mesh.columns, v);
        this.#to[at++] = point.x;
        this.#to[at++] = point.y;
      }
    }
    let bounds = EMPTY_RECT;
    for (let row = 0; row < this.#ys.length - 1; row++) {
      const corners = [];
      for (let i = row * count; i < (row + 2) * count; i++)
        corners.push({ x: this.#to[i * 2] as number, y: this.#to[i * 2 + 1] as number });
      const around = pixelsAround(corners);
      this.#rows.push(around);
      bounds = unionRect(bounds, around);
    }
    this.bounds = bounds;
  }

  /** Lifted pixels as the mesh lays them down. */
  place({ pixels, rect }: Lifted, sampling: Sampling): Placing {
    return (to) => resampleBack(pixels, rect, this.#back(to), to, sampling);
  }

  /** The map back for the pixels of a rectangle and those beside it. */
  #back(part: Rect): BackMap {
    // A pixel's neighbours to the right and below tell how much it shrinks.
    const to = { ...part, width: part.width + 1, height: part.height + 1 };
    const owners = new Int32Array(to.width * to.height).fill(-1);
    const maps: number[] = [];
    const columns = this.#xs.length - 1;
    for (const [row, around] of this.#rows.entries()) {
      if (isEmptyRect(intersectRect(around, to))) continue;
      for (let column = 0; column < columns; column++) {
        this.#cover(column, row, column + 1, row, column, row + 1, to, owners, maps);
        this.#cover(column + 1, row + 1, column, row + 1, column + 1, row, to, owners, maps);
      }
    }
    return (x, y, out) => {
      const px = Math.floor(x) - to.x;
      const py = Math.floor(y) - to.y;
      if (px < 0 || py < 0 || px >= to.width || py >= to.height) return false;
      const owner = owners[py * to.width + px] as number;
      if (owner < 0) return false;
      const i = owner * 6;
      out[0] = (maps[i] as number) * x + (maps[i + 1] as number) * y + (maps[i + 2] as number);
      out[1] = (maps[i + 3] as number) * x + (maps[i + 4] as number) * y + (maps[i + 5] as number);
      return true;
    };
  }

  /** Notes which pixels of `to` have their middle in a triangle of nodes, and the triangle's map back. */
  #cover(
    c0: number,
    r0: number,
    c1: number,
    r1: number,
    c2: number,
    r2: number,
    to: Rect,
    owners: Int32Array,
    maps: number[],
  ): void {
    const count = this.#xs.length;
    const i0 = (r0 * count + c0) * 2;
    const i1 = (r1 * count + c1) * 2;
    const i2 = (r2 * count + c2) * 2;
    const x0 = this.#to[i0] as number;
    const y0 = this.#to[i0 + 1] as number;
    const ax = (this.#to[i1] as number) - x0;
    const ay = (this.#to[i1 + 1] as number) - y0;
    const bx = (this.#to[i2] as number) - x0;
    const by = (this.#to[i2 + 1] as number) - y0;
    const left = Math.max(to.x, Math.ceil(x0 + Math.min(0, ax, bx) - 0.5 - 1e-6));
    const right = Math.min(to.x + to.width - 1, Math.floor(x0 + Math.max(0, ax, bx) - 0.5 + 1e-6));
    const top = Math.max(to.y, Math.ceil(y0 + Math.min(0, ay, by) - 0.5 - 1e-6));
    const bottom = Math.min(to.y + to.height - 1, Math.floor(y0 + Math.max(0, ay, by) - 0.5 + 1e-6));
    if (left > right || top > bottom) return;
    const area = ax * by - ay * bx;
    if (Math.abs(area) < 1e-12) return;
    let owner = -1;
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const dx = x + 0.5 - x0;
        const dy = y + 0.5 - y0;
        const s = (dx * by - dy * bx) / area;
        const t = (ax * dy - ay * dx) / area;
        if (s < -1e-6 || t < -1e-6 || s + t > 1 + 1e-6) continue;
        if (owner < 0) {
          owner = maps.length / 6;
          const ux = (this.#xs[c1] as number) - (this.#xs[c0] as number);
          const vx = (this.#xs[c2] as number) - (this.#xs[c0] as number);
          const uy = (this.#ys[r1] as number) - (this.#ys[r0] as number);
          const vy = (this.#ys[r2] as number) - (this.#ys[r0] as number);
          const mxx = (ux * by - vx * ay) / area;
          const mxy = (vx * ax - ux * bx) / area;
          const myx = (uy * by - vy * ay) / area;
          const myy = (vy * ax - uy * bx) / area;
          maps.push(
            mxx,
            mxy,
            (this.#xs[c0] as number) - mxx * x0 - mxy * y0,
            myx,
            myy,
            (this.#ys[r0] as number) - myx * x0 - myy * y0,
          );
        }
        owners[(y - to.y) * to.width + x - to.x] = owner;
      }
    }
  }
}
