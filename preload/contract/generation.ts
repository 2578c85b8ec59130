import { z } from 'zod';
import { bytesSchema } from './binary.ts';
import { easedSchema } from './eased.ts';
import { priceRowSchema } from './plan.ts';
import { laneSchema } from './queue.ts';
import {
  ancestorSchema,
  approximationsSchema,
  changeFields,
  clipSkipSchema,
  controlPreparationSchema,
  controlStrengthSchema,
  guidanceIntervalSchema,
  guidanceRescaleSchema,
  hiresMethodSchema,
  hiresSchema,
  localEditSchema,
  MAX_CHANGES,
  MAX_CONTROLS,
  MAX_EMBEDDINGS,
  MAX_PROMPT_CHARACTERS,
  MAX_REGIONS,
  MAX_SEED,
  noiseKindSchema,
  outpaintSchema,
  promptMixSchema,
  recipeSchema,
  regionWeightSchema,
  runPart,
  strengthSchema,
} from './recipe.ts';

/** Raster pixels: RGBA, 8 bit, straight alpha, row by row, top left first. */
export const rasterSchema = z
  .object({
    width: z.number().int().min(1).max(16_384),
    height: z.number().int().min(1).max(16_384),
    rgba: bytesSchema,
  })
  .refine(
    (raster) => raster.rgba.byteLength === raster.width * raster.height * 4,
    'rgba must hold width × height × 4 bytes',
  );
export type Raster = z.infer<typeof rasterSchema>;

const edge = z.number().int().min(1).max(16_384);
const offset = z.number().int().min(0).max(16_384);

const pathSchema = z.string().min(1).max(4096);

/** How strongly a ControlNet acts, and in which part of the run. */
const controlActionSchema = z.object({ strength: controlStrengthSchema, ...runPart });

/** A ControlNet and the picture that it holds the work to. */
const controlSchema = controlActionSchema.extend({
  /** A `.safetensors` file or a diffusers folder. */
  path: pathSchema,
  /** Resampled to width × height when it has another size. */
  raster: rasterSchema,
  /** `as-is` (default) for pictures that are already what the net was trained on. */
  prepare: controlPreparationSchema.optional(),
});

/** Words for a part of the picture. */
const regionWordsSchema = z.object({
  prompt: z.string().max(MAX_PROMPT_CHARACTERS),
  weight: regionWeightSchema.optional(),
});

/** A part of the picture that has words of its own. */
const regionSchema = regionWordsSchema.extend({
  /** Its coverage, read as red × alpha; resampled to width × height. */
  raster: rasterSchema,
});

/** How a model is computed: what the device does best (`auto`), or a form of one's own choice. */
const precisionSchema = z.enum(['auto', 'fp32', 'fp16', 'int8', 'int4']);
export type PrecisionChoice = z.infer<typeof precisionSchema>;
/** Adapters by their files. */
const adaptersSchema = z
  .array(
    z.object({
      path: pathSchema,
      strength: strengthSchema,
      textStrength: strengthSchema.optional(),
      ...runPart,
      /** Where it acts, read and resampled as a mask; left out: everywhere. */
      region: rasterSchema.optional(),
    }),
  )
  .max(32);

/** A change on the way of a run; see `recipeChangeSchema`. */
export const changeRequestSchema = z.object({
  ...changeFields,
  adapters: adaptersSchema.optional(),
  /** In place of the request's mask from here on. */
  mask: rasterSchema.optional(),
  /** Where this and what comes later may change the picture, read as a mask; elsewhere it stays what it is without. */
  within: rasterSchema.optional(),
});
export type ChangeRequest = z.infer<typeof changeRequestSchema>;

/** What the page asks for; the studio makes a full recipe of it. */
export const generationRequestSchema = z.object({
  /** A model's id from `models.list`. */
  modelId: z.string().min(1).max(200),
  prompt: z.string().max(MAX_PROMPT_CHARACTERS),
  negative: z.string().max(MAX_PROMPT_CHARACTERS),
  sampler: z.string().min(1).max(64),
  steps: z.number().int().min(1).max(1000),
  guidance: z.number().min(0).max(100),
  seed: z.number().int().min(0).max(MAX_SEED),
  noise: noiseKindSchema,
  width: z.number().int().min(64).max(4096),
  height: z.number().int().min(64).max(4096),
  /** Start from these pixels; resampled to width × height when they differ. */
  init: z.object({ raster: rasterSchema, strength: z.number().min(0).max(1) }).nullable(),
  /**
   * What of `init` is painted anew: white where it is, black or transparent where the picture keeps its own pixels to
   * the bit, between them blended. Read as red × alpha; resampled like `init`.
   */
  mask: rasterSchema.nullable().optional(),
  /**
   * Puts blank borders around `init` and paints them; with them it must be width × height. Not together with `mask`.
   */
  outpaint: outpaintSchema.optional(),
  /**
   * Works on the masked part alone, with context, at a size that the model was made for; width × height then follow
   * from it, and the result is as large as `init`, with its own pixels outside the mask.
   */
  local: localEditSchema.optional(),
  /** Words for parts of the picture; what no region covers follows `prompt` alone. */
  regions: z.array(regionSchema).max(MAX_REGIONS).optional(),
  /** A first pass at a smaller size; width × height is the finished picture's. */
  hires: hiresSchema.extend({ method: hiresMethodSchema.optional() }).optional(),
  adapters: adaptersSchema,
  controls: z.array(controlSchema).max(MAX_CONTROLS).optional(),
  /** Textual inversions; each is called by `word`, else by the word in its file, else by the file's name. */
  embeddings: z
    .array(z.object({ path: pathSchema, word: z.string().min(1).max(100).optional() }))
    .max(MAX_EMBEDDINGS)
    .optional(),
  /** Layer of the text encoders counted from their end; left out: 1, the last (SDXL: 2). */
  clipSkip: clipSkipSchema.optional(),
  /** What need not be computed exactly; left out: nothing is approximate. */
  approximations: approximationsSchema.pick({ outputs: true, prompts: true }).optional(),
  /** Left out: 0, not at all. */
  guidanceRescale: guidanceRescaleSchema.optional(),
  /** Left out: guidance is on in the whole run. */
  guidanceInterval: guidanceIntervalSchema.optional(),
  /** Left out: `auto`. A form that was not found equal to fp32 on this machine is checked first, or refused. */
  precision: precisionSchema.optional(),
  /** An autoencoder file or folder in place of the model's own. */
  vae: pathSchema.optional(),
  /** In the order of their steps. */
  changes: z.array(changeRequestSchema).max(MAX_CHANGES).optional(),
  mix: promptMixSchema.optional(),
  /** Where it came from; written into the recipe as it is. */
  lineage: z.array(ancestorSchema).max(8).optional(),
  /**
   * Seconds that it is to be done within, loading the model apart: what would take longer gives way by named steps, which the
   * recipe and the plan say. Without effect while the model was never timed here.
   */
  doneWithin: z.number().positive().max(86_400).optional(),
  /** What gave way before; written into the recipe as it is. */
  eased: easedSchema.optional(),
  /** Threads within an operator, which can change the last bits; left out: as many as the machine likes. */
  threads: z.number().int().min(1).max(256).optional(),
  /** Computes everything and keeps nothing of it for others, so that two runs can be compared. */
  fresh: z.boolean().optional(),
  /** Who waits for it; left out: `interactive`. */
  lane: laneSchema.optional(),
  /** The document that it is for: documents take turns. */
  documentId: z.string().min(1).max(200).optional(),
});
export type GenerationRequest = z.infer<typeof generationRequestSchema>;

/** A finished picture, kept on disk before anybody hears of it. */
export const resultSummarySchema = z.object({
  resultId: z.string(),
  jobId: z.string(),
  recipe: recipeSchema,
  width: z.number().int(),
  height: z.number().int(),
  /** Wall time of the whole job in seconds. */
  seconds: z.number(),
  created: z.number(),
});
export type ResultSummary = z.infer<typeof resultSummarySchema>;

/** Requests about making pictures. */
export const generationRequests = {
  /** What a click would cost: median seconds, and the one-off part (loading) apart. */
  'generation.price': {
    params: generationRequestSchema
      .omit({ init: true, mask: true, controls: true, regions: true, changes: true })
      .extend({
        strength: z.number().min(0).max(1).nullable(),
        /** Regions without their masks. */
        regions: z.array(regionWordsSchema).max(MAX_REGIONS).optional(),
        /** ControlNets without their pictures. */
        controls: z.array(controlActionSchema).max(MAX_CONTROLS).optional(),
      }),
    result: z.object({
      seconds: z.number(),
      onceSeconds: z.number(),
      /** False while this model and size were never timed on this device: say "about". */
      measured: z.boolean(),
      /** Network evaluations that will run, those of ControlNets included. */
      evaluations: z.number().int(),
      /** Seconds that what is kept of earlier runs saves. */
      savedSeconds: z.number(),
      /** What the price is made of. */
      rows: z.array(priceRowSchema),
      /** What gives way so that it is done in time, in words. */
      eased: z.array(z.string()),
    }),
  },
  /** The part of a picture that a local edit would work on, and at what size: what its price depends on. */
  'generation.local-crop': {
    params: z.object({
      modelId: z.string().min(1).max(200),
      picture: z.object({ width: edge, height: edge }),
      /** Bounds of the mask within the picture. */
      bounds: z.object({ x: offset, y: offset, width: edge, height: edge }),
    }),
    result: z.object({
      crop: z.object({ x: offset, y: offset, width: edge, height: edge }),
      width: z.number().int(),
      height: z.number().int(),
    }),
  },
  /** What a ControlNet would be shown of a picture. */
  'generation.see-guide': {
    params: z.object({ raster: rasterSchema, prepare: controlPreparationSchema }),
    result: z.object({ raster: rasterSchema }),
  },
  'generation.start': { params: generationRequestSchema, result: z.object({ jobId: z.string() }) },
  'generation.cancel': { params: z.object({ jobId: z.string() }), result: z.object({}) },
  'generation.results': {
    params: z.object({ limit: z.number().int().min(1).max(500) }),
    result: z.array(resultSummarySchema),
  },
  'generation.result': {
    params: z.object({ resultId: z.string().regex(/^[0-9a-zA-Z-]{1,64}$/) }),
    result: z.object({ summary: resultSummarySchema, raster: rasterSchema }),
  },
} as const;

/** What a running job tells, in order. */
export const generationEvents = {
  'generation.progress': z.object({
    jobId: z.string(),
    /** `load`, `encode`, `denoise`, `decode` … in words for a person. */
    stage: z.string(),
    step: z.number().int(),
    steps: z.number().int(),
    /** Seconds left; never rises unless `cause` says why. */
    secondsLeft: z.number(),
    cause: z.string().nullable(),
  }),
  /** What the picture is heading to; not yet a result. */
  'generation.preview': z.object({ jobId: z.string(), step: z.number().int(), raster: rasterSchema }),
  'generation.finished': z.object({ jobId: z.string(), result: resultSummarySchema }),
  'generation.failed': z.object({
    jobId: z.string(),
    state: z.enum(['cancelled', 'failed']),
    /** Last finished step; 0 when none. */
    step: z.number().int(),
    error: z.object({ code: z.string(), message: z.string(), remedy: z.string() }),
  }),
  /** The worker died and the job goes on by itself: one message, nothing to do. */
  'generation.recovered': z.object({ jobId: z.string(), message: z.string() }),
} as const;
