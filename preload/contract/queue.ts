import { z } from 'zod';

/** Who waits for a job: the pen, a person, nobody. A job yields to one of an earlier lane between two steps. */
export const laneSchema = z.enum(['live', 'interactive', 'batch']);
export type Lane = z.infer<typeof laneSchema>;

/** A job in the queue, or one that ended a while ago and can be had again. */
export const queuedJobSchema = z.object({
  jobId: z.string(),
  lane: laneSchema,
  documentId: z.string().nullable(),
  /** What is asked for, in a few words: the prompt. */
  title: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  /** `yielded`: began, gave way to a more urgent job, and goes on from where it was. */
  state: z.enum(['waiting', 'running', 'yielded', 'held', 'failed', 'cancelled', 'finished']),
  /** Steps done and steps that run. */
  step: z.number().int(),
  steps: z.number().int(),
  /** Seconds of work that are left, without those of the jobs before it. */
  secondsLeft: z.number(),
  /** Why it failed. */
  reason: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
  /** What was made smaller or fewer for want of memory or time, in sentences. */
  eased: z.array(z.string()),
  /** The picture of a finished job. */
  resultId: z.string().nullable(),
  /** Times that it was begun. */
  attempts: z.number().int(),
  /** Milliseconds since 1970. */
  created: z.number(),
});
export type QueuedJob = z.infer<typeof queuedJobSchema>;

/** The queue: the running job first, then those that wait in the order in which they will run, then the ended ones. */
export const queueStateSchema = z.object({
  /** Nothing new is begun. */
  paused: z.boolean(),
  jobs: z.array(queuedJobSchema),
});
export type QueueState = z.infer<typeof queueStateSchema>;

const jobId = z.string().min(1).max(64);

/** Requests about the queue. `generation.start` and `generation.cancel` put in and take out single jobs. */
export const queueRequests = {
  'queue.list': { params: z.object({}), result: queueStateSchema },
  /** Puts a waiting job before another of its lane; null: last. */
  'queue.move': { params: z.object({ jobId, before: jobId.nullable() }), result: z.object({}) },
  /** Begins nothing new until it goes on; a running job yields after its step. */
  'queue.pause': { params: z.object({ paused: z.boolean() }), result: z.object({}) },
  /** Lets one waiting job wait until it is released. */
  'queue.hold': { params: z.object({ jobId, held: z.boolean() }), result: z.object({}) },
  /** Takes out all that wait; the running job goes on. They can be had back with `queue.restore`. */
  'queue.clear': { params: z.object({}), result: z.object({ jobIds: z.array(jobId) }) },
  /** Puts cancelled or failed jobs back where they were; finished ones are left alone. */
  'queue.restore': { params: z.object({ jobIds: z.array(jobId).max(10_000) }), result: z.object({}) },
  /** The same request as a new job. */
  'queue.repeat': {
    params: z.object({ jobId, seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional() }),
    result: z.object({ jobId }),
  },
} as const;

/** What the queue tells: its whole state, after every change of it; steps come as `generation.progress`. */
export const queueEvents = { 'queue.changed': queueStateSchema } as const;
