import { z } from 'zod';
import { bytesSchema, sha256Schema } from './binary.ts';
import { changeRequestSchema, generationRequestSchema, rasterSchema } from './generation.ts';
import { planSchema } from './plan.ts';
import { laneSchema } from './queue.ts';

const resultId = z.string().regex(/^[0-9a-zA-Z-]{1,64}$/);

/** A variation of a result: what differs, from which step on. */
export const variationSchema = changeRequestSchema.omit({ step: true }).extend({
  resultId,
  /** Steps that are done before it differs, or the share of the run that is; 0.75 is subtle, 0.4 strong. */
  at: z.union([
    z.object({ step: z.number().int().min(0).max(999) }),
    z.object({ share: z.number().min(0).max(1) }),
  ]),
  /** So many, each with the next seed; 1 when left out. */
  count: z.number().int().min(1).max(64).optional(),
  lane: laneSchema.optional(),
  documentId: z.string().min(1).max(200).optional(),
});
export type Variation = z.infer<typeof variationSchema>;

/** A part that a recipe names and that is not here. */
const missingPartSchema = z.object({
  kind: z.enum(['model', 'adapter', 'controlnet', 'embedding', 'vae', 'picture', 'mask', 'control picture']),
  name: z.string(),
  sha256: sha256Schema,
});
export type MissingPart = z.infer<typeof missingPartSchema>;

/** Requests about pictures that come from others, and about what is kept of them. */
export const variationRequests = {
  /** What a run consists of, what of it is there already, and what the rest will take. */
  'generation.plan': { params: generationRequestSchema, result: planSchema },
  /** The same of a variation, the first of `count`. */
  'generation.planVariation': { params: variationSchema, result: planSchema },
  /**
   * Takes a PNG file by Impasto in as a result, so that it can be varied and made again.
   * Fails with `generation/no-recipe` when none is in it.
   */
  'generation.adopt': { params: z.object({ png: bytesSchema }), result: z.object({ resultId }) },
  /** The request that makes a result again; fails with `generation/parts-missing` where something of it is not here. */
  'generation.request': {
    params: z.object({ resultId }),
    result: z.object({ request: generationRequestSchema }),
  },
  /** Makes a result again from its recipe alone, nothing of it taken from what is kept; with nothing missing there is a job. */
  'generation.replay': {
    params: z.object({
      resultId,
      /** Files and folders in which parts are looked for that are not where they were. */
      look: z.array(z.string().min(1).max(4096)).max(64).optional(),
    }),
    result: z.object({ jobId: z.string().nullable(), missing: z.array(missingPartSchema) }),
  },
  /**
   * The exact picture that an approximate result stands for: a job that makes it, or the result that it is when nothing is
   * approximate.
   */
  'generation.exact': {
    params: z.object({ resultId }),
    result: z.object({ jobId: z.string().nullable() }),
  },
  /** Whether two results show the same bits; else by how much they differ, and what may be the cause, in sentences. */
  'generation.compare': {
    params: z.object({ original: resultId, again: resultId }),
    result: z.object({
      equal: z.boolean(),
      difference: z
        .object({
          pixels: z.number().int(),
          ofPixels: z.number().int(),
          /** Largest difference of one channel, 0 … 255; null when the sizes differ. */
          largest: z.number().nullable(),
          /** Peak signal to noise in decibels: above 40 the eye sees no difference; null when the sizes differ. */
          psnr: z.number().nullable(),
        })
        .nullable(),
      causes: z.array(z.string()),
    }),
  },
  'generation.vary': { params: variationSchema, result: z.object({ jobIds: z.array(z.string()) }) },
  /** A picture between two results: by noise, by prompt, or both. `share` 0 is the first, 1 the second. */
  'generation.mix': {
    params: z.object({
      from: resultId,
      to: resultId,
      share: z.number().min(0).max(1),
      noise: z.boolean(),
      prompt: z.boolean(),
      lane: laneSchema.optional(),
      documentId: z.string().min(1).max(200).optional(),
    }),
    result: z.object({ jobId: z.string() }),
  },
  /** Where a result can be forked, and at what price: entry k stands for the state after k steps. */
  'generation.kept': {
    params: z.object({ resultId }),
    result: z.object({
      steps: z.number().int(),
      states: z.array(
        z.object({
          step: z.number().int(),
          kept: z.boolean(),
          /** Seconds that a fork from here will take to its picture. */
          seconds: z.number(),
        }),
      ),
    }),
  },
  /** What the picture was heading to after a step, roughly; null when that state is not kept. */
  'generation.heading': {
    params: z.object({ resultId, step: z.number().int().min(0).max(1000) }),
    result: z.object({ raster: rasterSchema.nullable() }),
  },
} as const;
