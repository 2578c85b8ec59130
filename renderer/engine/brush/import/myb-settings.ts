import { type CurvePoints, compileCurve, sampleCurve } from '../curve.ts';
import type { Dynamic, Sensor } from '../brush.ts';

/** One setting of a MyPaint brush: a value to which curves over inputs are added. */
export interface MybSetting {
  readonly base: number;
  readonly inputs: ReadonlyMap<string, CurvePoints>;
}

/** How an input of MyPaint is sensed here, and what it reads where the sensor reads `u`, 0 … 1. */
const SENSORS: Readonly<Record<string, { readonly sensor: Sensor; readonly at: (u: number) => number }>> = {
  pressure: { sensor: 'pressure', at: (u) => u },
  // Both programs squeeze speeds; a full reading here is as fast as a full one there, about.
  speed1: { sensor: 'speed', at: (u) => 4 * u },
  speed2: { sensor: 'speed', at: (u) => 4 * u },
  random: { sensor: 'random', at: (u) => u },
  stroke: { sensor: 'fade', at: (u) => u },
  direction: { sensor: 'direction', at: (u) => (360 * u) % 180 },
  direction_angle: { sensor: 'direction', at: (u) => 360 * u },
  tilt_declination: { sensor: 'tilt', at: (u) => 90 * (1 - u) },
  tilt_ascension: { sensor: 'azimuth', at: (u) => 360 * u - 180 },
  barrel_rotation: { sensor: 'twist', at: (u) => 360 * u },
};

/** Points that a curve is sampled at: enough for any that a person drew. */
const POINTS = 13;

/** A setting as a base value and factors that follow the pen. */
export interface MappedSetting {
  readonly value: number;
  readonly dynamics: readonly Dynamic[];
  /** Inputs that have no sensor here, or no room. */
  readonly dropped: readonly string[];
}

/** The curve of MyPaint at x: straight between its points, flat beyond. */
function linear(points: CurvePoints, x: number): number {
  const [first] = points;
  if (!first || x <= first[0]) return first?.[1] ?? 0;
  for (let i = 1; i < points.length; i++) {
    const [x0, y0] = points[i - 1] ?? [0, 0];
    const [x1, y1] = points[i] ?? [0, 0];
    if (x <= x1) return x1 === x0 ? y1 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
  }
  return points.at(-1)?.[1] ?? 0;
}

/**
 * Sums of curves become products of factors: exact for one input, near for several.
 *
 * @param shape from the setting's value to the parameter's: exp for a logarithm, a clamp for a share; never negative.
 */
export function mapFactors(setting: MybSetting, shape: (value: number) => number): MappedSetting {
  const dropped: string[] = [];
  const dynamics: Dynamic[] = [];
  const taken = new Set<Sensor>();
  let value = shape(setting.base);
  for (const [input, points] of setting.inputs) {
    if (points.every(([, y]) => y === 0)) continue;
    const known = SENSORS[input];
    if (!known || taken.has(known.sensor)) {
      dropped.push(input);
      continue;
    }
    const samples = Array.from({ length: POINTS }, (_, i) =>
      shape(setting.base + linear(points, known.at(i / (POINTS - 1)))),
    );
    const most = Math.max(...samples);
    if (most <= 0) {
      dropped.push(input);
      continue;
    }
    taken.add(known.sensor);
    const start = shape(setting.base);
    // Where the base is nothing, the curve is all there is.
    value = dynamics.length === 0 && start === 0 ? most : start === 0 ? value : (value / start) * most;
    dynamics.push({
      sensor: known.sensor,
      curve: simplified(samples.map((y, i) => [i / (POINTS - 1), y / most] as const)),
    });
  }
  return { value, dynamics, dropped };
}

/** A turn of the tip in degrees becomes parts of a turn that are added. */
export function mapAngle(setting: MybSetting): { degrees: number; dynamics: Dynamic[]; dropped: string[] } {
  const dropped: string[] = [];
  const dynamics: Dynamic[] = [];
  for (const [input, points] of setting.inputs) {
    const known = SENSORS[input];
    if (!known || dynamics.some(({ sensor }) => sensor === known.sensor)) {
      dropped.push(input);
      continue;
    }
    dynamics.push({
      sensor: known.sensor,
      curve: Array.from({ length: POINTS }, (_, i) => {
        const turn = linear(points, known.at(i / (POINTS - 1))) / 360;
        return [i / (POINTS - 1), turn - Math.floor(turn)] as const;
      }),
    });
  }
  return { degrees: setting.base, dynamics, dropped };
}

/** A curve whose values are put through a function: bent where the curve was straight. */
export function reshaped(points: CurvePoints, shape: (y: number) => number): CurvePoints {
  const table = compileCurve(points);
  return simplified(
    Array.from({ length: POINTS }, (_, i) => {
      const x = i / (POINTS - 1);
      return [x, shape(sampleCurve(table, x))] as const;
    }),
  );
}

/** Leaves out points that the curve passes through without them. */
function simplified(points: CurvePoints): CurvePoints {
  let kept: CurvePoints = points;
  for (let i = points.length - 2; i > 0; i--) {
    const without = kept.filter((_, index) => index !== i);
    const before = compileCurve(points);
    if (compileCurve(without).every((y, at) => Math.abs(y - (before[at] ?? 0)) < 0.004)) kept = without;
  }
  return kept;
}
