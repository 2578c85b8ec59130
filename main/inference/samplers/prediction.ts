import type { SchedulerConfig } from './sampler.ts';

/** Linear interpolation between order statistics, as torch.quantile does by default. */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const low = Math.floor(position);
  const base = sorted[low] ?? 0;
  return base + (position - low) * ((sorted[low + 1] ?? base) - base);
}

function threshold(values: Float64Array, config: SchedulerConfig, batchSize: number): void {
  const size = values.length / batchSize;
  for (let start = 0; start < values.length; start += size) {
    const picture = values.subarray(start, start + size);
    const limit = quantile(picture.map(Math.abs).sort(), config.thresholdingRatio);
    const scale = Math.min(Math.max(limit, 1), Math.max(config.sampleMaxValue, 1));
    for (let i = 0; i < picture.length; i += 1) {
      picture[i] = Math.min(Math.max(picture[i] ?? 0, -scale), scale) / scale;
    }
  }
}

/**
 * Clips or thresholds a predicted clean sample in place, where the config asks for it. Latent
 * models ask for neither.
 */
export function limitSample(values: Float64Array, config: SchedulerConfig, batchSize: number): void {
  if (config.thresholding) {
    threshold(values, config, batchSize);
  } else if (config.clipSample) {
    const range = config.clipSampleRange;
    for (let i = 0; i < values.length; i += 1) {
      values[i] = Math.min(Math.max(values[i] ?? 0, -range), range);
    }
  }
}

/**
 * The clean sample (`clean`) and the noise (`noise`, each as long as the latent, float64) that the network's
 * output stands for, where the latent is `alpha` parts sample and `sigma` parts noise.
 */
export function predict(
  config: SchedulerConfig,
  latent: Float32Array,
  output: Float32Array,
  alpha: number,
  sigma: number,
): { clean: Float64Array; noise: Float64Array } {
  const clean = new Float64Array(latent.length);
  const noise = new Float64Array(latent.length);
  for (let i = 0; i < latent.length; i += 1) {
    const x = latent[i] ?? 0;
    const y = output[i] ?? 0;
    switch (config.predictionType) {
      case 'epsilon':
        clean[i] = (x - sigma * y) / alpha;
        noise[i] = y;
        break;
      case 'v_prediction':
        clean[i] = alpha * x - sigma * y;
        noise[i] = alpha * y + sigma * x;
        break;
      case 'sample':
        clean[i] = y;
        noise[i] = (x - alpha * y) / sigma;
        break;
    }
  }
  return { clean, noise };
}

/**
 * The clean sample, float64, where the latent is the sample plus `sigma` parts of noise and the
 * network saw it divided by sqrt(sigma² + 1) (Karras et al. 2022, table 1).
 */
export function predictFromSigma(
  config: SchedulerConfig,
  latent: Float32Array,
  output: Float32Array,
  sigma: number,
): Float64Array {
  const clean = new Float64Array(latent.length);
  const variance = sigma * sigma + 1;
  const velocityScale = -sigma / Math.sqrt(variance);
  for (let i = 0; i < latent.length; i += 1) {
    const x = latent[i] ?? 0;
    const y = output[i] ?? 0;
    switch (config.predictionType) {
      case 'epsilon':
        clean[i] = x - sigma * y;
        break;
      case 'v_prediction':
        clean[i] = y * velocityScale + x / variance;
        break;
      case 'sample':
        clean[i] = y;
        break;
    }
  }
  return clean;
}
