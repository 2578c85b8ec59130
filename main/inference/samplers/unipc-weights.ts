import type { SchedulerConfig } from './sampler.ts';
import type { GridPoint } from './solver-grid.ts';

/** A UniPC update as a weighted sum of a latent and of outputs. */
export interface UniWeights {
  readonly latent: number;
  readonly outputs: readonly number[];
}

/** Solves a small dense linear system by elimination with partial pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const size = rows.length;
  const at = (r: number, c: number): number => rows[r]?.[c] ?? 0;
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let r = column + 1; r < size; r += 1) {
      if (Math.abs(at(r, column)) > Math.abs(at(pivot, column))) pivot = r;
    }
    const [chosen, displaced] = [rows[pivot] ?? [], rows[column] ?? []];
    rows[column] = chosen;
    rows[pivot] = displaced;
    for (let r = 0; r < size; r += 1) {
      if (r === column) continue;
      const factor = at(r, column) / at(column, column);
      rows[r] = (rows[r] ?? []).map((value, c) => value - factor * at(column, c));
    }
  }
  return rows.map((row, i) => (row[size] ?? 0) / (row[i] ?? 1));
}

interface Terms {
  /** Positions of the earlier outputs, (lambda_i - lambda_0) / h, then 1. */
  readonly ratios: number[];
  /** Right side of the order conditions (paper, eq. 11). */
  readonly conditions: number[];
  readonly latent: number;
  readonly newest: number;
  /** What the weighted differences are multiplied with. */
  readonly scale: number;
}

function terms(config: SchedulerConfig, points: readonly GridPoint[]): Terms {
  const [to, now, ...earlier] = points;
  if (!to || !now) throw new RangeError('A solver step needs its end and its beginning');
  const h = to.lambda - now.lambda;
  const signed = config.predictX0 ? -h : h;
  const phi1 = Math.expm1(signed);
  const scale = config.solverType === 'bh1' ? signed : phi1;
  const conditions: number[] = [];
  let factorial = 1;
  let phi = phi1 / signed - 1;
  for (let i = 1; i < points.length; i += 1) {
    conditions.push((phi * factorial) / scale);
    factorial *= i + 1;
    phi = phi / signed - 1 / factorial;
  }
  const outer = config.predictX0 ? to.alpha : to.sigma;
  return {
    ratios: [...earlier.map((point) => (point.lambda - now.lambda) / h), 1],
    conditions,
    latent: config.predictX0 ? to.sigma / now.sigma : to.alpha / now.alpha,
    newest: -outer * phi1,
    scale: -outer * scale,
  };
}

/** The order conditions: powers of the ratios against the right side. */
function orderConditions({ ratios, conditions }: Terms, order: number): number[] {
  const powers = Array.from({ length: order }, (_, power) => ratios.slice(0, order).map((r) => r ** power));
  return solve(powers, conditions.slice(0, order));
}

/**
 * UniP (paper, algorithm 6 and 8): weights of the outputs, newest first.
 *
 * @param points the grid from the step's end backwards; one more than the order.
 */
export function predictorWeights(config: SchedulerConfig, points: readonly GridPoint[]): UniWeights {
  const t = terms(config, points);
  const order = points.length - 1;
  if (order === 1) return { latent: t.latent, outputs: [t.newest] };
  // Of second order the exact weight is near a half, and the paper takes that.
  const rhos = order === 2 ? [0.5] : orderConditions(t, order - 1);
  const differences = rhos.map((rho, i) => (t.scale * rho) / (t.ratios[i] ?? 1));
  const newest = t.newest - differences.reduce((a, b) => a + b, 0);
  return { latent: t.latent, outputs: [newest, ...differences] };
}

/**
 * UniC (paper, algorithm 5 and 7): weights of the outputs, the one at the step's end first.
 *
 * @param points the grid from the step's end backwards; one more than the order.
 */
export function correctorWeights(config: SchedulerConfig, points: readonly GridPoint[]): UniWeights {
  const t = terms(config, points);
  const order = points.length - 1;
  const rhos = order === 1 ? [0.5] : orderConditions(t, order);
  const differences = rhos.slice(0, -1).map((rho, i) => (t.scale * rho) / (t.ratios[i] ?? 1));
  const ahead = t.scale * (rhos.at(-1) ?? 0);
  const newest = t.newest - ahead - differences.reduce((a, b) => a + b, 0);
  return { latent: t.latent, outputs: [ahead, newest, ...differences] };
}
