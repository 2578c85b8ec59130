import { z } from 'zod';
import { sha256Schema } from './binary.ts';

/** Largest prompt in characters. */
export const MAX_PROMPT_CHARACTERS = 20_000;
/** Largest seed: every integer that JSON carries exactly. */
export const MAX_SEED = Number.MAX_SAFE_INTEGER;

/** How the starting noise is drawn; other tools' seeds give their pictures under the same kind. */
export const noiseKindSchema = z.enum(['philox', 'torch-cpu']);

/** An adapter and how strongly it pulls. */
export const recipeAdapterSchema = z.object({
  sha256: sha256Schema,
  name: z.string(),
  /** Usually -1 … 2; 0 is off. */
  strength: z.number().min(-10).max(10),
});

/** An init picture: where denoising starts from instead of pure noise. */
export const recipeInitSchema = z.object({
  /** SHA-256 of the RGBA pixels, 8 bit, row by row. */
  sha256: sha256Schema,
  /** 0 keeps the picture, 1 ignores it. */
  strength: z.number().min(0).max(1),
});

/**
 * Plain data that decides a picture completely. Same recipe, same device: same bits.
 * Unknown fields of later versions are refused rather than dropped.
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
  seed: z.number().int().min(0).max(MAX_SEED),
  noise: noiseKindSchema,
  /** Pixels. */
  width: z.number().int().min(64).max(4096),
  height: z.number().int().min(64).max(4096),
  init: recipeInitSchema.nullable(),
  adapters: z.array(recipeAdapterSchema).max(32),
  /** Arithmetic of the network. */
  precision: z.enum(['fp32', 'fp16']),
  /** Provider that computed it: bits are promised within one device class. */
  device: z.string().min(1).max(32),
});
export type Recipe = z.infer<typeof recipeSchema>;
