import { type ResultSummary, StudioError } from '../../preload/contract/index.ts';
import type { CommandStudio } from './open-studio.ts';
import { createProgressLine } from './progress-line.ts';

/**
 * Starts jobs and shows how far they are until all have ended.
 *
 * @param start gives their ids
 * @returns their pictures in the order of the ids
 * @throws StudioError what the first job that failed failed with; the others are cancelled.
 */
export async function followJobs(
  studio: CommandStudio,
  start: () => Promise<readonly string[]>,
  signal: AbortSignal,
): Promise<ResultSummary[]> {
  const line = createProgressLine(process.stderr);
  const finished = new Map<string, ResultSummary>();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  let ended = Promise.withResolvers<void>();
  // One process, its own jobs: every event is about them.
  const off = [
    studio.on('generation.progress', line.update),
    studio.on('generation.recovered', ({ message }) => line.say(message)),
    studio.on('studio.notice', ({ level, message }) => {
      if (level !== 'info') line.say(message);
    }),
    studio.on('generation.finished', ({ jobId, result }) => {
      finished.set(jobId, result);
      ended.resolve();
    }),
    studio.on('generation.failed', ({ error }) => reject(StudioError.from(error))),
  ];
  let jobIds: readonly string[] = [];
  const cancel = (): void => {
    for (const jobId of jobIds.toReversed()) void studio.request('generation.cancel', { jobId });
  };
  try {
    jobIds = await start();
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    while (!jobIds.every((jobId) => finished.has(jobId))) {
      await Promise.race([ended.promise, failed]);
      ended = Promise.withResolvers<void>();
    }
    return jobIds.flatMap((jobId) => finished.get(jobId) ?? []);
  } catch (error) {
    cancel();
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
    line.end();
    for (const stop of off) stop();
  }
}
