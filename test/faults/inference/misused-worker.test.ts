import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createInferenceHost } from '../../../main/inference/host/create-inference-host.ts';
import { launchNode } from '../../../main/inference/host/launch-node.ts';
import { probeDevices } from '../../../main/inference/devices/probe-devices.ts';
import { embeddedJob } from '../../inference/worker/worker-memory.ts';
import { launchFromSource, launchWithHandle } from './real-worker.ts';

const missing = path.resolve(import.meta.dirname, 'no-such-entry.ts');

test('a worker whose entry is missing gives one clear error and is started once', async () => {
  const launch = vi.fn(launchNode({ worker: missing, probe: missing, converter: missing }));
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
    launch: launchNode({ worker: missing, probe: missing, converter: missing }),
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
  await delay(300);
  expect(notice.mock.calls.flat().filter((text: string) => /not known/.test(text))).toHaveLength(3);
  const result = await host.run(embeddedJob({ width: 64, height: 64, steps: 2 }));
  expect(result.rgba).toHaveLength(64 * 64 * 4);
  await host.dispose();
});

test('cancel in mid-run returns within one step, and the worker takes the next job warm', async () => {
  const launch = vi.fn(launchFromSource);
  const host = createInferenceHost({ launch });
  const job = embeddedJob({ steps: 50 });
  await host.run({ ...job, steps: 1 });
  const controller = new AbortController();
  let stepsAtCancel = 0;
  let lastStep = 0;
  const running = host.run(
    job,
    {
      state: ({ step }) => {
        lastStep = step;
        if (step === 5) {
          stepsAtCancel = step;
          controller.abort();
        }
      },
    },
    controller.signal,
  );
  await expect(running).rejects.toMatchObject({ code: 'inference/cancelled' });
  // The step that runs while the cancel travels may still be told of.
  expect(lastStep).toBeLessThanOrEqual(stepsAtCancel + 1);
  const next = await host.run({ ...job, steps: 1 });
  expect(next.stepMilliseconds).toHaveLength(1);
  expect(launch).toHaveBeenCalledOnce();
  await host.dispose();
});

test('a worker whose host is gone ends by itself', async () => {
  const { launch, current } = launchWithHandle();
  const host = createInferenceHost({ launch });
  await host.start();
  const { pid } = current();
  await host.dispose();
  await delay(100);
  expect(() => process.kill(pid!, 0)).toThrow(/ESRCH/);
});
