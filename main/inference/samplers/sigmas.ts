import { linspace } from './timesteps.ts';
import type { SchedulerConfig } from './sampler.ts';

const f32 = Math.fround;
const KARRAS_RHO = 7;

/** Noise level of each training timestep, sqrt((1 - a) / a), float32, ascending. */
export function trainedSigmas(alphas: Float32Array): Float32Array {
  return alphas.map((alpha) => f32(Math.sqrt(f32(f32(1 - alpha) / alpha))));
}

/** Value at `x` between the entries of `table`, clamped at its ends: numpy's `interp`. */
export function interpolate(table: Float32Array, x: number): number {
  const top = table.length - 1;
  const low = Math.min(Math.max(Math.floor(x), 0), top);
  const base = table[low] ?? 0;
  if (x <= 0 || low === top) return base;
  return base + (x - low) * ((table[low + 1] ?? base) - base);
}

/** The timestep, between trained ones, whose noise level is `sigma` (linear in log sigma). */
export function timestepOfSigma(sigma: number, trained: Float32Array): number {
  const log = Math.log(Math.max(sigma, 1e-10));
  const logAt = (i: number): number => f32(Math.log(trained[i] ?? 0));
  let below = 0;
  let above = trained.length - 1;
  // The last entry that is not above the wanted level.
  while (below < above) {
    const middle = Math.ceil((below + above) / 2);
    if (log >= logAt(middle)) below = middle;
    else above = middle - 1;
  }
  const low = Math.min(below, trained.length - 2);
  const share = (logAt(low) - log) / (logAt(low) - logAt(low + 1));
  const weight = Math.min(Math.max(share, 0), 1);
  return (1 - weight) * low + weight * (low + 1);
}

/** Descending noise levels from `max` to `min` by Karras et al. (2022), eq. 5, with rho 7. */
function karras(max: number, min: number, steps: number): number[] {
  const top = max ** (1 / KARRAS_RHO);
  const bottom = min ** (1 / KARRAS_RHO);
  return linspace(0, 1, steps).map((x) => (top + x * (bottom - top)) ** KARRAS_RHO);
}

/**
 * Noise levels of a run by the config's sigma spacing, or null where it keeps the trained ones.
 *
 * @param max largest level, unless the config says another.
 * @param min smallest level, likewise.
 */
export function respaceSigmas(
  config: SchedulerConfig,
  max: number,
  min: number,
  steps: number,
): number[] | null {
  const top = config.sigmaMax ?? max;
  const bottom = config.sigmaMin ?? min;
  switch (config.sigmaSpacing) {
    case 'trained':
      return null;
    case 'karras':
      return karras(top, bottom, steps);
    case 'exponential':
    case 'lu':
      return linspace(Math.log(top), Math.log(bottom), steps).map(Math.exp);
  }
}

/** A noise level as the signal and noise scales of a variance-preserving process: alpha² + sigma² = 1. */
export function signalAndNoise(sigma: number): { alpha: number; sigma: number } {
  const alpha = 1 / Math.sqrt(sigma * sigma + 1);
  return { alpha, sigma: sigma * alpha };
}
