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
  const painted = await Promise.all(requests.map((one) => studio.paint(one)));
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
