import { z } from 'zod';
import { sha256Schema } from './binary.ts';
import { easedSchema } from './eased.ts';

/** Largest prompt in characters. */
export const MAX_PROMPT_CHARACTERS = 20_000;
/** Largest seed: every integer that JSON carries exactly. */
export const MAX_SEED = Number.MAX_SAFE_INTEGER;

/** How the starting noise is drawn; other tools' seeds give their pictures under the same kind. */
export const noiseKindSchema = z.enum(['philox', 'torch-cpu']);

/** How strongly an adapter pulls: 1 as it was trained, 0 not at all, below 0 the other way. */
export const strengthSchema = z.number().min(-10).max(10);

/** Part of a run in which something acts, as shares of its steps; left out: from 0 to 1. */
export const runPart = {
  start: z.number().min(0).max(1).optional(),
  end: z.number().min(0).max(1).optional(),
} as const;

/** What is done to a picture before a ControlNet sees it: nothing, edges (Canny 1986), or drawn lines. */
export const controlPreparationSchema = z.enum(['as-is', 'canny', 'lines']);

/** Layer of the text encoders that is used, counted from their end: 1 is the last. */
export const clipSkipSchema = z.number().int().min(1).max(12);

/** How far guidance is pulled back to the spread of the prompt's own output (arXiv:2305.08891 §3.4, φ). */
export const guidanceRescaleSchema = z.number().min(0).max(1);

/** Part of a run in which guidance is on, as shares of its steps (arXiv:2404.07724). */
export const guidanceIntervalSchema = z.object({
  start: z.number().min(0).max(1),
  end: z.number().min(0).max(1),
});

/** Linear layers of a denoiser in 8 or 4 bits a weight. */
export const linearBitsSchema = z.enum(['int8', 'int4']);

/** How much of a ControlNet's answer is added; 1 is all. */
export const controlStrengthSchema = z.number().min(0).max(10);

/** Most ControlNets, textual inversions and regions that one picture takes. */
export const MAX_CONTROLS = 8;
export const MAX_EMBEDDINGS = 32;
export const MAX_REGIONS = 8;

/** How strongly a region's words hold against those of others where regions overlap; 1 is usual. */
export const regionWeightSchema = z.number().min(0).max(10);

/**
 * How the first pass of two is enlarged: its latent by the nearest cell or linearly, or its decoded picture by a Lanczos
 * kernel of three lobes.
 */
export const hiresMethodSchema = z.enum(['latent-nearest', 'latent-linear', 'lanczos']);

/** A first pass at a smaller size, which is enlarged and then made anew in part at the picture's own size. */
export const hiresSchema = z.object({
  /** Pixels of the first pass. */
  width: z.number().int().min(64).max(4096),
  height: z.number().int().min(64).max(4096),
  /** What the second pass makes anew: 0 nothing, 1 everything. */
  strength: z.number().min(0).max(1),
  /** Steps that the second pass is a share of; left out: as many as the first. */
  steps: z.number().int().min(1).max(1000).optional(),
  method: hiresMethodSchema,
});

/** How a masked part was worked on apart from the rest of its picture. */
const localSettings = {
  /** Pixels of the picture over which the mask fades inwards. */
  feather: z.number().int().min(0).max(512),
  /** Share of the autoencoder's shift of colour that is taken off: 0 none, 1 all. */
  colourMatch: z.number().min(0).max(1),
} as const;

/** A part of a picture in whole pixels. */
const partSchema = z.object({
  x: z.number().int().min(0).max(16_384),
  y: z.number().int().min(0).max(16_384),
  width: z.number().int().min(1).max(16_384),
  height: z.number().int().min(1).max(16_384),
});

/** The part of the init picture that was worked on at the recipe's size; hashes are those of the whole picture and mask. */
export const recipeLocalSchema = partSchema.extend(localSettings);

/** A masked part worked on by itself; what is left out is chosen. */
export const localEditSchema = z.object(localSettings).partial().extend({ crop: partSchema.optional() });

/** What was not computed exactly, and how; nothing is unless it was asked for. */
export const approximationsSchema = z.object({
  /** Only what had changed of the init picture was encoded anew. */
  encoding: z.literal('changed').optional(),
  /** The denoiser's outputs were forecast while its input had changed by less than this (TeaCache's criterion). */
  outputs: z.number().gt(0).max(1).optional(),
  /**
   * The first steps are those of a picture of nearly the same prompt; the first change brings the prompt that was asked for.
   */
  prompts: z
    .strictObject({
      /** Bits in which hashes of the two prompts differ, in a request at most. */
      bits: z.number().int().min(0).max(15),
      /** The other prompt; left out in a request that has none yet. */
      begunAs: z.string().max(MAX_PROMPT_CHARACTERS).optional(),
    })
    .optional(),
});

const borderSchema = z.number().int().min(0).max(4032);

/** Pixels of blank paper around the init picture that are painted (outpainting). */
export const outpaintSchema = z.object({
  left: borderSchema,
  top: borderSchema,
  right: borderSchema,
  bottom: borderSchema,
});

/** An adapter and how strongly it pulls. */
export const recipeAdapterSchema = z.object({
  sha256: sha256Schema,
  name: z.string(),
  /** Usually -1 … 2; 0 is off. */
  strength: strengthSchema,
  /** Strength in the text encoders; left out: the same. */
  textStrength: strengthSchema.optional(),
  ...runPart,
  /** SHA-256 of the coverage of the part of the picture that it acts in; left out: everywhere. */
  region: sha256Schema.optional(),
});

/** A part of the picture that has words of its own. */
export const recipeRegionSchema = z.object({
  /** SHA-256 of its coverage, one byte a pixel. */
  mask: sha256Schema,
  prompt: z.string().max(MAX_PROMPT_CHARACTERS),
  /** Left out: 1. */
  weight: regionWeightSchema.optional(),
});

/** An init picture: where denoising starts from instead of pure noise. */
export const recipeInitSchema = z.object({
  /** SHA-256 of the RGBA pixels, 8 bit, row by row. */
  sha256: sha256Schema,
  /** 0 keeps the picture, 1 ignores it. */
  strength: z.number().min(0).max(1),
});

/** A ControlNet and what it held the picture to. */
export const recipeControlSchema = z.object({
  /** SHA-256 of the ControlNet's file, or of the sorted lines `sha256  name` of a folder's. */
  sha256: sha256Schema,
  name: z.string(),
  /** SHA-256 of the picture's RGBA pixels at the size of the recipe, before it was prepared. */
  picture: sha256Schema,
  prepare: controlPreparationSchema,
  strength: controlStrengthSchema,
  ...runPart,
});

/** A textual inversion and the word that called it. */
export const recipeEmbeddingSchema = z.object({
  sha256: sha256Schema,
  word: z.string().min(1).max(100),
});

/** Largest angle of fresh noise in degrees: nothing of the earlier noise is left. */
export const MAX_THETA = 90;
/** Most changes on the way of one picture. */
export const MAX_CHANGES = 16;

/**
 * Noise that comes in on the way, drawn from a seed of its own: x = α·x̂0 + σ·(cos θ·ε̂ + sin θ·z), where x̂0 is the
 * picture that the run was heading to, ε̂ the noise that is left in it and z the fresh draw. θ in degrees: 0 is the run
 * without it to the bit, 90 keeps nothing of the earlier noise.
 */
export const freshNoiseSchema = z.strictObject({
  seed: z.number().int().min(0).max(MAX_SEED),
  theta: z.number().min(0).max(MAX_THETA),
});

/** What may differ from a step on; whatever is left out stays as it was. */
export const changeFields = {
  /** Steps of the run that are done before it takes effect. */
  step: z.number().int().min(0).max(999),
  noise: freshNoiseSchema.optional(),
  prompt: z.string().max(MAX_PROMPT_CHARACTERS).optional(),
  negative: z.string().max(MAX_PROMPT_CHARACTERS).optional(),
  guidance: z.number().min(0).max(100).optional(),
  /** Steps of the whole schedule whose tail is run from here on: more of them work finer. */
  steps: z.number().int().min(1).max(1000).optional(),
} as const;

/** A change on the way, as a recipe holds it; a variation that forked at a step is its parent's recipe and one of these. */
export const recipeChangeSchema = z.strictObject({
  ...changeFields,
  /** All adapters from here on. */
  adapters: z.array(recipeAdapterSchema).max(32).optional(),
  /** SHA-256 of the mask's coverage from here on; only where the recipe has a mask. */
  mask: sha256Schema.optional(),
  /**
   * SHA-256 of the coverage, as large as the finished picture, within which this change and later ones act. Elsewhere the
   * run follows what it is without them: cells of its latent after each step, pixels to the bit.
   */
  within: sha256Schema.optional(),
});
export type RecipeChange = z.infer<typeof recipeChangeSchema>;

/** The prompt's encoding on its way to another one's: 0 is this prompt, 1 the other. */
export const promptMixSchema = z.strictObject({
  prompt: z.string().max(MAX_PROMPT_CHARACTERS),
  share: z.number().min(0).max(1),
});

/** Where a picture came from. It says how, and decides nothing of the picture. */
export const ancestorSchema = z.strictObject({
  how: z.enum(['fork', 'mix', 'rework', 'repaint', 'decode']),
  /** SHA-256 of the canonical JSON of the ancestor's recipe, without its own lineage. */
  recipe: sha256Schema,
  /** SHA-256 of the ancestor's RGBA pixels, 8 bit, row by row. */
  picture: sha256Schema,
  /** Step from which on they differ. */
  step: z.number().int().min(0).max(1000).optional(),
  /** SHA-256 of the coverage of the mask that it was changed in. */
  mask: sha256Schema.optional(),
});
export type Ancestor = z.infer<typeof ancestorSchema>;

/**
 * Plain data that decides a picture completely. Same recipe, same device: same bits.
 * Unknown fields of later versions are refused rather than dropped.
 * What a picture did without is left out, never written as empty: recipes keep their hashes as fields are added.
 */
export const recipeSchema = z.strictObject({
  version: z.literal(1),
  model: z.object({
    /** SHA-256 over the model's files: of one file, or of the sorted lines `sha256  name`. */
    sha256: sha256Schema,
    name: z.string(),
    family: z.string(),
  }),
  prompt: z.string().max(MAX_PROMPT_CHARACTERS),
  negative: z.string().max(MAX_PROMPT_CHARACTERS),
  /** A sampler's identifier, such as `ddim`; the list comes with `studio.info`. */
  sampler: z.string().min(1).max(64),
  steps: z.number().int().min(1).max(1000),
  /** Classifier-free guidance scale; 1 is off. */
  guidance: z.number().min(0).max(100),
  /** Left out: 0. */
  guidanceRescale: guidanceRescaleSchema.optional(),
  /** Left out: the whole run. */
  guidanceInterval: guidanceIntervalSchema.optional(),
  seed: z.number().int().min(0).max(MAX_SEED),
  noise: noiseKindSchema,
  /** Pixels. */
  width: z.number().int().min(64).max(4096),
  height: z.number().int().min(64).max(4096),
  init: recipeInitSchema.nullable(),
  /** SHA-256 of the mask's coverage, one byte a pixel: 0 keeps the init picture's pixel, 255 paints it anew. */
  mask: sha256Schema.optional(),
  /** Blank borders that were put around the init picture and painted; its hash is then of the picture without them. */
  outpaint: outpaintSchema.optional(),
  local: recipeLocalSchema.optional(),
  regions: z.array(recipeRegionSchema).max(MAX_REGIONS).optional(),
  hires: hiresSchema.optional(),
  adapters: z.array(recipeAdapterSchema).max(32),
  controls: z.array(recipeControlSchema).max(MAX_CONTROLS).optional(),
  embeddings: z.array(recipeEmbeddingSchema).max(MAX_EMBEDDINGS).optional(),
  /** Left out: 1. SDXL's encoders never use less than 2, which it was trained with. */
  clipSkip: clipSkipSchema.optional(),
  approximations: approximationsSchema.optional(),
  /** An autoencoder in place of the model's own. */
  vae: z.object({ sha256: sha256Schema, name: z.string() }).optional(),
  /** In the order of their steps. */
  changes: z.array(recipeChangeSchema).max(MAX_CHANGES).optional(),
  mix: promptMixSchema.optional(),
  /** Threads within an operator: another count may round sums differently. */
  threads: z.number().int().min(1).max(256).optional(),
  lineage: z.array(ancestorSchema).max(8).optional(),
  /** What gave way for want of time; left out: nothing did. */
  eased: easedSchema.optional(),
  /** Arithmetic of the network. */
  precision: z.enum(['fp32', 'fp16']),
  /** Bits of the denoiser's linear layers; left out: as the model's file has them. */
  linear: linearBitsSchema.optional(),
  /** Provider that computed it: bits are promised within one device class. */
  device: z.string().min(1).max(32),
});
export type Recipe = z.infer<typeof recipeSchema>;
