import type { Feed } from '../../inference/sessions/network.ts';
import { type Lap, lap, median } from './stopwatch.ts';

type Feeds = Readonly<Record<string, Feed>>;

/** The steps that are timed. */
export interface Steps {
  readonly plain: () => Promise<unknown>;
  /** A step of the network that takes adapters, with these as its inputs. */
  readonly adapted: (adapters: Feeds) => Promise<unknown>;
  /** The inputs of the first or the second adapter at a strength, made anew. */
  readonly stack: (which: number, strength: number) => Feeds;
}

/** Laps of each round; the n-th of each were taken in one round. */
export interface StepLaps {
  readonly plain: readonly Lap[];
  /** A step with what the step before it had, */
  readonly adapted: readonly Lap[];
  /** stacking another adapter at another strength, the step with it, */
  readonly stack: readonly Lap[];
  readonly swapped: readonly Lap[];
  /** and once more a step with what the step before it had. */
  readonly again: readonly Lap[];
}

/**
 * Plain steps, steps with an adapter, and steps after a swap, in turn. Every timed step follows one of the same network, so
 * that none pays for what another left in the caches and in memory (about 200 ms of 2.4 s for SD1.5 at 512 px).
 *
 * @param before awaited before each round
 */
export async function timeSteps(
  steps: Steps,
  rounds: number,
  before: () => Promise<void>,
): Promise<StepLaps> {
  const laps: Record<keyof StepLaps, Lap[]> = { plain: [], adapted: [], stack: [], swapped: [], again: [] };
  let active = steps.stack(0, 1);
  for (let round = 0; round < rounds; round += 1) {
    await before();
    await steps.plain();
    laps.plain.push(await lap(steps.plain));
    await steps.adapted(active);
    laps.adapted.push(await lap(() => steps.adapted(active)));
    laps.stack.push(
      await lap(async () => {
        active = steps.stack(round + 1, 0.5 + (0.1 * (round + 1)) / rounds);
      }),
    );
    laps.swapped.push(await lap(() => steps.adapted(active)));
    laps.again.push(await lap(() => steps.adapted(active)));
  }
  return laps;
}

/** Plain steps and steps with adapters in turn, each after one of the same network that is not counted. */
export async function timeBeside(
  steps: Steps,
  adapters: Feeds,
  rounds: number,
  before: () => void,
): Promise<{ readonly plain: readonly Lap[]; readonly with: readonly Lap[] }> {
  const [plain, beside]: [Lap[], Lap[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    before();
    await steps.plain();
    plain.push(await lap(steps.plain));
    await steps.adapted(adapters);
    beside.push(await lap(() => steps.adapted(adapters)));
  }
  return { plain, with: beside };
}

/** What a swap costs over a step, in milliseconds. */
export interface SwapCost {
  readonly rounds: number;
  readonly milliseconds: number;
  readonly stackMilliseconds: number;
  readonly coreMilliseconds: number;
  readonly ratio: number;
  /** How far the steps before and after differ, in which nothing changes: what of the figures above is noise. */
  readonly noiseMilliseconds: number;
  readonly noiseCoreMilliseconds: number;
}

/** The median over rounds of a swap and its step, less the mean of the steps before and after, which had the same machine. */
export function swapCost({ adapted, again, stack, swapped }: StepLaps): SwapCost {
  const rounds = adapted.flatMap((before, i) => {
    const [making, step, after] = [stack[i], swapped[i], again[i]];
    return making && step && after ? [{ before, making, step, after }] : [];
  });
  const cost = median(
    rounds.map(({ before, making, step, after }) => ({
      wall: making.wall + step.wall - (before.wall + after.wall) / 2,
      cpu: making.cpu + step.cpu - (before.cpu + after.cpu) / 2,
    })),
  );
  const noise = median(
    rounds.map(({ before, after }) => ({
      wall: Math.abs(after.wall - before.wall),
      cpu: Math.abs(after.cpu - before.cpu),
    })),
  );
  return {
    rounds: rounds.length,
    milliseconds: cost.wall * 1000,
    stackMilliseconds: median(stack).wall * 1000,
    coreMilliseconds: cost.cpu * 1000,
    ratio: 1 + cost.wall / median([...adapted, ...again]).wall,
    noiseMilliseconds: noise.wall * 1000,
    noiseCoreMilliseconds: noise.cpu * 1000,
  };
}
