import { z } from 'zod';
import { bytesSchema } from './binary.ts';
import { generationRequestSchema } from './generation.ts';

const resultId = z.string().regex(/^[0-9a-zA-Z-]{1,64}$/);

/** Settings that an axis can go over from the beginning of a run. */
export const GRID_SETTINGS = [
  'seed',
  'guidance',
  'steps',
  'sampler',
  'prompt',
  'negative',
  'replace',
  'strength',
  'adapter',
] as const;
/** Settings that an axis can go over from a step on, so that its pictures share what comes before. */
export const GRID_CHANGES = ['noise', 'guidance', 'prompt', 'negative', 'steps'] as const;
/** Settings whose values are words; the others' are numbers. */
export const GRID_WORDS: readonly string[] = ['sampler', 'prompt', 'negative', 'replace'];
/** Most values of one axis, and most pictures of one grid. */
export const MAX_AXIS_VALUES = 64;
export const MAX_GRID_PICTURES = 1024;

/**
 * One axis of a grid. `replace` puts each value in the place of the first one in the prompt; `adapter` is the strength of the
 * first adapter; `noise` is the seed of fresh noise.
 */
export const gridAxisSchema = z.object({
  setting: z.enum([...GRID_SETTINGS, ...GRID_CHANGES]),
  /** Steps that are done before it differs, or the share of the run that is; null: from the beginning. */
  at: z
    .union([
      z.object({ step: z.number().int().min(0).max(999) }),
      z.object({ share: z.number().min(0).max(1) }),
    ])
    .nullable(),
  values: z
    .array(z.union([z.string().max(20_000), z.number()]))
    .min(1)
    .max(MAX_AXIS_VALUES),
});
export type GridAxis = z.infer<typeof gridAxisSchema>;

const gridSchema = z.object({
  base: generationRequestSchema,
  /** Columns, rows, sheets. */
  x: gridAxisSchema,
  y: gridAxisSchema.optional(),
  z: gridAxisSchema.optional(),
});
/** A picture and the settings that are gone over. */
export type Grid = z.infer<typeof gridSchema>;

const labelsSchema = z.object({
  /** Of the sheets; one nameless sheet where there is one. */
  sheets: z.array(z.string()),
  rows: z.array(z.string()),
  columns: z.array(z.string()),
});

/** Requests about grids of pictures. */
export const gridRequests = {
  /** What a grid will take, each step that several of its pictures share counted once. */
  'generation.planGrid': {
    params: gridSchema,
    result: labelsSchema.extend({
      pictures: z.number().int(),
      /** Seconds of everything that runs, without loading the model. */
      seconds: z.number(),
      /** Seconds that sharing saves, and what is there already. */
      savedSeconds: z.number(),
      onceSeconds: z.number(),
      measured: z.boolean(),
    }),
  },
  /** Starts a grid, in the batch lane unless its base says otherwise. Jobs in order: sheet by sheet, row by row. */
  'generation.grid': {
    params: gridSchema,
    result: labelsSchema.extend({ jobIds: z.array(z.string()) }),
  },
  /** Draws one sheet of a grid with its headings, as a PNG file; a cell without a picture stays empty. */
  'generation.sheet': {
    params: z.object({
      title: z.string().max(20_100),
      rows: z.array(z.string().max(20_100)).min(1).max(MAX_AXIS_VALUES),
      columns: z.array(z.string().max(20_100)).min(1).max(MAX_AXIS_VALUES),
      cells: z.array(resultId.nullable()).min(1).max(MAX_GRID_PICTURES),
    }),
    result: z.object({ png: bytesSchema }),
  },
} as const;
