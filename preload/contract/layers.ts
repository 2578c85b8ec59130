import { z } from 'zod';
import {
  controlPreparationSchema,
  controlStrengthSchema,
  MAX_PROMPT_CHARACTERS,
  regionWeightSchema,
} from './recipe.ts';

const unit = z.number().min(0).max(1);
const signed = z.number().min(-1).max(1);
const colour = z.tuple([unit, unit, unit]).readonly();
const shift = z.tuple([signed, signed, signed]).readonly();
const finite = z.number().min(-1e9).max(1e9);
const point = z.object({ x: z.number().min(-1e6).max(1e6), y: z.number().min(-1e6).max(1e6) });

/** Identity of a layer or a document. */
export const idSchema = z.string().min(1).max(64).readonly();

/** W3C compositing-1 blend modes, then those that the PSD set adds. */
export const blendModeSchema = z.enum([
  'normal',
  'multiply',
  'screen',
  'overlay',
  'darken',
  'lighten',
  'color-dodge',
  'color-burn',
  'hard-light',
  'soft-light',
  'difference',
  'exclusion',
  'hue',
  'saturation',
  'color',
  'luminosity',
  'dissolve',
  'linear-burn',
  'darker-color',
  'linear-dodge',
  'lighter-color',
  'vivid-light',
  'linear-light',
  'pin-light',
  'hard-mix',
  'subtract',
  'divide',
  'pass-through',
]);

/** How a layer's mask counts; its pixels are `mask-tiles`, one channel, the maximum shows the layer. */
export const layerMaskSchema = z.object({
  enabled: z.boolean(),
  linked: z.boolean(),
  /** 0 … 1: how much it hides. */
  density: unit,
  /** Value where there is no tile. */
  outside: unit,
  /** 0 … 1000 pixels: standard deviation of its soft edge. Masks of documents up to layout 5 have none. */
  feather: z.number().min(0).max(1000).default(0),
});

/** What a fill layer is filled with; colours are encoded in the document's colour space, 0 … 1. */
const fillSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('solid'), colour }),
  z.object({
    type: z.literal('gradient'),
    shape: z.enum(['linear', 'radial', 'angle', 'reflected', 'diamond']),
    stops: z
      .array(z.object({ at: unit, colour, opacity: unit }))
      .min(1)
      .max(64)
      .readonly(),
    from: point,
    to: point,
  }),
]);

const byChannel = <T extends z.ZodType>(schema: T) => ({
  rgb: schema,
  red: schema.optional(),
  green: schema.optional(),
  blue: schema.optional(),
});

/** What an adjustment layer does to the colours under it. */
const adjustmentSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('levels'),
    ...byChannel(
      z.object({
        black: unit,
        white: unit,
        gamma: z.number().min(0.01).max(10),
        outBlack: unit,
        outWhite: unit,
      }),
    ),
  }),
  z.object({
    type: z.literal('curves'),
    ...byChannel(
      z
        .array(z.tuple([unit, unit]).readonly())
        .min(1)
        .max(32)
        .readonly(),
    ),
  }),
  z.object({
    type: z.literal('hue-saturation'),
    hue: z.number().min(-360).max(360),
    saturation: signed,
    lightness: signed,
    colorize: z.boolean(),
  }),
  z.object({
    type: z.literal('colour-balance'),
    shadows: shift,
    midtones: shift,
    highlights: shift,
    preserveLuminosity: z.boolean(),
  }),
  z.object({ type: z.literal('invert') }),
  z.object({
    type: z.literal('gradient-map'),
    stops: z
      .array(z.object({ at: unit, colour }))
      .min(1)
      .max(64)
      .readonly(),
    reverse: z.boolean(),
  }),
  z.object({ type: z.literal('brightness-contrast'), brightness: signed, contrast: signed }),
  z.object({
    type: z.literal('exposure'),
    exposure: z.number().min(-20).max(20),
    offset: z.number().min(-0.5).max(0.5),
    gamma: z.number().min(0.01).max(10),
  }),
  z.object({ type: z.literal('posterize'), levels: z.number().int().min(2).max(255) }),
  z.object({ type: z.literal('threshold'), level: unit }),
]);

/** A layer that a ControlNet holds the picture to; it is no part of the finished picture. */
const guideSchema = z.object({
  prepare: controlPreparationSchema,
  path: z.string().min(1).max(4096),
  strength: controlStrengthSchema,
  start: unit,
  end: unit,
});

/** Words for where a group has paint. */
const wordsSchema = z.object({
  prompt: z.string().max(MAX_PROMPT_CHARACTERS),
  weight: regionWeightSchema,
  /** Only this group's area is painted. */
  only: z.boolean(),
  /** Files of adapters that act in its area and nowhere else. */
  adapters: z.array(z.string().min(1).max(4096)).max(32).readonly().optional(),
});

const textAlign = z.enum(['left', 'center', 'right', 'justify']);

/** How letters look. */
const letterStyleSchema = z.object({
  font: z.string().max(200),
  size: z.number().min(1).max(10_000),
  weight: z.literal([400, 700]),
  italic: z.boolean(),
  /** Distance of lines as a multiple of the size. */
  leading: z.number().min(0.1).max(10),
  /** What is added between letters, as a multiple of the size. */
  spacing: z.number().min(-1).max(10),
  colour: z.string().regex(/^#[\da-f]{6}$/i),
});

/** Text that a layer's pixels were drawn from. */
const textSchema = letterStyleSchema.extend({
  text: z.string().max(20_000),
  /** Letters that look otherwise; layouts before 6 have none. */
  runs: z
    .array(z.object({ length: z.number().int().min(1).max(20_000), style: letterStyleSchema.partial() }))
    .max(20_000)
    .readonly()
    .nullable()
    .optional(),
  /** Layouts before 5 do not know `justify`, nor a box. */
  align: textAlign,
  /** Of paragraphs that differ; layouts before 6 have none. */
  aligns: z.array(textAlign).max(20_000).readonly().nullable().optional(),
  /** What its lines are broken to, in pixels of its own plane. */
  box: z
    .object({ width: z.number().min(1).max(100_000), height: z.number().min(1).max(100_000) })
    .nullable()
    .optional(),
  /** From the text's own plane to document pixels. */
  place: z.object({
    a: finite,
    b: finite,
    c: finite,
    d: finite,
    e: finite,
    f: finite,
  }),
});

/** Everything about a layer but its pixels. */
export const layerRecordSchema = z.object({
  id: idSchema,
  kind: z.enum(['paint', 'generated', 'group', 'fill', 'adjustment']),
  name: z.string().max(256),
  visible: z.boolean(),
  /** 0 … 1 */
  opacity: unit,
  /** 0 … 1; layers of layout 1 have none. */
  fillOpacity: unit.default(1),
  blend: blendModeSchema,
  locked: z.boolean(),
  alphaLocked: z.boolean(),
  /** Clipped to the layer below it. */
  clipped: z.boolean(),
  parent: idSchema.nullable(),
  /** Null when it has no mask; layers of layout 1 have none. */
  mask: layerMaskSchema.nullable().default(null),
  /** Of a fill layer. */
  fill: fillSchema.optional(),
  /** Of an adjustment layer. */
  adjustment: adjustmentSchema.optional(),
  /** The recipe that a generated layer was made with. */
  recipe: z.unknown().optional(),
  guide: guideSchema.nullable().optional(),
  words: wordsSchema.nullable().optional(),
  text: textSchema.nullable().optional(),
  /** Marks its row; layers of layouts before 6 have none. */
  label: z.enum(['red', 'orange', 'yellow', 'green', 'blue', 'violet', 'grey']).nullable().optional(),
});
export type LayerRecord = z.infer<typeof layerRecordSchema>;

/** What of a layer can be changed in place; what is absent stays (so nothing here has a default). */
export const layerPropsSchema = z
  .object({
    ...layerRecordSchema.pick({
      name: true,
      visible: true,
      opacity: true,
      blend: true,
      locked: true,
      alphaLocked: true,
      clipped: true,
      fill: true,
      adjustment: true,
      recipe: true,
      guide: true,
      words: true,
      text: true,
      label: true,
    }).shape,
    fillOpacity: unit,
    mask: layerMaskSchema.nullable(),
  })
  .partial();
