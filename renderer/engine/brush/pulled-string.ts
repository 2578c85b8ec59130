import type { Sample } from './brush.ts';

/**
 * Smooths a hand by a string: the tip lies still while the pen moves within the string's length of it, and is pulled
 * straight towards the pen once the string is taut. Corners and slow curves come out clean at any speed.
 */
export class PulledString {
  readonly #length: number;
  #tip: Sample | null = null;
  #pen: Sample | null = null;

  /** @param length of the string in document pixels. */
  constructor(length: number) {
    this.#length = length;
  }

  /** Where the tip is after a reading: there with the pen's pressure and time. */
  push(sample: Sample): Sample {
    this.#pen = sample;
    const tip = this.#tip;
    if (!tip) return (this.#tip = sample);
    const dx = sample.x - tip.x;
    const dy = sample.y - tip.y;
    const distance = Math.hypot(dx, dy);
    const move = distance > this.#length ? (distance - this.#length) / distance : 0;
    return (this.#tip = { ...sample, x: tip.x + dx * move, y: tip.y + dy * move });
  }

  /** The straight way to where the pen left. */
  finish(): Sample[] {
    const { tip, pen } = { tip: this.#tip, pen: this.#pen };
    this.#tip = null;
    this.#pen = null;
    return tip && pen && (tip.x !== pen.x || tip.y !== pen.y) ? [pen] : [];
  }
}
