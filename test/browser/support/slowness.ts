import { availableParallelism, loadavg } from 'node:os';

/** Steps of a fixed piece of work, and the milliseconds that they take on a quiet core of 2023. */
const WORK = { steps: 50_000_000, milliseconds: 60 };

/**
 * How many times slower than a quiet desktop this machine is just now, at least 1: what a bar in seconds is multiplied by
 * where it cannot be told in frames or by a clock of the page. By a fixed piece of work, and by who else wants the cores.
 */
export function slowness(): number {
  const begun = performance.now();
  let value = 1;
  for (let i = 0; i < WORK.steps; i++) value = Math.imul(value, 1_664_525) + 1_013_904_223;
  // What nobody reads need not be computed.
  if (value === 0.5) throw new Error('An integer has no half.');
  const pace = (performance.now() - begun) / WORK.milliseconds;
  return Math.max(1, pace, (loadavg()[0] ?? 0) / availableParallelism());
}
