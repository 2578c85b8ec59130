import type { Point, ViewTransform } from '../canvas/view-transform.ts';
import { Pinch } from './pinch.ts';
import { TapGesture } from './tap-gesture.ts';

/** What touches lead to. */
export interface TouchActions {
  view(): ViewTransform;
  setView(view: ViewTransform): void;
  /** The mark that the first finger began must go: it turned into a gesture. */
  retract(): void;
  undo(): void;
  redo(): void;
  /** Shows all of the picture. */
  fit(): void;
  /** Hides or shows everything but the canvas. */
  panels(): void;
}

/** A pinch that closes within this time, to less than this share of its spread, shows the whole picture. */
const QUICK = { milliseconds: 300, spread: 0.7 };

/** Fingers that rest longer than a tap repeat what their tap does, milliseconds. */
const HOLD = { begins: 600, repeats: 180 };

interface Touch {
  readonly point: Point;
}

/** Fingers on the canvas once there is more than one: pinches and taps. Points in device pixels. */
export class TouchRouter {
  readonly #actions: TouchActions;
  readonly #touches = new Map<number, Touch>();
  readonly #taps = new TapGesture();
  #pinch: Pinch | null = null;
  #begun = 0;
  #hold: ReturnType<typeof setTimeout> | undefined;

  constructor(actions: TouchActions) {
    this.#actions = actions;
  }

  /** @returns true when this finger is part of a gesture, so that it must not draw. */
  down(id: number, point: Point, client: Point, time: number): boolean {
    this.#touches.set(id, { point });
    this.#taps.down(id, client.x, client.y, time);
    this.#watchRest();
    if (this.#touches.size < 2) return false;
    this.#actions.retract();
    this.#begun = time;
    this.#begin();
    return true;
  }

  /** @returns true while a gesture runs. */
  move(id: number, point: Point, client: Point): boolean {
    if (!this.#touches.has(id)) return false;
    this.#touches.set(id, { point });
    this.#taps.move(id, client.x, client.y);
    const pair = this.#pair();
    if (this.#pinch && pair) this.#actions.setView(this.#pinch.move(pair));
    return this.#pinch !== null;
  }

  /** @returns true when this finger was part of a gesture. */
  up(id: number, time: number): boolean {
    const gesture = this.#pinch !== null;
    const quick = time - this.#begun < QUICK.milliseconds && (this.#pinch?.spread ?? 1) < QUICK.spread;
    if (this.#touches.size === 2 && quick) this.#actions.fit();
    this.#touches.delete(id);
    const fingers = this.#taps.up(id, time);
    if (fingers === 2) this.#actions.undo();
    if (fingers === 3) this.#actions.redo();
    if (fingers === 4) this.#actions.panels();
    if (this.#touches.size >= 2) this.#begin();
    else if (this.#touches.size === 0) this.#pinch = null;
    return gesture;
  }

  /** The system took a finger away. */
  cancel(id: number): void {
    this.#touches.delete(id);
    this.#taps.cancel(id);
    if (this.#touches.size === 0) this.#pinch = null;
  }

  /** Two fingers that rest undo again and again, three redo, until one moves or lifts. */
  #watchRest(): void {
    clearTimeout(this.#hold);
    const fingers = this.#taps.resting;
    if (fingers !== 2 && fingers !== 3) return;
    const repeat = (): void => {
      if (this.#taps.resting !== fingers) return;
      if (fingers === 2) this.#actions.undo();
      else this.#actions.redo();
      this.#hold = setTimeout(repeat, HOLD.repeats);
    };
    this.#hold = setTimeout(repeat, HOLD.begins);
  }

  /** All fingers on the surface count for nothing, until they are lifted. */
  reset(): void {
    for (const id of this.#touches.keys()) this.#taps.cancel(id);
    this.#touches.clear();
    this.#pinch = null;
  }

  #pair(): readonly [Point, Point] | null {
    const [a, b] = [...this.#touches.values()];
    return a && b ? [a.point, b.point] : null;
  }

  #begin(): void {
    const pair = this.#pair();
    if (pair) this.#pinch = new Pinch(this.#actions.view(), pair);
  }
}
