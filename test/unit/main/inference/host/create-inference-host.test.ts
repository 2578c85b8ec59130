import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createInferenceHost } from '../../../../../main/inference/host/create-inference-host.ts';
import { fakeLaunch, someJob, someResult, someState } from './fake-worker.ts';

test('a job is handed to one worker, its events to the listeners, its result to the caller', async () => {
  const { launch, workers } = fakeLaunch();
  const host = createInferenceHost({ launch });
  const progress = vi.fn();
  const preview = vi.fn();
  const promise = host.run(someJob, { progress, preview });
  await delay(5);
  const [worker] = workers;
  const { id } = worker!.lastRun;
  worker!.send({ type: 'progress', id, progress: { stage: 'denoise', step: 1, steps: 4, milliseconds: 3 } });
  worker!.send({ type: 'preview', id, preview: { step: 1, width: 1, height: 1, rgba: new Uint8Array(4) } });
  worker!.send({ type: 'result', id, result: someResult });
  expect(await promise).toEqual(someResult);
  expect(progress).toHaveBeenCalledExactlyOnceWith({ stage: 'denoise', step: 1, steps: 4, milliseconds: 3 });
  expect(preview).toHaveBeenCalledOnce();
  await host.run(someJob, {}, AbortSignal.abort()).catch(() => {});
  expect(workers).toHaveLength(1);
  await host.dispose();
  expect(worker!.killed).toBe(true);
});

test('jobs run one after another in the order of their calls', async () => {
  const { launch, workers } = fakeLaunch();
  const host = createInferenceHost({ launch });
  const first = host.run({ ...someJob, prompt: 'first' });
  const second = host.run({ ...someJob, prompt: 'second' });
  await delay(5);
  expect(workers[0]!.received).toHaveLength(1);
  workers[0]!.send({ type: 'result', id: workers[0]!.lastRun.id, result: someResult });
  await first;
  await delay(1);
  expect(workers[0]!.lastRun.job.prompt).toBe('second');
  workers[0]!.send({ type: 'result', id: workers[0]!.lastRun.id, result: someResult });
  await second;
  await host.dispose();
});

test('what a worker still says of an earlier job reaches nobody', async () => {
  const { launch, workers } = fakeLaunch();
  const host = createInferenceHost({ launch });
  const progress = vi.fn();
  const first = host.run({ ...someJob, prompt: 'first' });
  const second = host.run({ ...someJob, prompt: 'second' }, { progress });
  await delay(5);
  const [worker] = workers;
  const { id } = worker!.lastRun;
  worker!.send({ type: 'result', id, result: someResult });
  await first;
  await delay(1);
  const last = { stage: 'decode', step: 4, steps: 4, milliseconds: 3 } as const;
  worker!.send({ type: 'progress', id, progress: last });
  worker!.send({ type: 'result', id, result: { ...someResult, peakRss: 99 } });
  expect(progress).not.toHaveBeenCalled();
  worker!.send({ type: 'result', id: worker!.lastRun.id, result: someResult });
  expect(await second).toEqual(someResult);
  await host.dispose();
});

test('a picture that was done before its cancel arrived is cancelled all the same', async () => {
  const { launch, workers } = fakeLaunch();
  const host = createInferenceHost({ launch });
  const abort = new AbortController();
  const outcome = host.run(someJob, {}, abort.signal).catch((error: unknown) => error);
  await delay(5);
  const [worker] = workers;
  worker!.send({ type: 'state', id: worker!.lastRun.id, state: someState(3) });
  abort.abort();
  worker!.send({ type: 'result', id: worker!.lastRun.id, result: someResult });
  expect(await outcome).toMatchObject({
    code: 'inference/cancelled',
    message: expect.stringContaining('after step 3'),
  });
  await host.dispose();
});

test('a worker that dies is replaced and the job goes on from its last state', async () => {
  const { launch, workers } = fakeLaunch();
  const host = createInferenceHost({ launch });
  const recovered = vi.fn();
  const promise = host.run(someJob, { recovered });
  await delay(5);
  const { id } = workers[0]!.lastRun;
  expect(workers[0]!.lastRun.job.resume).toBeNull();
  workers[0]!.send({ type: 'state', id, state: someState(1) });
  workers[0]!.send({ type: 'state', id, state: someState(2) });
  workers[0]!.exit(null, 'SIGSEGV');
  await delay(5);
  expect(recovered).toHaveBeenCalledExactlyOnceWith({
    restarts: 1,
    step: 2,
    cause: 'it was ended by SIGSEGV (the last words)',
  });
  expect(workers).toHaveLength(2);
  expect(workers[1]!.lastRun.job.resume).toEqual(someState(2));
  workers[1]!.send({ type: 'result', id, result: someResult });
  expect(await promise).toEqual(someResult);
  await host.dispose();
});

test('restarts are counted, and the job fails when they are used up', async () => {
  const { launch, workers } = fakeLaunch();
  const host = createInferenceHost({ launch, maxRestarts: 2 });
  const promise = host.run(someJob);
  const outcome = promise.catch((error: unknown) => error);
  for (let i = 0; i < 3; i += 1) {
    await delay(5);
    workers[i]!.exit(134, null);
  }
  expect(await outcome).toMatchObject({
    code: 'inference/worker-died',
    message: expect.stringContaining('3 times'),
  });
  await delay(5);
  expect(workers).toHaveLength(3);
  await host.dispose();
});

test('a worker that never gets ready fails the job once, with its last words, and is not started in a loop', async () => {
  const { launch, workers } = fakeLaunch((worker) => worker.exit(1, null));
  const host = createInferenceHost({ launch });
  await expect(host.run(someJob)).rejects.toMatchObject({
    code: 'inference/worker-failed-to-start',
    message: expect.stringContaining('exit code 1 (the last words)'),
  });
  await delay(20);
  expect(workers).toHaveLength(1);
  await expect(host.start()).rejects.toMatchObject({ code: 'inference/worker-failed-to-start' });
  expect(workers).toHaveLength(2);
  await host.dispose();
});

test('a worker that says nothing is given up after its time', async () => {
  const { launch, workers } = fakeLaunch(() => {});
  const host = createInferenceHost({ launch, startWithin: 20 });
  await expect(host.start()).rejects.toMatchObject({ message: expect.stringContaining('within 0.02 s') });
  expect(workers[0]!.killed).toBe(true);
  await host.dispose();
});

test('a worker of another build is refused', async () => {
  const { launch } = fakeLaunch((worker) => worker.ready(999));
  const host = createInferenceHost({ launch });
  await expect(host.start()).rejects.toMatchObject({ message: expect.stringContaining('protocol 999') });
  await host.dispose();
});

test('cancel asks the worker first and kills it when it does not listen', async () => {
  const { launch, workers } = fakeLaunch();
  const host = createInferenceHost({ launch, hardCancelAfter: 30 });
  const controller = new AbortController();
  const promise = host.run(someJob, {}, controller.signal);
  const queued = host.run(someJob);
  await delay(5);
  controller.abort();
  expect(workers[0]!.received.at(-1)).toEqual({ type: 'cancel', id: workers[0]!.lastRun.id });
  await expect(promise).rejects.toMatchObject({ code: 'inference/cancelled' });
  expect(workers[0]!.killed).toBe(true);
  await delay(5);
  workers[1]!.send({ type: 'result', id: workers[1]!.lastRun.id, result: someResult });
  await queued;
  await host.dispose();
});

test('a waiting job is cancelled at once, and its worker hears nothing of it', async () => {
  const { launch, workers } = fakeLaunch();
  const host = createInferenceHost({ launch });
  const running = host.run(someJob);
  const controller = new AbortController();
  const waiting = host.run(someJob, {}, controller.signal);
  await delay(5);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'inference/cancelled' });
  workers[0]!.send({ type: 'result', id: workers[0]!.lastRun.id, result: someResult });
  await running;
  expect(workers[0]!.received).toHaveLength(1);
  await host.dispose();
});

test('a worker killed while its job was being cancelled is not a recovery', async () => {
  const { launch, workers } = fakeLaunch();
  const host = createInferenceHost({ launch });
  const controller = new AbortController();
  const promise = host.run(someJob, {}, controller.signal);
  await delay(5);
  controller.abort();
  workers[0]!.exit(null, 'SIGKILL');
  await expect(promise).rejects.toMatchObject({ code: 'inference/cancelled' });
  expect(workers).toHaveLength(1);
  await host.dispose();
});

test('an idle worker is ended and the next job starts another', async () => {
  const { launch, workers } = fakeLaunch();
  const host = createInferenceHost({ launch, stopWhenIdleFor: 15 });
  await host.start();
  await delay(40);
  expect(workers[0]!.killed).toBe(true);
  const promise = host.run(someJob);
  await delay(5);
  workers[1]!.send({ type: 'result', id: workers[1]!.lastRun.id, result: someResult });
  await promise;
  await host.dispose();
});

test('dispose fails what runs and what waits, and nothing is started again', async () => {
  const { launch, workers } = fakeLaunch();
  const host = createInferenceHost({ launch });
  const running = host.run(someJob);
  const waiting = host.run(someJob);
  const outcomes = Promise.allSettled([running, waiting]);
  await delay(5);
  await host.dispose();
  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'inference/disposed' } });
  }
  await expect(host.run(someJob)).rejects.toMatchObject({ code: 'inference/disposed' });
  expect(workers).toHaveLength(1);
});

test('errors of a worker keep their code, sentence and remedy', async () => {
  const { launch, workers } = fakeLaunch();
  const host = createInferenceHost({ launch });
  const promise = host.run(someJob);
  await delay(5);
  const error = {
    code: 'model/file-missing',
    message: 'There is nothing at /model.',
    remedy: 'Look for it.',
  };
  workers[0]!.send({ type: 'failed', id: workers[0]!.lastRun.id, error });
  await expect(promise).rejects.toMatchObject(error);
  await host.dispose();
});

test('messages of an unknown kind are reported and change nothing', async () => {
  const { launch, workers } = fakeLaunch();
  const notice = vi.fn();
  const host = createInferenceHost({ launch, notice });
  const promise = host.run(someJob);
  await delay(5);
  const { id } = workers[0]!.lastRun;
  workers[0]!.send({ type: 'nonsense', id });
  expect(notice).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('nonsense'));
  workers[0]!.send({ type: 'result', id, result: someResult });
  expect(await promise).toEqual(someResult);
  await host.dispose();
});
