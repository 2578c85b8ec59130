import { describe, expect, test } from 'vitest';
import { cumulativeAlphas } from '../../../../main/inference/samplers/noise-schedule.ts';
import { predict } from '../../../../main/inference/samplers/prediction.ts';
import { STABLE_DIFFUSION_SCHEDULE } from '../../../../main/inference/samplers/scheduler-config.ts';
import { NoiseLevels } from '../../../../main/training/training-target.ts';

const latent = Float32Array.of(0.5, -1.5, 2);
const noise = Float32Array.of(1, 0.25, -0.75);

describe.each(['epsilon', 'v_prediction', 'sample'] as const)('%s', (predictionType) => {
  const config = { ...STABLE_DIFFUSION_SCHEDULE, predictionType };
  const signal = cumulativeAlphas(config, false);

  test('a denoiser that says the target is understood by the samplers as latent and noise', () => {
    for (const timestep of [0, 300, 999]) {
      const { noisy, target } = new NoiseLevels(config, 0).sample(latent, noise, timestep);
      const alpha = Math.sqrt(signal[timestep] ?? 0);
      const found = predict(config, noisy, target, alpha, Math.sqrt(1 - alpha * alpha));
      latent.forEach((value, i) => expect(found.clean[i]).toBeCloseTo(value, 4));
      if (timestep > 0) noise.forEach((value, i) => expect(found.noise[i]).toBeCloseTo(value, 4));
    }
  });

  test("min-SNR weighs the latent's own error by min(SNR, γ)", () => {
    for (const timestep of [10, 300, 900]) {
      const { weight } = new NoiseLevels(config, 5).sample(latent, noise, timestep);
      const share = signal[timestep] ?? 0;
      const ratio = share / (1 - share);
      // An error δ of the prediction is one of the latent of δ·σ/α, of δ, and of δ·σ.
      const squared = { epsilon: 1 / ratio, sample: 1, v_prediction: 1 - share }[predictionType];
      expect(weight).toBeCloseTo(Math.min(ratio, 5) * squared, 5);
    }
    expect(new NoiseLevels(config, 0).sample(latent, noise, 10).weight).toBe(1);
  });
});

test('a schedule that ends without signal gives numbers to its end', () => {
  for (const predictionType of ['epsilon', 'v_prediction'] as const) {
    const config = { ...STABLE_DIFFUSION_SCHEDULE, predictionType, rescaleZeroTerminalSnr: true };
    const { noisy, target, weight } = new NoiseLevels(config, 5).sample(latent, noise, 999);
    expect([...noisy, ...target, weight].every(Number.isFinite)).toBe(true);
  }
});
