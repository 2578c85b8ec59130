import type { Brush, DynamicParameter, Sample, Sensor } from './brush.ts';
import { compileCurve, sampleCurve } from './curve.ts';
import type { Dab } from './dab.ts';
import type { StrokeRandom } from './random.ts';

/** Where the pen is on its path, beyond what a reading says. */
export interface PathState {
  /** Document pixels a millisecond. */
  readonly speed: number;
  /** Direction of travel, radians. */
  readonly direction: number;
  /** Document pixels drawn so far. */
  readonly distance: number;
}

const FULL_SPEED = 4;
const FADE_DIAMETERS = 64;
const TURN = 2 * Math.PI;

interface Follower {
  readonly sensor: Sensor;
  readonly table: Float32Array;
}

/** A brush's parameters for each dab, from what the pen does. */
export class BrushDynamics {
  readonly #brush: Brush;
  readonly #random: StrokeRandom;
  readonly #followers = new Map<DynamicParameter, Follower[]>();

  constructor(brush: Brush, random: StrokeRandom) {
    this.#brush = brush;
    this.#random = random;
    for (const [parameter, dynamics] of Object.entries(brush.dynamics)) {
      const followers = (dynamics ?? []).map(({ sensor, curve }) => ({ sensor, table: compileCurve(curve) }));
      this.#followers.set(parameter as DynamicParameter, followers);
    }
  }

  /** The dab at a place of the path. Draws random numbers in a fixed order. */
  dab(sample: Sample, state: PathState): Dab {
    const brush = this.#brush;
    const radius = Math.max(0, (brush.size / 2) * this.#factor('size', sample, state));
    const turn = this.#sum('angle', sample, state);
    const scatter = brush.scatter * this.#factor('scatter', sample, state) * 2 * radius;
    const offsetX = scatter > 0 ? (this.#random.next() * 2 - 1) * scatter : 0;
    const offsetY = scatter > 0 ? (this.#random.next() * 2 - 1) * scatter : 0;
    return {
      x: sample.x + offsetX,
      y: sample.y + offsetY,
      radius,
      hardness: clampUnit(brush.hardness * this.#factor('hardness', sample, state)),
      roundness: Math.min(1, Math.max(0.01, brush.roundness * this.#factor('roundness', sample, state))),
      angle: (brush.angle / 360 + turn) * TURN,
      opacity: clampUnit(brush.opacity * this.#factor('opacity', sample, state)),
      flow: clampUnit(brush.flow * this.#factor('flow', sample, state)),
      grain: clampUnit(this.#factor('grain', sample, state)),
      jitter: clampUnit(this.#factor('jitter', sample, state)),
      pickup: clampUnit(this.#factor('pickup', sample, state)),
    };
  }

  /** How many dabs stand at a place, 1..16. */
  count(sample: Sample, state: PathState): number {
    const factor = this.#factor('count', sample, state);
    return Math.min(16, Math.max(1, Math.round(this.#brush.count * factor)));
  }

  /** Distance to the next dab in pixels. A quarter of a pixel is the least, so that no brush is endless. */
  spacing(dab: Dab, sample: Sample, state: PathState): number {
    const fraction = this.#brush.spacing * this.#factor('spacing', sample, state);
    // A flat tip is as thick as its short axis, or it would leave gaps.
    return Math.max(0.25, fraction * 2 * dab.radius * Math.sqrt(dab.roundness));
  }

  #factor(parameter: DynamicParameter, sample: Sample, state: PathState): number {
    let factor = 1;
    for (const { sensor, table } of this.#followers.get(parameter) ?? []) {
      factor *= sampleCurve(table, this.#read(sensor, sample, state));
    }
    return factor;
  }

  #sum(parameter: DynamicParameter, sample: Sample, state: PathState): number {
    let sum = 0;
    for (const { sensor, table } of this.#followers.get(parameter) ?? []) {
      sum += sampleCurve(table, this.#read(sensor, sample, state));
    }
    return sum;
  }

  #read(sensor: Sensor, sample: Sample, state: PathState): number {
    switch (sensor) {
      case 'pressure':
        return sample.pressure;
      case 'tilt':
        return Math.min(1, Math.hypot(sample.tiltX, sample.tiltY) / 90);
      case 'azimuth':
        return wrapUnit(Math.atan2(Math.tan(radians(sample.tiltY)), Math.tan(radians(sample.tiltX))) / TURN);
      case 'twist':
        return wrapUnit(sample.twist / 360);
      case 'speed':
        return Math.min(1, state.speed / FULL_SPEED);
      case 'direction':
        return wrapUnit(state.direction / TURN);
      case 'random':
        return this.#random.next();
      case 'fade':
        return Math.min(1, state.distance / (FADE_DIAMETERS * this.#brush.size));
    }
  }
}

function clampUnit(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function wrapUnit(value: number): number {
  return value - Math.floor(value);
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
