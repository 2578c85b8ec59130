import type { Lane } from '../../../preload/contract/index.ts';

/** Who is served before whom. */
const URGENCY: Readonly<Record<Lane, number>> = { live: 0, interactive: 1, batch: 2 };

/** What decides the turn of a job. */
export interface Waiting {
  readonly jobId: string;
  readonly lane: Lane;
  readonly documentId: string | null;
  /** It began and gave way: it goes on before others of its lane begin. */
  readonly yielded: boolean;
  /** Rank within the queue; lower is earlier. */
  readonly place: number;
}

/** Turns that documents have had: a higher number is later. Jobs without a document share one. */
export type Turns = ReadonlyMap<string | null, number>;

/** True when a job of the first lane need not wait for one of the second to end. */
export function isMoreUrgent(lane: Lane, than: Lane): boolean {
  return URGENCY[lane] < URGENCY[than];
}

/**
 * The order in which jobs will run: lane by lane; what gave way first; then the documents in turn, the one that has
 * waited longest for a turn before the others, each with its jobs in their order.
 */
export function orderJobs<T extends Waiting>(jobs: readonly T[], turns: Turns): T[] {
  const left = jobs.toSorted((a, b) => a.place - b.place);
  const served = new Map(turns);
  let turn = Math.max(0, ...served.values());
  const ordered: T[] = [];
  while (left.length > 0) {
    const next = left.reduce((best, job) => (isBefore(job, best, served) ? job : best));
    left.splice(left.indexOf(next), 1);
    served.set(next.documentId, (turn += 1));
    ordered.push(next);
  }
  return ordered;
}

function isBefore(job: Waiting, other: Waiting, turns: Turns): boolean {
  if (job.lane !== other.lane) return isMoreUrgent(job.lane, other.lane);
  if (job.yielded !== other.yielded) return job.yielded;
  const [own, its] = [turns.get(job.documentId) ?? 0, turns.get(other.documentId) ?? 0];
  return own === its ? job.place < other.place : own < its;
}
