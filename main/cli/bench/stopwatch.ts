/** How long something took: by the clock, and of all the processor's cores together; seconds. */
export interface Lap {
  readonly wall: number;
  readonly cpu: number;
}

/** Times one run of `work`. */
export async function lap(work: () => Promise<unknown>): Promise<Lap> {
  const used = process.cpuUsage();
  const begun = performance.now();
  await work();
  const wall = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(used);
  return { wall, cpu: (user + system) / 1e6 };
}

/** The least of each: what it costs where nothing else is in the way. */
export function best(laps: readonly Lap[]): Lap {
  return {
    wall: Math.min(...laps.map(({ wall }) => wall)),
    cpu: Math.min(...laps.map(({ cpu }) => cpu)),
  };
}

/** The middle of each. */
export function median(laps: readonly Lap[]): Lap {
  return { wall: middle(laps.map(({ wall }) => wall)), cpu: middle(laps.map(({ cpu }) => cpu)) };
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}
