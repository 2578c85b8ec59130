import { StudioError } from '../../preload/contract/index.ts';
import { neighbourFor, useQueue } from '../generation/queue-store.ts';
import { announce, tell } from '../state/status-store.ts';
import type { Workspace } from './workspace.ts';

/** Takes one job out of the queue, or stops it within a step; it can be had back. */
export async function cancelQueued({ link }: Workspace, jobId: string): Promise<void> {
  await explained(async () => {
    await link.request('generation.cancel', { jobId });
    takenOut([jobId], 'One job taken out');
  });
}

/** Takes out everything that waits; what runs goes on. */
export async function clearQueue({ link }: Workspace): Promise<void> {
  await explained(async () => {
    const { jobIds } = await link.request('queue.clear', {});
    takenOut(jobIds, `${jobIds.length} ${jobIds.length === 1 ? 'job' : 'jobs'} taken out`);
  });
}

/** Puts back what was taken out, or tries again what failed. */
export async function restoreQueued({ link }: Workspace, jobIds: readonly string[]): Promise<void> {
  await explained(async () => {
    await link.request('queue.restore', { jobIds: [...jobIds] });
    useQueue.setState({ takenOut: null });
    announce('Back in the queue.');
  });
}

/** The same once more. */
export async function repeatQueued({ link, generator }: Workspace, jobId: string): Promise<void> {
  await explained(async () => {
    const { jobId: next } = await link.request('queue.repeat', { jobId });
    generator.adoptRepeat(next, jobId);
  });
}

/** Begins nothing new, or goes on. */
export async function pauseQueue({ link }: Workspace, paused: boolean): Promise<void> {
  await explained(() => link.request('queue.pause', { paused }));
}

/** Moves a waiting job one place within its lane. */
export async function moveQueued({ link }: Workspace, jobId: string, direction: -1 | 1): Promise<void> {
  const place = neighbourFor(useQueue.getState().jobs, jobId, direction);
  if (!place) return;
  await explained(() => link.request('queue.move', { jobId, ...place }));
  announce(direction === -1 ? 'Moved up.' : 'Moved down.');
}

/** Puts a waiting job before another one of its lane; null puts it last. */
export async function placeQueued({ link }: Workspace, jobId: string, before: string | null): Promise<void> {
  await explained(() => link.request('queue.move', { jobId, before }));
}

function takenOut(jobIds: readonly string[], sentence: string): void {
  if (jobIds.length === 0) return;
  useQueue.setState({ takenOut: { jobIds, sentence } });
  announce(`${sentence}. It can be undone for 10 seconds.`);
}

async function explained(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    tell({ level: 'bad', message: error.message, remedy: error.remedy });
  }
}
