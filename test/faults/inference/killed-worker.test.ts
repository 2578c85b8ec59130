import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { createInferenceHost } from '../../../main/inference/host/create-inference-host.ts';
import type { GenerateResult } from '../../../main/inference/protocol.ts';
import { embeddedJob } from '../../inference/worker/worker-memory.ts';
import { launchFromSource, launchWithHandle } from './real-worker.ts';

/** 200 is the bar: `IMPASTO_KILLS=200 npx vitest run test/faults/inference/killed-worker.test.ts`. */
const KILLS = Number(process.env['IMPASTO_KILLS'] ?? 10);

/** Everything of a result that must not depend on how it came about. */
function fingerprint({ rgba, latent }: GenerateResult): string {
  return createHash('sha256')
    .update(rgba)
    .update(new Uint8Array(latent.buffer, latent.byteOffset, latent.byteLength))
    .digest('hex');
}

/** A repeatable spread of numbers in 0 … 1. */
function share(i: number): number {
  return ((i + 1) * 0.618033988749) % 1;
}

test(`a worker killed at ${KILLS} moments of a run gives ${KILLS} times the undisturbed picture`, async () => {
  // Ancestral noise: a run that went on from the wrong draw would show.
  const job = embeddedJob({ sampler: { id: 'euler-ancestral' }, steps: 12, width: 64, height: 64 });
  const undisturbed = createInferenceHost({ launch: launchFromSource });
  const wanted = fingerprint(await undisturbed.run(job));
  await undisturbed.dispose();

  const { launch, current } = launchWithHandle();
  const host = createInferenceHost({ launch, maxRestarts: 3 });
  let recoveries = 0;
  for (let i = 0; i < KILLS; i += 1) {
    // At once, or some milliseconds after any of the messages from loading to the last step.
    let messagesLeft = Math.floor(share(i) * 14);
    const killLater = (): void => {
      if (messagesLeft === 0) setTimeout(() => current().kill(), share(i + KILLS) * 15);
      messagesLeft -= 1;
    };
    await host.start();
    killLater();
    const done: number[] = [];
    const result = await host.run(job, {
      progress: killLater,
      state: ({ step }) => done.push(step),
      recovered: () => void (recoveries += 1),
    });
    // No step is done twice: a new worker goes on from the last state that was told of.
    expect(done).toEqual(Array.from({ length: 12 }, (_, step) => step + 1));
    expect(fingerprint(result)).toBe(wanted);
  }
  await host.dispose();
  expect(recoveries).toBeGreaterThanOrEqual(KILLS * 0.8);
}, 600_000);

test('a worker killed right after a step goes on from that step', async () => {
  const { launch, current } = launchWithHandle();
  const host = createInferenceHost({ launch });
  const job = embeddedJob({ steps: 6, width: 64, height: 64 });
  const steps: number[] = [];
  const recovered = vi.fn();
  let killed = false;
  await host.run(job, {
    state: ({ step }) => {
      steps.push(step);
      if (step !== 4 || killed) return;
      killed = true;
      current().kill();
    },
    recovered,
  });
  await host.dispose();
  expect(recovered).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ restarts: 1, step: 4 }));
  expect(steps.slice(0, 4)).toEqual([1, 2, 3, 4]);
  expect(steps.slice(4)).toEqual([5, 6]);
});

test('a job whose worker is killed each time fails after its restarts, and the next job runs', async () => {
  const { launch, current } = launchWithHandle();
  const host = createInferenceHost({ launch, maxRestarts: 2 });
  const job = embeddedJob({ width: 64, height: 64, steps: 8 });
  const doomed = host.run(job, { progress: () => current().kill() });
  await expect(doomed).rejects.toMatchObject({ code: 'inference/worker-died' });
  expect((await host.run(job)).rgba).toHaveLength(64 * 64 * 4);
  await host.dispose();
});

test('jobs side by side that lose their worker each go on by themselves, to the undisturbed pictures', async () => {
  const jobs = [1, 2, 3].map((seed) =>
    embeddedJob({
      seed,
      sampler: { id: 'euler-ancestral' },
      steps: 12,
      width: 64,
      height: 64,
      company: 'one',
    }),
  );
  const undisturbed = createInferenceHost({ launch: launchFromSource });
  const wanted = [];
  for (const job of jobs) wanted.push(fingerprint(await undisturbed.run(job)));
  await undisturbed.dispose();

  const { launch, current } = launchWithHandle();
  const host = createInferenceHost({ launch });
  const order: number[] = [];
  const done = jobs.map((): number[] => []);
  let killed = false;
  const results = await Promise.all(
    jobs.map((job, i) =>
      host.run(job, {
        state: ({ step }) => {
          done[i]?.push(step);
          if (killed) order.push(i);
          if (i !== 1 || step !== 5) return;
          killed = true;
          current().kill();
        },
      }),
    ),
  );
  expect(results.map(fingerprint)).toEqual(wanted);
  for (const steps of done) expect(steps).toEqual(Array.from({ length: 12 }, (_, step) => step + 1));
  // One after the other from then on: any of them may have been the cause.
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  await host.dispose();
});
