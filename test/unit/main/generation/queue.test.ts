import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { GenerationRequest, Lane } from '../../../../preload/contract/index.ts';
import {
  createGenerationQueue,
  type GenerationQueue,
  type JobEnd,
} from '../../../../main/generation/queue/generation-queue.ts';
import { orderJobs } from '../../../../main/generation/queue/job-order.ts';
import { openJobTable, QUEUE_TABLES } from '../../../../main/generation/queue/job-table.ts';
import { request } from './service-fixture.ts';

interface Running {
  readonly jobId: string;
  readonly signal: AbortSignal;
  readonly end: (end: JobEnd) => void;
}

/** A queue whose jobs a test ends; like real ones they obey the signal. */
function open(
  database = newDatabase(),
  pid = 1,
  alive = (other: number) => other === pid,
  mayJoin: (jobId: string, running: readonly string[]) => Promise<boolean> = () => Promise.resolve(false),
) {
  const table = openJobTable(database, pid, alive);
  const begun: Running[] = [];
  const dropped: string[] = [];
  const queue = createGenerationQueue(table, {
    run(jobId, signal) {
      const { promise, resolve } = Promise.withResolvers<JobEnd>();
      begun.push({ jobId, signal, end: resolve });
      signal.addEventListener('abort', () => resolve({ state: 'stopped', reason: REASON }));
      return promise;
    },
    mayJoin,
    progress: () => null,
    dropped: (jobId, state) => dropped.push(`${state} ${jobId}`),
    changed: () => {},
  });
  return { queue, table, begun, dropped, database };
}
const REASON = { code: 'inference/cancelled', message: 'Cancelled.', remedy: '' };
function newDatabase(): Database.Database {
  const database = new Database(':memory:');
  database.exec(QUEUE_TABLES);
  return database;
}
const add = (queue: GenerationQueue, change: Partial<GenerationRequest> = {}): string =>
  queue.add({ request: { ...request, ...change }, stored: '{}', steps: 10, secondsLeft: 1 });
const turn = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};
const states = (queue: GenerationQueue): Record<string, string> =>
  Object.fromEntries(queue.state().jobs.map(({ jobId, state }) => [jobId, state]));

describe('side by side', () => {
  const together = () =>
    open(
      newDatabase(),
      1,
      () => true,
      () => Promise.resolve(true),
    );
  const finished: JobEnd = { state: 'finished', resultId: 'r' };

  test('jobs that may join run beside the first, four at most, and the next joins when one ends', async () => {
    const { queue, begun } = together();
    const ids = Array.from({ length: 6 }, () => add(queue));
    await turn();
    expect(begun.map(({ jobId }) => jobId)).toEqual(ids.slice(0, 4));
    expect(queue.ids()).toEqual(ids);
    begun[2]!.end(finished);
    await turn();
    expect(begun.map(({ jobId }) => jobId)).toEqual(ids.slice(0, 5));
    expect(states(queue)).toMatchObject({ [ids[2]!]: 'finished', [ids[5]!]: 'waiting' });
  });

  test('one that may not join holds up those behind it, so that the order is kept', async () => {
    const odd = Promise.withResolvers<string>();
    const queueOf = open(
      newDatabase(),
      1,
      () => true,
      async (jobId) => jobId !== (await odd.promise),
    );
    const ids = Array.from({ length: 4 }, () => add(queueOf.queue));
    odd.resolve(ids[2]!);
    await turn();
    expect(queueOf.begun.map(({ jobId }) => jobId)).toEqual(ids.slice(0, 2));
    queueOf.begun[0]!.end(finished);
    queueOf.begun[1]!.end(finished);
    await turn();
    expect(queueOf.begun.map(({ jobId }) => jobId)).toEqual(ids);
  });

  test('cancelling one leaves the others; a more urgent job makes all of them give way, and all go on', async () => {
    const { queue, begun } = together();
    const ids = Array.from({ length: 3 }, () => add(queue, { lane: 'batch' }));
    await turn();
    queue.cancel(ids[1]!);
    await turn();
    expect(begun.map(({ signal }) => signal.aborted)).toEqual([false, true, false]);
    const urgent = add(queue, { lane: 'interactive' });
    await turn();
    expect(begun.map(({ signal }) => signal.aborted)).toEqual([true, true, true, false]);
    expect(begun[3]!.jobId).toBe(urgent);
    begun[3]!.end(finished);
    await turn();
    expect(begun.slice(4).map(({ jobId }) => jobId)).toEqual([ids[0], ids[2]]);
  });

  test('nothing joins what is stopping, and closing waits for all', async () => {
    const { queue, begun } = together();
    const [first, second] = [add(queue, { lane: 'batch' }), add(queue, { lane: 'batch' })];
    await turn();
    queue.pause(true);
    await turn();
    expect(begun.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    queue.pause(false);
    await turn();
    expect(begun.slice(2).map(({ jobId }) => jobId)).toEqual([first, second]);
    await queue.close(true);
    expect(begun.every(({ signal }) => signal.aborted)).toBe(true);
    expect(states(queue)).toMatchObject({ [first]: 'yielded', [second]: 'yielded' });
  });
});

describe('lanes', () => {
  test('an interactive job takes the place of a batch job at once, which goes on after it', async () => {
    const { queue, begun } = open();
    const [batch, later] = [add(queue, { lane: 'batch' }), add(queue, { lane: 'batch' })];
    await turn();
    const urgent = add(queue, { lane: 'interactive' });
    expect(begun[0]!.signal.aborted).toBe(true);
    await turn();
    expect(begun.map(({ jobId }) => jobId)).toEqual([batch, urgent]);
    expect(states(queue)).toMatchObject({ [batch]: 'yielded', [urgent]: 'running', [later]: 'waiting' });
    begun[1]!.end({ state: 'finished', resultId: 'r' });
    await turn();
    // What had begun goes on before what has not.
    expect(begun.map(({ jobId }) => jobId)).toEqual([batch, urgent, batch]);
    expect(queue.state().jobs[0]).toMatchObject({ jobId: batch, attempts: 2 });
  });

  test('a batch job disturbs nobody', async () => {
    const { queue, begun } = open();
    add(queue, { lane: 'interactive' });
    await turn();
    add(queue, { lane: 'batch' });
    add(queue, { lane: 'interactive' });
    expect(begun[0]!.signal.aborted).toBe(false);
  });

  test('documents take turns, each with its jobs in order', () => {
    const job = (jobId: string, documentId: string, place: number, lane: Lane = 'interactive') => ({
      jobId,
      lane,
      documentId,
      yielded: false,
      place,
    });
    const jobs = [
      ...[1, 2, 3].map((i) => job(`fox ${i}`, 'fox', i)),
      job('boat 1', 'boat', 4),
      job('live', 'boat', 5, 'live'),
      job('boat 2', 'boat', 6),
    ];
    const order = orderJobs(jobs, new Map()).map(({ jobId }) => jobId);
    expect(order).toEqual(['live', 'fox 1', 'boat 1', 'fox 2', 'boat 2', 'fox 3']);
  });
});

describe('what a person can do', () => {
  test('move, hold, release, cancel, clear and restore', async () => {
    const { queue, begun, dropped } = open();
    const first = add(queue);
    await turn();
    const [a, b, c] = [add(queue), add(queue), add(queue)];
    queue.move(c, a);
    expect(queue.ids()).toEqual([first, c, a, b]);
    // Between two others, in either direction, again and again.
    queue.move(c, b);
    expect(queue.ids()).toEqual([first, a, c, b]);
    queue.move(b, c);
    expect(queue.ids()).toEqual([first, a, b, c]);
    queue.move(a, c);
    expect(queue.ids()).toEqual([first, b, a, c]);
    queue.move(a, b);
    queue.move(c, null);
    expect(queue.ids()).toEqual([first, a, b, c]);
    queue.hold(a, true);
    expect(queue.ids()).toEqual([first, b, c]);
    queue.hold(a, false);
    expect(queue.ids()).toEqual([first, a, b, c]);
    queue.cancel(b);
    expect(dropped).toEqual([`cancelled ${b}`]);
    const cleared = queue.clear();
    expect(cleared).toEqual([a, c]);
    expect(queue.ids()).toEqual([first]);
    queue.restore([...cleared, b]);
    expect(queue.ids()).toEqual([first, a, b, c]);
    begun[0]!.end({ state: 'failed', reason: { code: 'x', message: 'It broke.', remedy: '' } });
    await turn();
    expect(queue.state().jobs.find(({ jobId }) => jobId === first)).toMatchObject({
      state: 'failed',
      reason: { message: 'It broke.' },
    });
    queue.restore([first]);
    expect(queue.ids()).toEqual([a, first, b, c]);
  });

  test('a job that was cancelled stays so, whatever would only have made it wait', async () => {
    const { queue, begun, dropped } = open();
    const batch = add(queue, { lane: 'batch' });
    await turn();
    queue.cancel(batch);
    queue.pause(true);
    add(queue, { lane: 'interactive' });
    await turn();
    expect(begun).toHaveLength(1);
    expect(states(queue)[batch]).toBe('cancelled');
    expect(dropped).toEqual([`cancelled ${batch}`]);
  });

  test('a pause lets the running job yield and begins nothing; it goes on from there', async () => {
    const { queue, begun } = open();
    const first = add(queue);
    await turn();
    queue.pause(true);
    await turn();
    expect(states(queue)[first]).toBe('yielded');
    add(queue);
    await turn();
    expect(begun).toHaveLength(1);
    queue.pause(false);
    await turn();
    expect(begun.map(({ jobId }) => jobId)).toEqual([first, first]);
  });
});

describe('a process that is gone', () => {
  test('leaves its jobs, their order and the pause to the next one; live ones are over', async () => {
    const { queue, database } = open(newDatabase(), 100);
    queue.pause(true);
    const ids = Array.from({ length: 50 }, (_, i) => add(queue, { seed: i }));
    add(queue, { lane: 'live' });
    queue.move(ids[49]!, ids[0]!);
    const wanted = [ids[49]!, ...ids.slice(0, 49)];
    expect(queue.state().jobs).toHaveLength(51);
    const next = open(database, 200);
    expect(next.queue.ids()).toEqual([]);
    next.queue.resume();
    expect(next.queue.ids()).toEqual(wanted);
    expect(next.queue.state().paused).toBe(true);
  });

  test('a job that ran when it died goes on first', async () => {
    const before = open(newDatabase(), 100);
    const ids = [add(before.queue), add(before.queue)];
    await turn();
    const next = open(before.database, 200);
    next.queue.resume();
    await turn();
    expect(next.begun.map(({ jobId }) => jobId)).toEqual([ids[0]]);
    expect(next.queue.state().jobs[0]).toMatchObject({ state: 'running', attempts: 2 });
  });

  test('nobody takes the jobs of a process that lives', () => {
    const before = open(newDatabase(), 100);
    add(before.queue);
    const next = open(before.database, 200, () => true);
    next.queue.resume();
    expect(next.queue.ids()).toEqual([]);
    expect(before.queue.ids()).toHaveLength(1);
  });
});
