import {
  normaliseAngle,
  panBy,
  type Point,
  rotateAbout,
  type ViewTransform,
  zoomAbout,
} from '../canvas/view-transform.ts';

/** Turning starts only beyond this angle and snaps back to right angles within it. */
const TURN_LOCK = (12 * Math.PI) / 180;
const SNAP = (4 * Math.PI) / 180;

/** Two fingers that pan, zoom and turn together; points in device pixels. */
export class Pinch {
  readonly #view: ViewTransform;
  readonly #first: readonly [Point, Point];
  #turning = false;
  #spread = 1;

  constructor(view: ViewTransform, first: readonly [Point, Point]) {
    this.#view = view;
    this.#first = first;
  }

  /** The fingers' distance as a share of what it was when they came down. */
  get spread(): number {
    return this.#spread;
  }

  /** The view for where the fingers are now. */
  move(now: readonly [Point, Point]): ViewTransform {
    const from = middle(this.#first);
    const to = middle(now);
    this.#spread = distance(now) / Math.max(1, distance(this.#first));
    let turn = normaliseAngle(angle(now) - angle(this.#first));
    if (Math.abs(turn) > TURN_LOCK) this.#turning = true;
    if (!this.#turning) turn = 0;
    const moved = panBy(this.#view, to.x - from.x, to.y - from.y);
    const zoomed = zoomAbout(moved, to, moved.zoom * this.#spread);
    return rotateAbout(zoomed, to, snapped(zoomed.rotation, turn));
  }
}

/** The turn that ends on a right angle when it comes near one. */
function snapped(rotation: number, turn: number): number {
  const target = rotation + turn;
  const right = Math.round(target / (Math.PI / 2)) * (Math.PI / 2);
  return Math.abs(target - right) < SNAP ? right - rotation : turn;
}

function middle([a, b]: readonly [Point, Point]): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function distance([a, b]: readonly [Point, Point]): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

function angle([a, b]: readonly [Point, Point]): number {
  return Math.atan2(b.y - a.y, b.x - a.x);
}
