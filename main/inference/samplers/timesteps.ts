import { ModelError } from '../../../native-models/errors.ts';
import type { TimestepSpacing } from './sampler.ts';

/** Rounds to the nearest whole number, halves to the even one, as numpy and Python do. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** `count` float64 values from `start` to `end`, both included. */
export function linspace(start: number, end: number, count: number): number[] {
  if (count === 1) return [start];
  const step = (end - start) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? end : start + i * step));
}

/** From `start` down to above 0 by `step`, rounded: numpy's `arange(start, 0, -step).round()`. */
function descend(start: number, step: number): number[] {
  const count = Math.ceil(-start / -step);
  // numpy finds the stride from the first two values, which rounds it.
  const stride = start - step - start;
  return Array.from({ length: count }, (_, i) => roundHalfEven(start + i * stride));
}

/** What the spacings are computed from. */
export interface SpacingRequest {
  readonly spacing: TimestepSpacing;
  /** Training timesteps. */
  readonly trainSteps: number;
  /** Timesteps wanted. */
  readonly steps: number;
  /** Added to `leading`. */
  readonly offset: number;
}

/**
 * Descending timesteps for `steps` steps (Lin et al. 2023, table 2), as the diffusers samplers that
 * end on the lowest timestep pick them.
 *
 * @param whole whether `linspace` is rounded to whole timesteps.
 * @throws ModelError `size-unsupported` if a timestep passes the end of training.
 */
export function spaceTimesteps(request: SpacingRequest, whole: boolean): number[] {
  const { spacing, trainSteps, steps, offset } = request;
  const pick = (): number[] => {
    switch (spacing) {
      case 'linspace': {
        const even = linspace(0, trainSteps - 1, steps).toReversed();
        return whole ? even.map(roundHalfEven) : even.map(Math.fround);
      }
      case 'leading': {
        const ratio = Math.floor(trainSteps / steps);
        return Array.from({ length: steps }, (_, i) => (steps - 1 - i) * ratio + offset);
      }
      case 'trailing':
        return descend(trainSteps, trainSteps / steps).map((t) => t - 1);
    }
  };
  return checkTimesteps(pick(), trainSteps, steps);
}

/**
 * Descending whole timesteps as DPM-Solver and UniPC pick them: one more interval than steps, whose
 * lowest end is left out.
 *
 * @param last one past the highest timestep in use.
 * @throws ModelError `size-unsupported` if a timestep passes the end of training.
 */
export function spaceSolverTimesteps(request: SpacingRequest, last: number): number[] {
  const { spacing, trainSteps, steps, offset } = request;
  const pick = (): number[] => {
    switch (spacing) {
      case 'linspace':
        return linspace(0, last - 1, steps + 1)
          .map(roundHalfEven)
          .toReversed()
          .slice(0, -1);
      case 'leading': {
        const ratio = Math.floor(last / (steps + 1));
        return Array.from({ length: steps }, (_, i) => (steps - i) * ratio + offset);
      }
      case 'trailing':
        return descend(last, trainSteps / steps).map((t) => t - 1);
    }
  };
  return checkTimesteps(pick(), trainSteps, steps);
}

function checkTimesteps(timesteps: number[], trainSteps: number, steps: number): number[] {
  if (timesteps.every((t) => t >= 0 && t < trainSteps)) return timesteps;
  throw new ModelError(
    'size-unsupported',
    `${steps} steps do not fit the ${trainSteps} timesteps that this model was trained with.`,
    'Take fewer steps.',
  );
}
