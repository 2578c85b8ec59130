import { describe, expect, it } from 'vitest';
import type { QueuedJob } from '../../../../preload/contract/index.ts';
import { endedJobs, neighbourFor, openJobs, putAhead } from '../../../../renderer/generation/queue-store.ts';
import type { StudioLink } from '../../../../renderer/state/studio-link.ts';
import { placeTree } from '../../../../renderer/generation/variation-store.ts';

const job = (
  jobId: string,
  state: QueuedJob['state'],
  lane: QueuedJob['lane'] = 'interactive',
): QueuedJob => ({
  jobId,
  lane,
  documentId: null,
  title: jobId,
  width: 8,
  height: 8,
  state,
  step: 0,
  steps: 4,
  secondsLeft: 1,
  reason: null,
  eased: [],
  resultId: null,
  attempts: 1,
  created: 0,
});

describe('the queue', () => {
  const jobs = [
    job('run', 'running'),
    job('a', 'waiting'),
    job('b', 'yielded'),
    job('z', 'waiting', 'batch'),
    job('c', 'held'),
    job('done', 'finished'),
    job('bad', 'failed'),
  ];

  it('moves jobs within their lane, before the running one never', () => {
    expect(neighbourFor(jobs, 'a', -1)).toBeUndefined();
    expect(neighbourFor(jobs, 'b', -1)).toEqual({ before: 'a' });
    expect(neighbourFor(jobs, 'a', 1)).toEqual({ before: 'c' });
    expect(neighbourFor(jobs, 'b', 1)).toEqual({ before: null });
    expect(neighbourFor(jobs, 'c', 1)).toBeUndefined();
    expect(neighbourFor(jobs, 'run', 1)).toBeUndefined();
  });

  it('puts what was asked for just now before all others that wait for a person, in its order', async () => {
    const moves: unknown[] = [];
    const now = [
      job('run', 'running'),
      job('a', 'waiting'),
      job('b', 'waiting'),
      job('new-1', 'waiting'),
      job('new-2', 'waiting'),
      job('z', 'waiting', 'batch'),
    ];
    const link = {
      request: (name: string, params: unknown) => {
        if (name === 'queue.list') return Promise.resolve({ paused: false, jobs: now });
        moves.push(params);
        return Promise.resolve({});
      },
    } as unknown as StudioLink;
    await putAhead(link, ['new-1', 'new-2']);
    expect(moves).toEqual([
      { jobId: 'new-1', before: 'a' },
      { jobId: 'new-2', before: 'a' },
    ]);
    moves.length = 0;
    await putAhead(link, ['a', 'b', 'new-1', 'new-2']);
    expect(moves).toEqual([]);
  });

  it('tells what is open from what ended', () => {
    expect(openJobs(jobs).map(({ jobId }) => jobId)).toEqual(['run', 'a', 'b', 'z', 'c']);
    expect(endedJobs(jobs, 1).map(({ jobId }) => jobId)).toEqual(['done']);
  });
});

it('places a tree with children below their parents and siblings beside each other', () => {
  const node = (resultId: string, parent: string | null) => ({
    resultId,
    parent,
    how: null,
    step: null,
    steps: 4,
    seconds: 1,
    prompt: '',
  });
  const placed = placeTree([
    node('r', null),
    node('a', 'r'),
    node('a1', 'a'),
    node('b', 'r'),
    node('lost', 'gone'),
  ]);
  expect(placed.map(({ node: { resultId }, column, row }) => [resultId, column, row])).toEqual([
    ['r', 0, 0],
    ['a', 0, 1],
    ['a1', 0, 2],
    ['b', 1, 1],
    ['lost', 2, 0],
  ]);
});
