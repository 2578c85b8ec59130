import { create } from 'zustand';
import type { QueuedJob } from '../../preload/contract/index.ts';
import type { StudioLink } from '../state/studio-link.ts';

/** How long what was taken out of the queue can be had back at a press, in milliseconds. */
export const UNDO_TIME = 10_000;

/** The queue as the studio keeps it. */
interface QueueState {
  paused: boolean;
  jobs: readonly QueuedJob[];
  /** What was taken out just now. */
  takenOut: { readonly jobIds: readonly string[]; readonly sentence: string } | null;
}

/** The queue's content. */
export const useQueue = create<QueueState>()(() => ({ paused: false, jobs: [], takenOut: null }));

/** Reads the queue and keeps it up to date. */
export function watchQueue(link: StudioLink): () => void {
  link.request('queue.list', {}).then(
    ({ paused, jobs }) => useQueue.setState({ paused, jobs }),
    () => undefined,
  );
  return link.subscribe((event) => {
    if (event.name !== 'queue.changed') return;
    const { paused, jobs } = event.payload;
    useQueue.setState({ paused, jobs });
  });
}

/** Jobs that run or wait. */
export function openJobs(jobs: readonly QueuedJob[]): readonly QueuedJob[] {
  return jobs.filter(
    ({ state }) => state === 'running' || state === 'waiting' || state === 'yielded' || state === 'held',
  );
}

/** Jobs that ended without a picture, and the last few that ended with one. */
export function endedJobs(jobs: readonly QueuedJob[], most = 12): readonly QueuedJob[] {
  return jobs
    .filter(({ state }) => state === 'failed' || state === 'cancelled' || state === 'finished')
    .slice(0, most);
}

/** Puts jobs that were asked for just now before all others of a person that wait, in their order. */
export async function putAhead(link: StudioLink, asked: readonly string[]): Promise<void> {
  const { jobs } = await link.request('queue.list', {});
  const first = openJobs(jobs).find(
    ({ jobId, lane, state }) => lane === 'interactive' && state !== 'running' && !asked.includes(jobId),
  );
  if (!first) return;
  for (const jobId of asked) {
    // One that has begun meanwhile is ahead already.
    if (openJobs(jobs).some((job) => job.jobId === jobId && job.state !== 'running'))
      await link.request('queue.move', { jobId, before: first.jobId });
  }
}

/** Before which job one goes when it moves one place up or down among those of its lane that wait; undefined: nowhere. */
export function neighbourFor(
  jobs: readonly QueuedJob[],
  jobId: string,
  direction: -1 | 1,
): { readonly before: string | null } | undefined {
  const moved = jobs.find((job) => job.jobId === jobId);
  if (!moved || moved.state === 'running') return undefined;
  const lane = openJobs(jobs).filter(({ state, lane: own }) => own === moved.lane && state !== 'running');
  const at = lane.findIndex((job) => job.jobId === jobId);
  if (direction === -1) return at > 0 ? { before: lane[at - 1]?.jobId ?? null } : undefined;
  return at < lane.length - 1 ? { before: lane[at + 2]?.jobId ?? null } : undefined;
}
