import { ModelError } from '../../../native-models/errors.ts';
import type { SchedulerConfig } from './sampler.ts';

const f32 = Math.fround;
/** Least positive float16: what a schedule of zero terminal signal keeps, so that sigma stays finite. */
const LEAST_SIGNAL = 2 ** -24;

/** `count` values from `start` to `end`, both included, as torch.linspace gives them in float32. */
function linspace32(start: number, end: number, count: number): Float32Array {
  const first = f32(start);
  const last = f32(end);
  const step = f32(f32(last - first) / (count - 1));
  const half = Math.floor(count / 2);
  return Float32Array.from({ length: count }, (_, i) =>
    i < half ? f32(first + step * i) : f32(last - step * (count - i - 1)),
  );
}

/** Nichol and Dhariwal (2021), eq. 17. */
function cosineBetas(count: number): Float32Array {
  const signal = (t: number): number => Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2;
  return Float32Array.from({ length: count }, (_, i) =>
    Math.min(1 - signal((i + 1) / count) / signal(i / count), 0.999),
  );
}

function plainBetas(config: SchedulerConfig): Float32Array {
  const { trainedBetas, betaStart, betaEnd, trainSteps } = config;
  if (trainedBetas) return Float32Array.from(trainedBetas);
  switch (config.betaSchedule) {
    case 'linear':
      return linspace32(betaStart, betaEnd, trainSteps);
    case 'scaled_linear':
      return linspace32(Math.sqrt(betaStart), Math.sqrt(betaEnd), trainSteps).map((x) => x * x);
    case 'squaredcos_cap_v2':
      return cosineBetas(trainSteps);
    case 'sigmoid':
      return linspace32(-6, 6, trainSteps).map((x) =>
        f32(f32(f32(1 / (1 + Math.exp(-x))) * f32(betaEnd - betaStart)) + f32(betaStart)),
      );
  }
}

/** Products of 1 - beta from the start, summed up in float64 and kept in float32, as torch.cumprod does. */
function cumulativeSignal(betas: Float32Array): Float32Array {
  let product = 1;
  return betas.map((beta) => {
    product *= f32(1 - beta);
    return product;
  });
}

/** Lin et al. (2023), "Common Diffusion Noise Schedules and Sample Steps are Flawed", algorithm 1. */
function rescaleToZeroTerminalSnr(betas: Float32Array): Float32Array {
  const roots = cumulativeSignal(betas).map((x) => Math.sqrt(x));
  const first = roots[0] ?? 1;
  const last = roots.at(-1) ?? 0;
  const scale = f32(first / f32(first - last));
  const signal = roots.map((root) => f32(f32(root - last) * scale) ** 2);
  return signal.map((value, i) => {
    const before = i === 0 ? 1 : (signal[i - 1] ?? 1);
    return 1 - f32(value / before);
  });
}

/**
 * The signal that is left at each training timestep: the cumulative product of 1 - beta, in (0, 1],
 * float32 as the reference keeps it.
 *
 * @param keepSignal whether the last value of a schedule rescaled to zero terminal signal-to-noise
 *   is 2^-24 rather than 0, as the samplers that divide by it need it; noise prediction always does.
 * @throws ModelError `config-invalid` if the betas leave that range.
 */
export function cumulativeAlphas(config: SchedulerConfig, keepSignal: boolean): Float32Array {
  const plain = plainBetas(config);
  const alphas = cumulativeSignal(config.rescaleZeroTerminalSnr ? rescaleToZeroTerminalSnr(plain) : plain);
  // A clean sample cannot be told from predicted noise where there is no signal at all.
  const divides = keepSignal || config.predictionType === 'epsilon';
  if (config.rescaleZeroTerminalSnr && divides) alphas[alphas.length - 1] = LEAST_SIGNAL;
  if (alphas.some((alpha) => !(alpha >= 0 && alpha <= 1))) {
    throw new ModelError(
      'config-invalid',
      'The noise schedule of this model has variances outside 0 to 1.',
      'Check beta_start, beta_end and beta_schedule in its scheduler_config.json.',
    );
  }
  return alphas;
}
