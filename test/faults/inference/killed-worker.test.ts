import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createInferenceHost } from '../../../main/inference/host/create-inference-host.ts';
import type { GenerateResult } from '../../../main/inference/protocol.ts';
import { median } from '../../fixtures/median.ts';
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
  let messages = 0;
  const whole = await undisturbed.run(job, { progress: () => void (messages += 1) });
  const wanted = fingerprint(whole);
  await undisturbed.dispose();

  const { launch, current } = launchWithHandle();
  const host = createInferenceHost({ launch, maxRestarts: 3 });
  let recoveries = 0;
  for (let i = 0; i < KILLS; i += 1) {
    // At once, or a part of a step after any of the messages from loading to the last step but two.
    let messagesLeft = Math.floor(share(i) * (messages - 2));
    const killLater = (): void => {
      if (messagesLeft === 0)
        setTimeout(() => current().kill(), share(i + KILLS) * median(whole.stepMilliseconds));
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
  // A machine that holds this process up kills too late now and then.
  expect(recoveries).toBeGreaterThanOrEqual(KILLS / 2);
}, 600_000);

test('a worker killed right after a step goes on from that step', async () => {
  const { launch, current } = launchWithHandle();
  const host = createInferenceHost({ launch });
  const job = embeddedJob({ steps: 40, width: 64, height: 64 });
  const steps: number[] = [];
  /** Each recovery, and the last step told before it: what the worker had sent by its end still comes. */
  const recoveries: {
    readonly restarts: number;
    readonly step: number;
    readonly told: number | undefined;
  }[] = [];
  let killed = false;
  await host.run(job, {
    state: ({ step }) => {
      steps.push(step);
      if (step !== 4 || killed) return;
      killed = true;
      current().kill();
    },
    recovered: ({ restarts, step }) => void recoveries.push({ restarts, step, told: steps.at(-1) }),
  });
  await host.dispose();
  expect(recoveries).toHaveLength(1);
  expect(recoveries[0]).toMatchObject({ restarts: 1, step: recoveries[0]?.told });
  expect(steps).toEqual(Array.from({ length: 40 }, (_, step) => step + 1));
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
  /** Jobs that went on, in the order in which they did. */
  const order: number[] = [];
  let apart = false;
  const done = jobs.map((): number[] => []);
  let killed = false;
  const results = await Promise.all(
    jobs.map((job, i) =>
      host.run(job, {
        state: ({ step }) => {
          done[i]?.push(step);
          if (apart && order.at(-1) !== i) order.push(i);
          if (i !== 1 || step !== 5 || killed) return;
          killed = true;
          current().kill();
        },
        recovered: () => void (apart = true),
      }),
    ),
  );
  expect(results.map(fingerprint)).toEqual(wanted);
  for (const steps of done) expect(steps).toEqual(Array.from({ length: 12 }, (_, step) => step + 1));
  // One after the other from then on: any of them may have been the cause.
  expect(order).toEqual([0, 1, 2]);
  await host.dispose();
});
