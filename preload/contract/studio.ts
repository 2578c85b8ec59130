import { z } from 'zod';

/** One provider that was tried, and how that went. */
export const deviceVerdictSchema = z.object({
  /** `cuda`, `tensorrt`, `dml`, `coreml`, `webgpu`, `cpu` */
  provider: z.string(),
  /** Adapter or processor name, as far as it is known. */
  name: z.string(),
  verdict: z.enum(['verified', 'failed', 'absent']),
  /** Why it is not used, or the largest error against known numbers. */
  reason: z.string(),
  milliseconds: z.number(),
});

/** What the studio computes on, and everything that was tried before it. */
export const deviceReportSchema = z.object({
  chosen: z.string(),
  tried: z.array(deviceVerdictSchema),
  memoryBytes: z.number(),
  freeMemoryBytes: z.number(),
  cores: z.number().int(),
});
export type DeviceReport = z.infer<typeof deviceReportSchema>;

/** A model that can be painted with. */
export const modelCardSchema = z.object({
  id: z.string(),
  name: z.string(),
  family: z.string(),
  bytes: z.number(),
  embedded: z.boolean(),
  /** One honest paragraph for a person. */
  about: z.string(),
  /** Pixels the model was made for. */
  nativeWidth: z.number().int(),
  nativeHeight: z.number().int(),
  /** Width and height must be multiples of this. */
  sizeMultiple: z.number().int(),
  defaults: z.object({ sampler: z.string(), steps: z.number().int(), guidance: z.number() }),
  /** Words a small model knows, by group; null for models that know any. */
  words: z.record(z.string(), z.array(z.string())).nullable(),
  examples: z.array(z.string()),
  /** ControlNets that come with the model; their paths tell what they are for. */
  controls: z.array(z.object({ path: z.string(), name: z.string() })).optional(),
});
export type ModelCard = z.infer<typeof modelCardSchema>;

/** What the page needs before its first frame. */
export const studioInfoSchema = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'headless']),
  platform: z.string(),
  documentsFolder: z.string(),
  samplers: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type StudioInfo = z.infer<typeof studioInfoSchema>;

/** Requests about the studio itself. */
export const studioRequests = {
  'studio.info': { params: z.object({}), result: studioInfoSchema },
  /** Waits for the probe if it still runs. */
  'devices.report': { params: z.object({}), result: deviceReportSchema },
  /** Tries every device anew, whatever was found earlier; seconds to a minute. New work runs on what is chosen. */
  'devices.test-again': { params: z.object({}), result: deviceReportSchema },
  'models.list': { params: z.object({}), result: z.array(modelCardSchema) },
  /** Opens a checkpoint that the user points to and adds it to the list. */
  'models.open': { params: z.object({ path: z.string().min(1).max(4096) }), result: modelCardSchema },
  /** How a prompt is cut into chunks by a model's tokenizer, for the meter under the prompt. */
  'models.tokens': {
    params: z.object({ modelId: z.string(), text: z.string().max(20_000) }),
    result: z.object({
      tokens: z.number().int(),
      limit: z.number().int(),
      /** Character offsets at which a chunk ends. */
      borders: z.array(z.number().int()),
      /** Words the model does not know, with the nearest it knows. */
      unknown: z.array(z.object({ word: z.string(), start: z.number().int(), nearest: z.array(z.string()) })),
    }),
  },
  /** Small settings of the page that must survive a restart; plain JSON by key. */
  'settings.read': { params: z.object({}), result: z.record(z.string(), z.unknown()) },
  'settings.write': {
    params: z.object({ key: z.string().regex(/^[a-z][a-z0-9.-]{0,63}$/), value: z.unknown() }),
    result: z.object({}),
  },
} as const;

/** Events about the studio itself. */
export const studioEvents = {
  'devices.changed': deviceReportSchema,
  /** A sentence for the status line. */
  'studio.notice': z.object({
    level: z.enum(['info', 'warn', 'bad']),
    message: z.string(),
    remedy: z.string(),
  }),
} as const;
