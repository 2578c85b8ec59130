import type { SchedulerConfig } from './sampler.ts';
import type { GridPoint } from './solver-grid.ts';

/** A solver step as a weighted sum: of the latent, of the outputs (newest first), of fresh noise. */
export interface StepWeights {
  readonly latent: number;
  readonly outputs: readonly number[];
  readonly noise: number;
}

/** The three coefficients that an order of the solver multiplies D0, D1 and D2 with. */
interface Coefficients {
  readonly latent: number;
  readonly d0: number;
  readonly d1: number;
  readonly d2: number;
  readonly noise: number;
}

/**
 * Lu et al. (2022), "DPM-Solver++", eq. 9 and 14, and "DPM-Solver", eq. 3.8: coefficients of the
 * derivatives for a step in lambda from `from` to `to`. With `heun` the second one is the exact integral, with `midpoint` half of the first.
 */
function coefficients(config: SchedulerConfig, to: GridPoint, from: GridPoint): Coefficients {
  const h = to.lambda - from.lambda;
  const heun = config.solverType === 'heun';
  switch (config.algorithmType) {
    case 'dpmsolver++': {
      const phi = Math.expm1(-h);
      return {
        latent: to.sigma / from.sigma,
        d0: -to.alpha * phi,
        d1: to.alpha * (heun ? phi / h + 1 : -0.5 * phi),
        d2: -to.alpha * ((phi + h) / h ** 2 - 0.5),
        noise: 0,
      };
    }
    case 'dpmsolver': {
      const phi = Math.expm1(h);
      return {
        latent: to.alpha / from.alpha,
        d0: -to.sigma * phi,
        d1: -to.sigma * (heun ? phi / h - 1 : 0.5 * phi),
        d2: -to.sigma * ((phi - h) / h ** 2 - 0.5),
        noise: 0,
      };
    }
    case 'sde-dpmsolver++': {
      const phi = -Math.expm1(-2 * h);
      return {
        latent: (to.sigma / from.sigma) * Math.exp(-h),
        d0: to.alpha * phi,
        d1: to.alpha * (heun ? phi / (-2 * h) + 1 : 0.5 * phi),
        d2: 0,
        noise: to.sigma * Math.sqrt(phi),
      };
    }
    case 'sde-dpmsolver': {
      const phi = Math.expm1(h);
      return {
        latent: to.alpha / from.alpha,
        d0: -2 * to.sigma * phi,
        d1: heun ? -2 * to.sigma * (phi / h - 1) : -to.sigma * phi,
        d2: 0,
        noise: to.sigma * Math.sqrt(Math.expm1(2 * h)),
      };
    }
  }
}

/**
 * Weights of one multistep update.
 *
 * @param points the grid from the step's end backwards: end, now, and one earlier point for each
 *   order above the first (2 to 4 in all).
 */
export function multistepWeights(config: SchedulerConfig, points: readonly GridPoint[]): StepWeights {
  const [to, now, before, earlier] = points;
  if (!to || !now) throw new RangeError('A solver step needs its end and its beginning');
  const order = points.length - 1;
  // The third order is defined with the exact integrals only.
  const c = coefficients(order === 3 ? { ...config, solverType: 'heun' } : config, to, now);
  if (!before) return { latent: c.latent, outputs: [c.d0], noise: c.noise };
  const h = to.lambda - now.lambda;
  const r0 = (now.lambda - before.lambda) / h;
  if (!earlier) {
    return { latent: c.latent, outputs: [c.d0 + c.d1 / r0, -c.d1 / r0], noise: c.noise };
  }
  const r1 = (before.lambda - earlier.lambda) / h;
  // D1 = first + r0 / (r0 + r1) (first - second), D2 = (first - second) / (r0 + r1), with
  // first = (m0 - m1) / r0 and second = (m1 - m2) / r1.
  const first = c.d1 * (1 + r0 / (r0 + r1)) + c.d2 / (r0 + r1);
  const second = -(c.d1 * r0 + c.d2) / (r0 + r1);
  return {
    latent: c.latent,
    outputs: [c.d0 + first / r0, second / r1 - first / r0, -second / r1],
    noise: c.noise,
  };
}
