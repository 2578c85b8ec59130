import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { median } from '../fixtures/median.ts';
import { openRunningStudio, PLAIN_REQUEST } from '../fixtures/run-studio.ts';

/**
 * Pictures of the built-in model asked for at once against the same number one after the other, in one run, in turn; medians
 * of several rounds, whole pictures to pixels, model loaded, nothing taken from the cache.
 *
 * Run: `node test/bench/side-by-side.ts [--steps 20] [--size 256] [--rounds 7]`.
 */
const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '20' },
    size: { type: 'string', default: '256' },
    rounds: { type: 'string', default: '7' },
  },
});
const size = Number(values.size);
const rounds = Number(values.rounds);
const request = { ...PLAIN_REQUEST, steps: Number(values.steps), width: size, height: size };
const studio = await openRunningStudio();
let seed = 0;

async function time(count: number, atOnce: boolean): Promise<number> {
  const requests = Array.from({ length: count }, () => ({ ...request, seed: (seed += 1) }));
  const begun = performance.now();
  if (atOnce) await Promise.all(requests.map((one) => studio.paint(one)));
  else for (const one of requests) await studio.paint(one);
  return performance.now() - begun;
}

try {
  for (const count of [2, 3, 4, 8]) {
    // Networks for so many rows are made when they have become worth it.
    for (let i = 0; i < 3; i++) await time(count, true);
    const [apart, together]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      apart.push(await time(count, false));
      together.push(await time(count, true));
    }
    const [one, other] = [median(apart), median(together)];
    console.log(
      `${count} pictures: ${one.toFixed(0)} ms one by one, ${other.toFixed(0)} ms at once: ${((100 * other) / one).toFixed(0)} %`,
    );
  }
  console.log(
    `${size} px, ${request.steps} steps, ${cpus().length} cores, ${rounds} rounds, load ${(loadavg()[0] ?? 0).toFixed(1)}`,
  );
} finally {
  await studio.close();
}
