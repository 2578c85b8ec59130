import { ModelError } from '../../../native-models/errors.ts';
import type { SamplerOptions, SchedulerConfig } from './sampler.ts';

/**
 * Descending timesteps of LCM and TCD: `steps` of the `originalSteps` that the model was distilled
 * on, evenly spaced by index.
 *
 * @throws ModelError `size-unsupported` if more steps are asked for than there are.
 */
export function distilledTimesteps(config: SchedulerConfig, options: SamplerOptions): number[] {
  const { trainSteps, originalSteps } = config;
  const { steps } = options;
  if (originalSteps > trainSteps || steps > originalSteps) {
    throw new ModelError(
      'size-unsupported',
      `${steps} steps cannot be run: this model was distilled on ${Math.min(originalSteps, trainSteps)}.`,
      'Take fewer steps; 4 to 8 are usual here.',
    );
  }
  const stride = Math.floor(trainSteps / originalSteps);
  return Array.from(
    { length: steps },
    (_, i) => (originalSteps - Math.floor(i * (originalSteps / steps))) * stride - 1,
  );
}
