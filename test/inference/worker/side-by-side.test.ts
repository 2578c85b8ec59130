import { expect, test } from 'vitest';
import { InferenceError } from '../../../main/inference/errors.ts';
import type { GenerateJob } from '../../../main/inference/protocol.ts';
import { runJob } from '../../../main/inference/worker/run-job.ts';
import { embeddedJob, freshMemory, link, watchBuilds } from './worker-memory.ts';

const STEPS = 24;
/** Other words, noise, sampler and guidance: what they share is the network. */
const JOBS: readonly Partial<GenerateJob>[] = [
  { seed: 1 },
  { seed: 2, prompt: 'a red house in winter', sampler: { id: 'euler-ancestral' }, noise: 'torch-cpu' },
  { seed: 3, sampler: { id: 'dpmpp-2m' }, guidance: 7, steps: 40 },
  { seed: 4, steps: 60, changes: [{ step: 10, prompt: 'a lighthouse', noise: { seed: 9, theta: 60 } }] },
];
const jobs = JOBS.map((changes) => embeddedJob({ width: 64, height: 64, steps: STEPS, ...changes }));

test('jobs side by side paint what each paints alone, through one network for all of them', async () => {
  const alone = freshMemory();
  const wanted = [];
  for (const job of jobs) wanted.push(await runJob(job, link(), alone));
  await alone.networks.clear();
  expect(wanted.every(({ aloneMilliseconds }) => aloneMilliseconds === undefined)).toBe(true);

  const memory = freshMemory();
  const built: string[] = [];
  const watched = { ...memory, networks: watchBuilds(memory.networks, built) };
  const results = await Promise.all(jobs.map((job) => runJob(job, link(), watched)));
  for (const [i, { rgba, latent, aloneMilliseconds, stepMilliseconds }] of results.entries()) {
    expect(Buffer.from(rgba).equals(wanted[i]!.rgba)).toBe(true);
    expect(latent).toEqual(wanted[i]!.latent);
    // What a picture costs is learnt as if it had been alone; beside others its steps took longer.
    expect(aloneMilliseconds).toBeGreaterThan(0);
    expect(aloneMilliseconds).toBeLessThan(stepMilliseconds.reduce((sum, value) => sum + value, 0));
  }
  // For one, for four, and for fewer when the first have ended.
  expect(built.filter((name) => name === 'UNet').length).toBeGreaterThanOrEqual(2);
  expect(memory.batcher.members).toBe(0);
  await memory.networks.clear();
});

test('one that is cancelled or fails leaves, and the others go on to their pictures', async () => {
  const memory = freshMemory();
  const [first, second] = jobs;
  const wanted = await runJob(first!, link(), memory);
  let steps = 0;
  const [kept, cancelled, failed] = await Promise.allSettled([
    runJob(first!, link(), memory),
    runJob(second!, link({ state: () => void (steps += 1), cancelled: () => steps >= 3 }), memory),
    runJob({ ...first!, model: { kind: 'folder', path: '/no/such/model' } }, link(), memory),
  ]);
  expect(kept).toMatchObject({ status: 'fulfilled' });
  if (kept.status === 'fulfilled') expect(Buffer.from(kept.value.rgba).equals(wanted.rgba)).toBe(true);
  expect(cancelled).toMatchObject({ status: 'rejected', reason: { code: 'inference/cancelled' } });
  expect(steps).toBe(3);
  expect(failed.status).toBe('rejected');
  if (cancelled.status === 'rejected') expect(cancelled.reason).toBeInstanceOf(InferenceError);
  expect(memory.batcher.members).toBe(0);
  await memory.networks.clear();
});
