import { z } from 'zod';
import { bytesSchema } from './binary.ts';
import { documentStateSchema } from './documents.ts';

/** Most bytes of a file that a page hands over in one message. */
export const MAX_UPLOAD_BYTES = 480 * 2 ** 20;

const jobIdSchema = z.string().min(1).max(64);

/** Formats that a document can be exported to. */
export const exportKindSchema = z.enum(['psd', 'psb', 'ora', 'png', 'jpeg', 'webp', 'avif', 'tiff', 'exr']);
export type ExportKind = z.infer<typeof exportKindSchema>;

/** How colours that a press cannot print are brought within its reach (ICC rendering intents). */
export const proofIntentSchema = z.enum(['perceptual', 'relative', 'saturation']);
export type ProofIntent = z.infer<typeof proofIntentSchema>;

/** How a document is exported; what is left out stays as the document has it. */
export const exportSettingsSchema = z.object({
  kind: exportKindSchema,
  /** Bits a channel of flat files. */
  depth: z.union([z.literal(8), z.literal(16)]).optional(),
  /** Of JPEG, WebP and AVIF; 100 is lossless for the last two. */
  quality: z.number().int().min(1).max(100).optional(),
  /** Colour space that flat files are converted to. */
  profile: z.enum(['srgb', 'display-p3']).optional(),
  /** In place of it, for JPEG and TIFF, which become CMYK. */
  press: z
    .object({
      /** Bytes of the press' ICC profile; null for the general CMYK that libvips carries. */
      profile: bytesSchema.nullable(),
      intent: proofIntentSchema,
      /** Black becomes the press' own, and dark tones keep their steps. */
      blackPoint: z.boolean(),
    })
    .optional(),
  /** Red, green, blue 0 … 255 that flat files are laid over. */
  background: z
    .tuple([z.number().min(0).max(255), z.number().min(0).max(255), z.number().min(0).max(255)])
    .readonly()
    .optional(),
  /** Size of flat files relative to the canvas. */
  scale: z.number().min(0.01).max(8).optional(),
});
export type ExportSettings = z.infer<typeof exportSettingsSchema>;

/** Colours for colours, between which is looked up linearly. */
const colourTableSchema = z.object({
  /** Colours along an edge of the table. */
  edge: z.number().int().min(2),
  /** edge³ times red, green, blue, and how far of 255 a channel moved; the red of what is asked for is the slowest. */
  table: bytesSchema,
});

/** Requests about files of other programs: name → schemas of what goes in and what comes out. */
export const fileRequests = {
  /** Makes a document of a picture file and opens it. The file is named by path (desktop) or handed over as bytes. */
  'files.import': {
    params: z.object({
      jobId: jobIdSchema,
      name: z.string().min(1).max(255),
      source: z.union([z.string().min(1).max(4096), bytesSchema]),
    }),
    result: z.object({
      state: documentStateSchema,
      /** What could not stay as it was, in sentences. */
      losses: z.array(z.string()),
    }),
  },
  /** What a format cannot hold of a document, in sentences. */
  'files.losses': {
    params: z.object({ documentId: z.string().min(1).max(64), kind: exportKindSchema }),
    result: z.array(z.string()),
  },
  /** Writes a document as a file of another kind: to a path that a native dialog chose, or as bytes for the page. */
  'files.export': {
    params: z.object({
      jobId: jobIdSchema,
      documentId: z.string().min(1).max(64),
      settings: exportSettingsSchema,
      path: z.string().min(1).max(4096).nullable(),
    }),
    result: z.object({ fileName: z.string(), bytes: bytesSchema.nullable() }),
  },
  /** Stops an import or an export; nothing is left of it. */
  'files.stop': { params: z.object({ jobId: jobIdSchema }), result: z.object({}) },
  /**
   * A flat picture's pixels as a document has them, upright, first frame: RGBA, straight alpha, in the document's depth (16 bits
   * little-endian) and colours, by the picture's own profile.
   */
  'files.decode': {
    params: z.object({
      documentId: z.string().min(1).max(64),
      name: z.string().min(1).max(255),
      bytes: bytesSchema,
    }),
    result: z.object({ width: z.number(), height: z.number(), rgba: bytesSchema }),
  },
  /** Pixels of another document in a document's colours: RGBA, straight alpha, of any depth, which stays. Alpha stays too. */
  'files.convert-pixels': {
    params: z.object({
      documentId: z.string().min(1).max(64),
      width: z
        .number()
        .int()
        .min(1)
        .max(2 ** 16),
      height: z
        .number()
        .int()
        .min(1)
        .max(2 ** 16),
      depth: z.literal([8, 16]),
      /** 16 bits little-endian. */
      pixels: bytesSchema,
      /** What the numbers mean: a profile, or else a colour space. */
      colourSpace: z.enum(['srgb', 'display-p3']),
      profile: bytesSchema.nullable(),
    }),
    result: z.object({ pixels: bytesSchema }),
  },
  /** What a press would print of a document, as PNG for the screen, and how much of it the press cannot print. */
  'files.proof': {
    params: z.object({
      documentId: z.string().min(1).max(64),
      /** Bytes of the press' ICC profile; null for the general CMYK that libvips carries. */
      profile: bytesSchema.nullable(),
      gamutWarning: z.boolean(),
      intent: proofIntentSchema.default('perceptual'),
    }),
    result: z.object({ png: bytesSchema, outOfGamut: z.number() }),
  },
  /** The same for colours instead of a picture: a table by which the canvas shows what a press would print. */
  'files.proof-table': {
    params: z.object({
      documentId: z.string().min(1).max(64),
      profile: bytesSchema.nullable(),
      intent: proofIntentSchema,
    }),
    result: colourTableSchema,
  },
  /** A table by which the canvas shows a document's numbers as its own profile means them; null where they are so already. */
  'files.colour-table': {
    params: z.object({ documentId: z.string().min(1).max(64) }),
    result: colourTableSchema.nullable(),
  },
} as const;

/** Events about them. */
export const fileEvents = {
  'files.progress': z.object({
    jobId: z.string(),
    /** 0 … 1 */
    share: z.number(),
    /** What is being done, such as a layer's name. */
    what: z.string(),
  }),
} as const;
