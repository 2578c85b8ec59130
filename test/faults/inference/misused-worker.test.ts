import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createInferenceHost } from '../../../main/inference/host/create-inference-host.ts';
import { launchNode } from '../../../main/inference/host/launch-node.ts';
import { probeDevices } from '../../../main/inference/devices/probe-devices.ts';
import { embeddedJob } from '../../inference/worker/worker-memory.ts';
import { launchFromSource, launchWithHandle } from './real-worker.ts';

/** Times that something is tried of which a machine that stalls may spoil one or another. */
const ATTEMPTS = 5;

const missing = path.resolve(import.meta.dirname, 'no-such-entry.ts');

test('a worker whose entry is missing gives one clear error and is started once', async () => {
  const launch = vi.fn(launchNode({ worker: missing, probe: missing, converter: missing, trainer: missing }));
  const host = createInferenceHost({ launch });
  await expect(host.run(embeddedJob())).rejects.toMatchObject({
    code: 'inference/worker-failed-to-start',
    message: expect.stringContaining('exit code 1'),
  });
  await delay(200);
  expect(launch).toHaveBeenCalledOnce();
  await host.dispose();
});

test('a probe whose entry is missing fails each provider and leaves the processor chosen', async () => {
  const report = await probeDevices({
    launch: launchNode({ worker: missing, probe: missing, converter: missing, trainer: missing }),
    providers: ['cpu'],
  });
  expect(report.chosen).toBe('cpu');
  expect(report.tried).toMatchObject([{ verdict: 'failed', reason: expect.stringContaining('exit code 1') }]);
});

test('messages of an unknown kind are ignored with a report, and jobs still run', async () => {
  const { launch, current } = launchWithHandle();
  const notice = vi.fn();
  const host = createInferenceHost({ launch, notice });
  await host.start();
  for (const odd of [{ type: 'dance' }, 'text', 17, { type: 'run' }]) current().post(odd);
  const result = await host.run(embeddedJob({ width: 64, height: 64, steps: 2 }));
  // Messages are read in their order, so by now all of them were.
  expect(notice.mock.calls.flat().filter((text: string) => /not known/.test(text))).toHaveLength(3);
  expect(result.rgba).toHaveLength(64 * 64 * 4);
  await host.dispose();
});

test('cancel in mid-run returns within one step, and the worker takes the next job warm', async () => {
  const launch = vi.fn(launchFromSource);
  const host = createInferenceHost({ launch });
  const job = embeddedJob({ steps: 1000 });
  await host.run({ ...job, steps: 1 });
  const stepsAfter: number[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const controller = new AbortController();
    let lastStep = 0;
    const state = ({ step }: { readonly step: number }): void => {
      lastStep = step;
      if (step === 5) controller.abort();
    };
    await expect(host.run(job, { state }, controller.signal)).rejects.toMatchObject({
      code: 'inference/cancelled',
    });
    stepsAfter.push(lastStep - 5);
  }
  // The step that runs while the cancel travels may still be told of; where the machine holds this process up, more.
  expect(Math.min(...stepsAfter)).toBeLessThanOrEqual(1);
  const next = await host.run({ ...job, steps: 1 });
  expect(next.stepMilliseconds).toHaveLength(1);
  expect(launch).toHaveBeenCalledOnce();
  await host.dispose();
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a worker whose host is gone ends by itself', async () => {
  const { launch, current } = launchWithHandle();
  const host = createInferenceHost({ launch });
  await host.start();
  const { pid } = current();
  await host.dispose();
  await expect.poll(() => isAlive(pid!)).toBe(false);
});
