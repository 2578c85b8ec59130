import type { Brush, Sample } from './brush.ts';
import { catmullRom, hermitePoint } from './catmull-rom.ts';
import type { Dab } from './dab.ts';
import { BrushDynamics } from './dynamics.ts';
import { StrokeRandom } from './random.ts';
import { PulledString } from './pulled-string.ts';
import { Stabiliser } from './stabiliser.ts';

/** Longest straight piece that a curve is drawn with, in document pixels. */
const PIECE = 2;

/** Share of a new speed reading that is taken over, per 16 ms. */
const SPEED_FOLLOW = 0.5;

/**
 * From pen readings to dabs: stabiliser, then a curve through the readings (Catmull-Rom; straight lines at stabiliser
 * level 0, which stands for raw), then dabs at even distances along it. The same readings give the same dabs however
 * they are split into calls.
 */
export class StrokePath {
  readonly #dynamics: BrushDynamics;
  readonly #stabiliser: Stabiliser | PulledString;
  readonly #finishes: boolean;
  readonly #raw: boolean;
  readonly #points: Sample[] = [];
  #at: Sample | null = null;
  #toNext = 0;
  /** Milliseconds between dabs of a resting pen; Infinity without. */
  readonly #interval: number;
  #restedSince = 0;
  /** The tip turns with the path, so the first dab waits until the path has a direction. */
  readonly #followsPath: boolean;
  #started = false;
  #distance = 0;
  #speed = 0;
  #direction = 0;

  /** @param seed of the random sensor and of scatter. */
  constructor(brush: Brush, seed: number) {
    this.#dynamics = new BrushDynamics(brush, new StrokeRandom(seed));
    this.#stabiliser = brush.string > 0 ? new PulledString(brush.string) : new Stabiliser(brush.stabiliser);
    this.#finishes = brush.finishes;
    this.#raw = brush.stabiliser <= 0 && brush.string <= 0;
    this.#followsPath = Object.values(brush.dynamics).some((all) =>
      all?.some(({ sensor }) => sensor === 'direction'),
    );
    this.#interval = brush.rate > 0 ? 1000 / brush.rate : Infinity;
  }

  /** Where the smoothed pen is; null before the first reading. */
  get tip(): { readonly x: number; readonly y: number } | null {
    return this.#points.at(-1) ?? this.#at;
  }

  /** Takes readings and calls `place` for each dab they lead to. The curve lags one reading behind. */
  extend(samples: readonly Sample[], place: (dab: Dab) => void): void {
    for (const sample of samples) {
      if (Number.isFinite(sample.x) && Number.isFinite(sample.y))
        this.#push(this.#stabiliser.push(tidy(sample)), place);
    }
  }

  /** Draws what was held back, up to where the pen left. */
  finish(place: (dab: Dab) => void): void {
    if (this.#finishes) for (const sample of this.#stabiliser.finish()) this.#push(sample, place);
    const [p0, p1, p2] = this.#points;
    if (!this.#raw && p0 && p1) this.#curve(p0, p2 ? p1 : p0, p2 ?? p1, p2 ?? p1, place);
    this.#points.length = 0;
    if (!this.#started && this.#at) this.#place(this.#at, place);
  }

  #push(sample: Sample, place: (dab: Dab) => void): void {
    const last = this.#points.at(-1);
    if (!last || !this.#at) {
      this.#points.push(sample);
      this.#at = sample;
      this.#restedSince = sample.time;
      if (!this.#followsPath) this.#place(sample, place);
      return;
    }
    const moved = Math.hypot(sample.x - last.x, sample.y - last.y);
    if (moved < 1e-3) {
      this.#rest(sample, place);
      return;
    }
    this.#restedSince = sample.time;
    this.#measure(last, sample, moved);
    if (this.#raw) {
      this.#points[0] = sample;
      this.#walk(sample, place);
      return;
    }
    this.#points.push(sample);
    const [p0, p1, p2, p3] = this.#points;
    if (p0 && p1 && p2 && !p3) this.#curve(p0, p0, p1, p2, place);
    if (p0 && p1 && p2 && p3) {
      this.#curve(p0, p1, p2, p3, place);
      this.#points.shift();
    }
  }

  /** An airbrush goes on while the pen stays. */
  #rest(sample: Sample, place: (dab: Dab) => void): void {
    // A clock that jumps must not make a flood.
    if (sample.time - this.#restedSince > 1000) this.#restedSince = sample.time - 1000;
    while (sample.time - this.#restedSince >= this.#interval) {
      this.#restedSince += this.#interval;
      const { x, y } = this.#at ?? sample;
      this.#place({ ...sample, x, y }, place);
    }
  }

  #measure(from: Sample, to: Sample, moved: number): void {
    const elapsed = to.time - from.time;
    if (elapsed <= 0) return;
    const follow = 1 - (1 - SPEED_FOLLOW) ** (elapsed / 16);
    this.#speed += (moved / elapsed - this.#speed) * follow;
  }

  #curve(p0: Sample, p1: Sample, p2: Sample, p3: Sample, place: (dab: Dab) => void): void {
    const segment = catmullRom(p0, p1, p2, p3);
    const pieces = Math.min(4096, Math.max(1, Math.ceil(Math.hypot(p2.x - p1.x, p2.y - p1.y) / PIECE)));
    for (let i = 1; i <= pieces; i++) {
      const t = i / pieces;
      this.#walk({ ...between(p1, p2, t), ...hermitePoint(segment, t) }, place);
    }
  }

  /** Goes straight to `to`, dropping dabs on the way. */
  #walk(to: Sample, place: (dab: Dab) => void): void {
    const from = this.#at ?? to;
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (length === 0) return;
    this.#direction = Math.atan2(to.y - from.y, to.x - from.x);
    const start = this.#distance;
    let done = 0;
    while (this.#toNext <= length - done) {
      done += this.#toNext;
      this.#distance = start + done;
      this.#place(between(from, to, done / length), place);
    }
    this.#toNext -= length - done;
    this.#distance = start + length;
    this.#at = to;
  }

  #place(sample: Sample, place: (dab: Dab) => void): void {
    this.#started = true;
    const state = { speed: this.#speed, direction: this.#direction, distance: this.#distance };
    const count = this.#dynamics.count(sample, state);
    for (let i = 0; i < count; i++) {
      const dab = this.#dynamics.dab(sample, state);
      if (i === 0) this.#toNext = this.#dynamics.spacing(dab, sample, state);
      if (dab.radius > 0 && dab.opacity > 0 && dab.flow > 0) place(dab);
    }
  }
}

function between(a: Sample, b: Sample, t: number): Sample {
  // A twist of 359° is next to one of 0°.
  const turn = ((((b.twist - a.twist) % 360) + 540) % 360) - 180;
  return {
    x: a.x + (b.x - a.x) * t,
    y: a.y + (b.y - a.y) * t,
    pressure: a.pressure + (b.pressure - a.pressure) * t,
    tiltX: a.tiltX + (b.tiltX - a.tiltX) * t,
    tiltY: a.tiltY + (b.tiltY - a.tiltY) * t,
    twist: (a.twist + turn * t + 360) % 360,
    time: a.time + (b.time - a.time) * t,
  };
}

/** Readings farther off than this are pulled in: four times the largest canvas. */
const REACH = 65_536;

function tidy(sample: Sample): Sample {
  const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
  return {
    x: Math.min(REACH, Math.max(-REACH, sample.x)),
    y: Math.min(REACH, Math.max(-REACH, sample.y)),
    pressure: Math.min(1, Math.max(0, finite(sample.pressure))),
    tiltX: finite(sample.tiltX),
    tiltY: finite(sample.tiltY),
    twist: finite(sample.twist),
    time: finite(sample.time),
  };
}
