import { z } from 'zod';
import { bytesSchema } from './binary.ts';
import { clipSkipSchema, MAX_PROMPT_CHARACTERS, MAX_SEED, noiseKindSchema, recipeSchema } from './recipe.ts';

/** Largest picture file that is looked through for how it was made, in bytes. */
export const MAX_PICTURE_FILE = 64 * 1024 * 1024;

/** Programs whose pictures say how they were made. */
const pictureToolSchema = z.enum([
  'impasto',
  'a1111',
  'comfyui',
  'invokeai',
  'fooocus',
  'draw-things',
  'novelai',
]);
export type PictureTool = z.infer<typeof pictureToolSchema>;

const named = z.object({ name: z.string(), hash: z.string().nullable() });

/** What a picture file says of how it was made, in our terms; null is what it does not say. */
const foundSettingsSchema = z.object({
  tool: pictureToolSchema,
  /** The program's version as it wrote it. */
  version: z.string().nullable(),
  /** Where in the file it stood, such as `PNG tEXt "parameters"`. */
  source: z.string(),
  /** Without the tags that call adapters: those are in `adapters`. */
  prompt: z.string(),
  negative: z.string(),
  /** `id` is null where Impasto has no such sampler. */
  sampler: z.object({ written: z.string(), id: z.string().nullable() }).nullable(),
  steps: z.number().int().nullable(),
  guidance: z.number().nullable(),
  seed: z.number().int().nullable(),
  /** The kind under which the seed gives that program's noise. */
  noise: noiseKindSchema.nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  /** Denoising strength of a run that started from a picture: 0 keeps it, 1 ignores it. */
  strength: z.number().nullable(),
  clipSkip: z.number().int().nullable(),
  model: named.nullable(),
  vae: z.string().nullable(),
  adapters: z.array(named.extend({ strength: z.number(), textStrength: z.number().nullable() })),
  controls: z.array(
    z.object({
      name: z.string(),
      strength: z.number(),
      start: z.number().nullable(),
      end: z.number().nullable(),
    }),
  ),
  /** A second pass at a larger size. */
  hires: z
    .object({
      scale: z.number().nullable(),
      steps: z.number().int().nullable(),
      strength: z.number().nullable(),
      upscaler: z.string().nullable(),
    })
    .nullable(),
  /** Impasto's own recipe, whole. */
  recipe: recipeSchema.nullable(),
  /** What the file says and Impasto has no use for, as it was written. */
  unknown: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type FoundSettings = z.infer<typeof foundSettingsSchema>;

/** What to ask for to make such a picture with the models that are here; null leaves a setting as it is. */
const usableSettingsSchema = z.object({
  modelId: z.string().nullable(),
  /** With adapters as `<lora:…>` tags. */
  prompt: z.string().max(MAX_PROMPT_CHARACTERS),
  negative: z.string().max(MAX_PROMPT_CHARACTERS),
  sampler: z.string().nullable(),
  steps: z.number().int().min(1).max(1000).nullable(),
  guidance: z.number().min(0).max(100).nullable(),
  seed: z.number().int().min(0).max(MAX_SEED).nullable(),
  noise: noiseKindSchema.nullable(),
  width: z.number().int().min(64).max(4096).nullable(),
  height: z.number().int().min(64).max(4096).nullable(),
  strength: z.number().min(0).max(1).nullable(),
  clipSkip: clipSkipSchema.nullable(),
  /** One sentence for each setting that cannot be had here, and what takes its place. */
  notices: z.array(z.string()),
});
export type UsableSettings = z.infer<typeof usableSettingsSchema>;

/** Requests about where pictures come from. */
export const provenanceRequests = {
  /** How a picture file says that it was made; null when it says nothing. Never fails for what the file holds. */
  'provenance.read': {
    params: z.object({
      bytes: bytesSchema.refine((bytes) => bytes.byteLength <= MAX_PICTURE_FILE, 'the file is too large'),
    }),
    result: z.object({ found: foundSettingsSchema, use: usableSettingsSchema }).nullable(),
  },
} as const;
