import { z } from 'zod';
import { studioErrorSchema } from './errors.ts';
import { generationRequestSchema, rasterSchema, resultSummarySchema } from './generation.ts';

/** What live pictures are made with; the canvas comes apart from it. */
export const liveSettingsSchema = generationRequestSchema
  .pick({
    modelId: true,
    prompt: true,
    negative: true,
    sampler: true,
    steps: true,
    guidance: true,
    seed: true,
    noise: true,
    width: true,
    height: true,
    adapters: true,
    clipSkip: true,
  })
  .extend({
    /** How much of the canvas is made anew: 0 keeps it, 1 ignores it. */
    strength: z.number().min(0).max(1),
  });
export type LiveSettings = z.infer<typeof liveSettingsSchema>;

const sessionId = z.string().min(1).max(64);
/** Counts what was changed on the canvas: a picture that names a number shows all changes up to it. */
const changeNumber = z.number().int().min(0);

/** Pixels that took the place of others, at the size of the settings. */
const livePatchSchema = z.object({
  x: z.number().int().min(0).max(4096),
  y: z.number().int().min(0).max(4096),
  raster: rasterSchema,
});

/** Requests about painting live: the canvas goes out as it changes, pictures come back as they are made. */
export const liveRequests = {
  /** Begins with the whole canvas. Nothing runs but for sessions that were begun and not ended. */
  'live.start': {
    params: z.object({ settings: liveSettingsSchema, canvas: rasterSchema, number: changeNumber }),
    result: z.object({ sessionId }),
  },
  /** What changed since the last update. Updates that come while a picture is made are taken together. */
  'live.update': {
    params: z.object({
      sessionId,
      number: changeNumber,
      patches: z.array(livePatchSchema).max(256),
      /** While the pen is down, only what changed is encoded anew; the first picture after it is exact again. */
      penDown: z.boolean(),
      settings: liveSettingsSchema.optional(),
    }),
    result: z.object({}),
  },
  /** Pauses and goes on, for a window that is not seen. */
  'live.pause': { params: z.object({ sessionId, paused: z.boolean() }), result: z.object({}) },
  /** Ends a session: no job of it exists within one step. */
  'live.stop': { params: z.object({ sessionId }), result: z.object({}) },
  /** Keeps the last picture as a result. */
  'live.keep': { params: z.object({ sessionId }), result: resultSummarySchema },
} as const;

/** What painting live tells. */
export const liveEvents = {
  'live.picture': z.object({
    sessionId,
    number: changeNumber,
    raster: rasterSchema,
    /** Milliseconds from the arrival of the last change that it shows. */
    latency: z.number(),
    /** Milliseconds that the worker took, and for what. */
    run: z.number(),
    encode: z.number(),
    denoise: z.number(),
    decode: z.number(),
    /** False when only what changed was encoded anew. */
    exact: z.boolean(),
    /** Pictures a second over the last two seconds. */
    rate: z.number(),
    /** Jobs that were dropped so far because the canvas had moved on. */
    dropped: z.number().int(),
  }),
  'live.state': z.object({
    sessionId,
    state: z.enum(['running', 'yielding', 'eased', 'paused', 'stopped']),
    /** In words: what it waits for, what was eased and why, or what went wrong. */
    cause: z.string().nullable(),
    /** What is made now, after easing. */
    steps: z.number().int(),
    width: z.number().int(),
    height: z.number().int(),
    error: studioErrorSchema.nullable(),
  }),
} as const;
