/** One finger as the recogniser sees it; CSS px and milliseconds. */
interface Finger {
  readonly x: number;
  readonly y: number;
  readonly down: number;
  moved: number;
}

/** Fingers must land within this time of each other. */
const LAND_MILLISECONDS = 250;
/** All fingers must be up again within this time. */
const LIFT_MILLISECONDS = 500;
/** No finger may have moved further than this. */
const SLOP = 12;

/**
 * Recognises taps of two or three fingers. A tap counts only when all fingers landed within 250 ms, were up within
 * 500 ms and moved less than 12 px, and nothing else (a pan, a pinch, a stroke) claimed them.
 */
export class TapGesture {
  readonly #fingers = new Map<number, Finger>();
  #count = 0;
  #first = 0;
  #failed = false;

  /** A finger touches the surface. */
  down(id: number, x: number, y: number, time: number): void {
    if (this.#fingers.size === 0) {
      this.#first = time;
      this.#failed = false;
      this.#count = 0;
    }
    if (time - this.#first > LAND_MILLISECONDS) this.#failed = true;
    this.#fingers.set(id, { x, y, down: time, moved: 0 });
    this.#count++;
  }

  /** A finger moves. */
  move(id: number, x: number, y: number): void {
    const finger = this.#fingers.get(id);
    if (!finger) return;
    finger.moved = Math.max(finger.moved, Math.hypot(x - finger.x, y - finger.y));
    if (finger.moved >= SLOP) this.#failed = true;
  }

  /** Something else claimed these fingers. */
  fail(): void {
    this.#failed = true;
  }

  /** How many fingers rest where they landed, all of those that did; 0 once that can be no tap any more. */
  get resting(): number {
    return this.#failed || this.#fingers.size !== this.#count ? 0 : this.#count;
  }

  /** A finger lifts. @returns how many fingers tapped when this was the last of a tap, else 0. */
  up(id: number, time: number): number {
    this.#fingers.delete(id);
    if (time - this.#first > LIFT_MILLISECONDS) this.#failed = true;
    if (this.#fingers.size > 0 || this.#failed) return 0;
    return this.#count;
  }

  /** The system took a finger away. */
  cancel(id: number): void {
    this.#fingers.delete(id);
    this.#failed = true;
  }
}
