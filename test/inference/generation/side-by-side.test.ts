import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GenerationRequest } from '../../../preload/contract/index.ts';
import { openRunningStudio, PLAIN_REQUEST, type RunningStudio } from '../../fixtures/run-studio.ts';

let apart: RunningStudio;
let studio: RunningStudio;
beforeAll(async () => {
  [apart, studio] = [await openRunningStudio(), await openRunningStudio({ cache: true })];
});
afterAll(() => Promise.all([apart.close(), studio.close()]));

const request: GenerationRequest = { ...PLAIN_REQUEST, steps: 30, width: 64, height: 64 };

/** Jobs in the order of their first steps, and of their ends; and the most that had begun and not ended at one time. */
function listen() {
  const [begun, ended] = [[] as string[], [] as string[]];
  const most = { running: 0 };
  const off = [
    studio.on('generation.progress', ({ jobId, step }) => {
      if (step > 0 && !begun.includes(jobId)) begun.push(jobId);
      most.running = Math.max(most.running, begun.length - ended.length);
    }),
    studio.on('generation.finished', ({ jobId }) => void ended.push(jobId)),
  ];
  return { begun, ended, most, stop: () => off.forEach((stop) => stop()) };
}

async function expectEqualApart(requests: readonly GenerationRequest[], pictures: readonly Uint8Array[]) {
  for (const [i, one] of requests.entries()) {
    const { raster } = await apart.paint(one);
    expect(Buffer.from(raster.rgba).equals(pictures[i]!)).toBe(true);
  }
}

test('pictures asked for at once run side by side, and forks of one of them; each is what it is alone', async () => {
  const heard = listen();
  const requests = [1, 2, 3, 4, 5].map((seed) => ({ ...request, seed }));
  // Begun together: on a quick machine with a slow disk the first would be done before the others are in.
  await studio.ask('queue.pause', { paused: true });
  const pictures = Promise.all(requests.map((one) => studio.paint(one)));
  const waiting = async (): Promise<number> =>
    (await studio.ask('queue.list', {})).jobs.filter(({ state }) => state === 'waiting').length;
  await expect.poll(waiting).toBe(5);
  await studio.ask('queue.pause', { paused: false });
  const painted = await pictures;
  expect(heard.begun).toHaveLength(5);
  expect(heard.most.running).toBeGreaterThan(1);
  expect(heard.most.running).toBeLessThanOrEqual(4);
  await expectEqualApart(
    requests,
    painted.map(({ raster }) => raster.rgba),
  );
  const forks = [6, 7, 8].map((seed) => ({
    ...request,
    seed: 1,
    changes: [{ step: 15, noise: { seed, theta: 90 } }],
  }));
  const forked = await Promise.all(forks.map((one) => studio.paint(one)));
  await expectEqualApart(
    forks,
    forked.map(({ raster }) => raster.rgba),
  );
  heard.stop();
}, 120_000);

test('what would take over from one that runs waits for it: the same picture twice is computed once', async () => {
  const heard = listen();
  const [twin, changed] = [
    { ...request, seed: 50 },
    { ...request, seed: 50, changes: [{ step: 20, prompt: 'a lighthouse' }] },
  ];
  const [first, second, third] = await Promise.all([
    studio.paint(twin),
    studio.paint(twin),
    studio.paint(changed),
  ]);
  expect(heard.ended).toEqual([first, second, third].map(({ summary }) => summary.jobId));
  // Taken from what the first left: no step of it was told.
  expect(heard.begun).toEqual([first.summary.jobId, third.summary.jobId]);
  expect(Buffer.from(second.raster.rgba).equals(first.raster.rgba)).toBe(true);
  await expectEqualApart([changed], [third.raster.rgba]);
  heard.stop();
}, 120_000);

/** Groups of four random requests; `IMPASTO_GROUPS=100` for many. */
const GROUPS = Number(process.env['IMPASTO_GROUPS'] ?? 3);

test(`${GROUPS} groups of four random requests asked for at once: each is what it is alone`, async () => {
  const random = steady(Number(process.env['IMPASTO_SEED'] ?? Math.floor(Math.random() * 2 ** 31)));
  for (let group = 0; group < GROUPS; group++) {
    const base = randomRequest(random);
    // One of them begins as another does, and is forked on the way.
    const fork = { step: Math.floor((random.next() * base.steps) / 2), noise: { seed: group, theta: 90 } };
    const requests = [base, { ...base, changes: [fork] }, randomRequest(random), randomRequest(random)];
    const painted = await Promise.all(requests.map((one) => studio.paint(one)));
    for (const [i, one] of requests.entries()) {
      const { raster } = await apart.paint(one);
      const same = Buffer.from(raster.rgba).equals(painted[i]!.raster.rgba);
      expect(same, `IMPASTO_SEED=${random.seed}, group ${group}: ${JSON.stringify(one)}`).toBe(true);
    }
  }
}, 3_600_000);

function steady(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return { seed, next, pick: <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)]! };
}

function randomRequest({ next, pick }: ReturnType<typeof steady>): GenerationRequest {
  const rgba = Uint8Array.from({ length: 64 * 64 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7) % 251));
  return {
    ...request,
    prompt: pick(['a red fox', 'a boat at dawn', '[mountains:sea:0.5], oil painting']),
    negative: pick(['', 'grey']),
    sampler: pick(['ddim', 'euler', 'euler-ancestral', 'dpmpp_2m', 'unipc', 'heun', 'dpmpp-sde', 'lcm']),
    steps: pick([6, 12, 20]),
    guidance: pick([1, 4.5]),
    seed: Math.floor(next() * 1e6),
    noise: pick(['philox', 'torch-cpu']),
    init: next() < 0.3 ? { raster: { width: 64, height: 64, rgba }, strength: 0.8 } : null,
  };
}
