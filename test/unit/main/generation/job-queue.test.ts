import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createJobQueue } from '../../../../main/generation/job-queue.ts';

interface Step {
  readonly started: Promise<AbortSignal>;
  readonly end: () => void;
  readonly run: (signal: AbortSignal) => Promise<void>;
}

function step(): Step {
  const started = Promise.withResolvers<AbortSignal>();
  const ended = Promise.withResolvers<void>();
  return {
    started: started.promise,
    end: ended.resolve,
    run: (signal) => {
      started.resolve(signal);
      signal.addEventListener('abort', () => ended.resolve());
      return ended.promise;
    },
  };
}

test('runs one at a time, in order', async () => {
  const queue = createJobQueue(() => {});
  const order: string[] = [];
  let running = 0;
  const done = ['a', 'b', 'c'].map((id) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    queue.add({
      id,
      async run() {
        expect(++running).toBe(1);
        order.push(id);
        await setImmediate();
        running--;
        resolve();
      },
    });
    return promise;
  });
  expect(queue.ids()).toEqual(['a', 'b', 'c']);
  await Promise.all(done);
  expect(order).toEqual(['a', 'b', 'c']);
});

test('starts nothing before the caller has had its answer', async () => {
  const queue = createJobQueue(() => {});
  const run = vi.fn(() => Promise.resolve());
  queue.add({ id: 'a', run });
  await Promise.resolve().then(() => {});
  expect(run).not.toHaveBeenCalled();
  await setImmediate();
  await setImmediate();
  expect(run).toHaveBeenCalledOnce();
});

test('takes up work again after it ran empty', async () => {
  const queue = createJobQueue(() => {});
  for (let round = 0; round < 3; round++) {
    const work = step();
    queue.add({ id: `job ${round}`, run: work.run });
    await work.started;
    expect(queue.ids()).toEqual([`job ${round}`]);
    work.end();
    await vi.waitFor(() => expect(queue.ids()).toEqual([]));
  }
});

test('cancels the running one by its signal and a waiting one without running it', async () => {
  const queue = createJobQueue(() => {});
  const [first, second, third] = [step(), step(), step()];
  const secondRun = vi.fn(second.run);
  queue.add({ id: '1', run: first.run });
  queue.add({ id: '2', run: secondRun });
  queue.add({ id: '3', run: third.run });
  const signal = await first.started;
  expect(queue.cancel('2')).toBe('waiting');
  expect(queue.cancel('2')).toBe('unknown');
  expect(queue.ids()).toEqual(['1', '3']);
  expect(signal.aborted).toBe(false);
  expect(queue.cancel('1')).toBe('running');
  expect(signal.aborted).toBe(true);
  expect((await third.started).aborted).toBe(false);
  third.end();
  await queue.close();
  expect(secondRun).not.toHaveBeenCalled();
});

test('a task that throws is reported and does not stop the next', async () => {
  const escaped: unknown[] = [];
  const queue = createJobQueue((error) => escaped.push(error));
  const next = step();
  queue.add({ id: 'bad', run: () => Promise.reject(new Error('broken')) });
  queue.add({ id: 'good', run: next.run });
  await next.started;
  expect(escaped).toEqual([new Error('broken')]);
  next.end();
  await queue.close();
});

test('closing aborts the running task, drops the others and takes no more', async () => {
  const queue = createJobQueue(() => {});
  const first = step();
  const never = vi.fn(() => Promise.resolve());
  queue.add({ id: '1', run: first.run });
  queue.add({ id: '2', run: never });
  const signal = await first.started;
  await queue.close();
  expect(signal.aborted).toBe(true);
  queue.add({ id: '3', run: never });
  await setImmediate();
  await setImmediate();
  expect(never).not.toHaveBeenCalled();
});
