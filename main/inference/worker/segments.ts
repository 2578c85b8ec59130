import type { GenerateJob, JobChange } from '../protocol.ts';

/** A part of a run in which nothing changes. */
export interface Segment {
  /** The job as it stands in this part. */
  readonly job: GenerateJob;
  /** What made it so; null for the first part. */
  readonly change: JobChange | null;
}

/** The parts of a job between its changes, in order. */
export function segmentsOf(job: GenerateJob): readonly [Segment, ...Segment[]] {
  const first: Segment = { job, change: null };
  const others: Segment[] = [];
  for (const change of job.changes ?? []) {
    const { step: _step, noise: _noise, ...fields } = change;
    others.push({ job: { ...(others.at(-1) ?? first).job, ...fields }, change });
  }
  return [first, ...others];
}
