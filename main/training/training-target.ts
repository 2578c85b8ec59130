import { cumulativeAlphas } from '../inference/samplers/noise-schedule.ts';
import type { SchedulerConfig } from '../inference/samplers/sampler.ts';

/** What a denoiser is shown and what it should say. */
export interface TrainingSample {
  /** The latent with noise in it. */
  readonly noisy: Float32Array;
  readonly target: Float32Array;
  /** What its squared error is multiplied by. */
  readonly weight: number;
}

/** Noise levels of a model as it was trained. */
export class NoiseLevels {
  readonly #config: SchedulerConfig;
  readonly #signal: Float32Array;
  readonly #gamma: number;

  /** @param gamma of min-SNR weighting; 0 for none. */
  constructor(config: SchedulerConfig, gamma: number) {
    this.#config = config;
    this.#signal = cumulativeAlphas(config, false);
    this.#gamma = gamma;
  }

  get count(): number {
    return this.#config.trainSteps;
  }

  /**
   * The latent at a timestep, √ᾱ·x + √(1 − ᾱ)·ε, and what the network should make of it: the noise, the latent, or
   * v = √ᾱ·ε − √(1 − ᾱ)·x (Salimans and Ho 2022, appendix D).
   */
  sample(latent: Float32Array, noise: Float32Array, timestep: number): TrainingSample {
    const signal = this.#signal[timestep] ?? 0;
    const alpha = Math.sqrt(signal);
    const sigma = Math.sqrt(1 - signal);
    const noisy = latent.map((x, i) => alpha * x + sigma * (noise[i] ?? 0));
    return { noisy, target: this.#target(latent, noise, alpha, sigma), weight: this.#weight(signal) };
  }

  #target(latent: Float32Array, noise: Float32Array, alpha: number, sigma: number): Float32Array {
    switch (this.#config.predictionType) {
      case 'epsilon':
        return noise;
      case 'sample':
        return latent;
      case 'v_prediction':
        return noise.map((e, i) => alpha * e - sigma * (latent[i] ?? 0));
    }
  }

  /** Hang et al. (2023), §3.4: min(SNR, γ) of the latent's own error, in terms of what is predicted. */
  #weight(signal: number): number {
    if (this.#gamma <= 0) return 1;
    const ratio = signal / (1 - signal);
    const capped = Math.min(ratio, this.#gamma);
    switch (this.#config.predictionType) {
      case 'epsilon':
        return ratio === 0 ? 1 : capped / ratio;
      case 'sample':
        return capped;
      case 'v_prediction':
        return capped / (ratio + 1);
    }
  }
}
