import { z } from 'zod';
import { rasterSchema } from './generation.ts';

const resultId = z.string().regex(/^[0-9a-zA-Z-]{1,64}$/);

/** Longest edge of a small picture in pixels. */
export const MAX_THUMBNAIL_EDGE = 512;

/** A result as a list needs it. */
const galleryEntrySchema = z.object({
  resultId,
  created: z.number(),
  prompt: z.string(),
  seed: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
});
export type GalleryEntry = z.infer<typeof galleryEntrySchema>;

/** Requests about everything that was ever made here. */
export const galleryRequests = {
  /** Every result, newest first. */
  'gallery.list': {
    params: z.object({ limit: z.number().int().min(1).max(100_000) }),
    result: z.array(galleryEntrySchema),
  },
  /** A result, fitted into a square. */
  'gallery.thumbnail': {
    params: z.object({ resultId, edge: z.number().int().min(16).max(MAX_THUMBNAIL_EDGE) }),
    result: rasterSchema,
  },
  /** A result, where it comes from and what came of that: parents before their children. */
  'gallery.tree': {
    params: z.object({ resultId }),
    result: z.array(
      z.object({
        resultId,
        /** Null for the first picture. */
        parent: resultId.nullable(),
        how: z.enum(['fork', 'mix', 'rework', 'repaint', 'decode']).nullable(),
        /** Steps that it shares with its parent, of so many. */
        step: z.number().int().nullable(),
        steps: z.number().int(),
        /** What it took. */
        seconds: z.number(),
        prompt: z.string(),
      }),
    ),
  },
  /**
   * Results that look nearly like a picture, nearest first: their 64-bit difference hashes differ in at most `within` bits.
   */
  'gallery.similar': {
    params: z.object({ raster: rasterSchema, within: z.number().int().min(0).max(15) }),
    result: z.array(z.object({ resultId, distance: z.number().int() })),
  },
} as const;
