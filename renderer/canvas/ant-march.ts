/** The outline of a selection moves by a pixel this often: 8 times a second. */
const STEP_MS = 125;
/** Share of the time that drawing it may take; where a step takes longer the next one waits. */
const SHARE = 0.05;
/** Pixels after which the stripes look the same again. */
export const STRIPE_PERIOD = 8;

/**
 * Moves the stripes of a selection's outline, so that it is seen on any picture. They stand still while a pen is down, while
 * nobody looks, and where less motion is asked for.
 */
export class AntMarch {
  readonly #step: () => void;
  readonly #mayMove: () => boolean;
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #phase = 0;
  #delay = STEP_MS;

  /**
   * @param step draws the outline anew.
   * @param mayMove false while something else has the screen.
   */
  constructor(step: () => void, mayMove: () => boolean) {
    this.#step = step;
    this.#mayMove = mayMove;
  }

  /** How far the stripes have moved, in screen pixels, below `STRIPE_PERIOD`. */
  get phase(): number {
    return this.#phase;
  }

  /** Begins, or ends where there is no outline. */
  set(on: boolean): void {
    if (!on) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    } else if (this.#timer === undefined) this.#wait();
  }

  /** Notes how long the last step took to draw. @param milliseconds */
  took(milliseconds: number): void {
    this.#delay = Math.max(STEP_MS, milliseconds / SHARE);
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      this.#wait();
      if (this.#calm.matches || document.hidden || !this.#mayMove()) return;
      this.#phase = (this.#phase + 1) % STRIPE_PERIOD;
      this.#step();
    }, this.#delay);
  }
}
