import type { Sample } from './brush.ts';

/** Milliseconds of input that each level averages. */
const MILLISECONDS_PER_LEVEL = 8;

/** Pressure is averaged too only above this level. */
const PRESSURE_LEVEL = 6;

/**
 * Smooths a hand: each reading becomes the mean of the path over the last 8 × level milliseconds. The mean is taken
 * over time, not over readings, so that a pen of 60 Hz and one of 240 Hz draw the same line. Level 0 changes nothing.
 */
export class Stabiliser {
  readonly #window: number;
  readonly #pressureToo: boolean;
  #recent: Sample[] = [];

  constructor(level: number) {
    this.#window = Math.min(10, Math.max(0, level)) * MILLISECONDS_PER_LEVEL;
    this.#pressureToo = level > PRESSURE_LEVEL;
  }

  /** The smoothed reading for a new one. */
  push(sample: Sample): Sample {
    if (this.#window === 0) return sample;
    const last = this.#recent.at(-1);
    // Clocks may repeat or step back; time inside a stroke may not.
    const time = last && sample.time < last.time ? last.time : sample.time;
    this.#recent.push(time === sample.time ? sample : { ...sample, time });
    const from = time - this.#window;
    while (this.#recent.length > 2 && (this.#recent[1]?.time ?? time) <= from) this.#recent.shift();
    return this.#mean(from, sample);
  }

  /** Readings that bring the line from where the mean lags to where the pen left. */
  finish(): Sample[] {
    const last = this.#recent.at(-1);
    if (!last) return [];
    const out: Sample[] = [];
    for (let t = MILLISECONDS_PER_LEVEL; t < this.#window; t += MILLISECONDS_PER_LEVEL) {
      out.push(this.push({ ...last, time: last.time + t }));
    }
    out.push(last);
    this.#recent = [];
    return out;
  }

  #mean(from: number, newest: Sample): Sample {
    let x = 0;
    let y = 0;
    let pressure = 0;
    let weight = 0;
    const add = (a: Sample, b: Sample, start: number): void => {
      const span = b.time - a.time;
      const t = span > 0 ? Math.max(0, (start - a.time) / span) : 0;
      const w = b.time - Math.max(start, a.time);
      x += (a.x + (b.x - a.x) * t + b.x) * 0.5 * w;
      y += (a.y + (b.y - a.y) * t + b.y) * 0.5 * w;
      pressure += (a.pressure + (b.pressure - a.pressure) * t + b.pressure) * 0.5 * w;
      weight += w;
    };
    const first = this.#recent[0] ?? newest;
    // Before the pen came down it stood where it came down.
    if (first.time > from) add({ ...first, time: from }, first, from);
    for (let i = 1; i < this.#recent.length; i++) {
      const a = this.#recent[i - 1];
      const b = this.#recent[i];
      if (a && b && b.time > from) add(a, b, from);
    }
    if (weight === 0) return newest;
    return {
      ...newest,
      x: x / weight,
      y: y / weight,
      pressure: this.#pressureToo ? pressure / weight : newest.pressure,
    };
  }
}
