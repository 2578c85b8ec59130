import { EngineError } from '../error.ts';
import type { Brush } from './brush.ts';

const RANGES = [
  ['size', 0.5, 4096],
  ['opacity', 0, 1],
  ['flow', 0, 1],
  ['hardness', 0, 1],
  ['spacing', 0.01, 10],
  ['roundness', 0.01, 1],
  ['scatter', 0, 5],
  ['stabiliser', 0, 10],
] as const;

/**
 * Checks a brush's numbers.
 * @throws EngineError `invalid-value` naming the first that is out of its range.
 */
export function checkBrush(brush: Brush): void {
  for (const [name, low, high] of RANGES) {
    const value = brush[name];
    if (!(value >= low && value <= high)) {
      throw new EngineError(
        'invalid-value',
        `The brush's ${name} of ${value} is not between ${low} and ${high}.`,
      );
    }
  }
  if (!Number.isFinite(brush.angle))
    throw new EngineError('invalid-value', "The brush's angle is not a number.");
}
