/** What palm rejection needs to know of a pointer event. */
export interface TouchFacts {
  readonly pointerType: string;
  /** Contact size in CSS px. */
  readonly width: number;
  readonly height: number;
  /** Milliseconds on the clock of `performance.now()`. */
  readonly time: number;
}

/** A pen that was near within this time keeps touches out. */
const PEN_GUARD_MILLISECONDS = 500;
/** A contact wider than this is a palm. */
const PALM_WIDTH = 40;

/**
 * Tells palms from fingers: touches count for nothing while a pen is near, until 500 ms after its last event, and when
 * the contact is wider than 40 px. Hovering counts as near, so the rule holds before the first stroke.
 */
export class PalmRejection {
  #lastPen = Number.NEGATIVE_INFINITY;
  #penSeen = false;

  /** True once any pen was used: one finger then pans instead of painting. */
  get penSeen(): boolean {
    return this.#penSeen;
  }

  /** Notes a pen's event, hovering included. */
  notePen(time: number): void {
    this.#penSeen = true;
    this.#lastPen = time;
  }

  /** True when this touch must be ignored. */
  rejects(touch: TouchFacts): boolean {
    if (touch.pointerType !== 'touch') return false;
    if (touch.time - this.#lastPen < PEN_GUARD_MILLISECONDS) return true;
    return Math.max(touch.width, touch.height) > PALM_WIDTH;
  }
}
