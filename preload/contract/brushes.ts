import { z } from 'zod';
import { bytesSchema } from './binary.ts';

const unit = z.number().min(0).max(1);
const TIPS = ['round', 'chalk', 'bristle', 'splatter', 'sponge', 'dry', 'bitmap'] as const;

const tipBitmapSchema = z
  .object({
    width: z.number().int().min(1).max(512),
    height: z.number().int().min(1).max(512),
    /** 0 nothing, 255 full, row by row. */
    alpha: bytesSchema,
  })
  .refine(
    ({ width, height, alpha }) => alpha.byteLength === width * height,
    'a tip has width × height values',
  );

const dynamicSchema = z.object({
  sensor: z.enum(['pressure', 'tilt', 'azimuth', 'twist', 'speed', 'direction', 'random', 'fade']),
  curve: z
    .array(z.tuple([unit, unit]))
    .min(1)
    .max(32),
});
const dynamicsSchema = z.array(dynamicSchema).max(8).optional();

/** A brush as it is kept: what the engine paints with, see `renderer/engine/brush/brush.ts` for each part. */
export const brushSchema = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  name: z.string().min(1).max(80),
  size: z.number().min(0.5).max(4096),
  opacity: unit,
  flow: unit,
  hardness: unit,
  spacing: z.number().min(0.01).max(10),
  roundness: z.number().min(0.01).max(1),
  angle: z.number(),
  scatter: z.number().min(0).max(5),
  count: z.number().min(1).max(16),
  rate: z.number().min(0).max(200),
  tip: z.enum(TIPS),
  bitmap: tipBitmapSchema.nullable(),
  dual: z
    .object({
      tip: z.enum(TIPS),
      bitmap: tipBitmapSchema.nullable(),
      size: z.number().min(0.05).max(4),
      spacing: z.number().min(0.01).max(10),
      scatter: z.number().min(0).max(5),
      count: z.number().min(1).max(16),
      hardness: unit,
    })
    .nullable(),
  grain: z
    .object({
      pattern: z.enum(['paper', 'canvas', 'noise', 'fibre']),
      size: z.number().min(1).max(64),
      depth: unit,
    })
    .nullable(),
  jitter: z.object({ hue: unit, saturation: unit, value: unit }).nullable(),
  mixing: z.object({ pickup: unit, length: unit, smear: z.boolean() }).nullable(),
  // Brushes that were kept before there was one have none.
  wetEdge: unit.default(0),
  mode: z.enum(['paint', 'erase']),
  accumulation: z.enum(['wash', 'build-up']),
  stabiliser: z.number().min(0).max(10),
  string: z.number().min(0).max(4096),
  finishes: z.boolean(),
  dynamics: z.object({
    size: dynamicsSchema,
    opacity: dynamicsSchema,
    flow: dynamicsSchema,
    hardness: dynamicsSchema,
    roundness: dynamicsSchema,
    angle: dynamicsSchema,
    scatter: dynamicsSchema,
    spacing: dynamicsSchema,
    count: dynamicsSchema,
    grain: dynamicsSchema,
    jitter: dynamicsSchema,
    pickup: dynamicsSchema,
  }),
});
export type StoredBrush = z.infer<typeof brushSchema>;

/** Requests about a person's own brushes. One with the id of a brush that ships stands in for it. */
export const brushRequests = {
  /** In the order of their names; files that are no brushes are left out. */
  'brushes.list': { params: z.object({}), result: z.array(brushSchema) },
  'brushes.save': { params: z.object({ brush: brushSchema }), result: z.object({}) },
  'brushes.remove': { params: z.object({ id: brushSchema.shape.id }), result: z.object({}) },
} as const;
