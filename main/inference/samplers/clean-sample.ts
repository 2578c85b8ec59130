import type { PredictionType } from '../../../native-models/checkpoints/component-configs.ts';
import type { Sampler } from './sampler.ts';

/**
 * The clean latent that an evaluation stands for, as heading to it in one step would give it.
 *
 * @param latent what the evaluation at `index` began with; @param output what the network made of it.
 */
export function cleanSample(
  sampler: Pick<Sampler, 'seenLevel'>,
  prediction: PredictionType,
  { latent, output, index }: { latent: Float32Array; output: Float32Array; index: number },
): Float32Array {
  const { alpha, sigma } = sampler.seenLevel(index);
  const length = Math.hypot(alpha, sigma);
  const [ofLatent, ofOutput] =
    prediction === 'v_prediction'
      ? [alpha / length ** 2, -sigma / length]
      : [1 / Math.max(alpha, 1e-3), -sigma / Math.max(alpha, 1e-3)];
  return latent.map((value, i) => ofLatent * value + ofOutput * (output[i] ?? 0));
}
