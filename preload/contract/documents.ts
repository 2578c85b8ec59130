import { z } from 'zod';
import { bytesSchema, sha256Schema } from './binary.ts';
import { idSchema, layerPropsSchema, layerRecordSchema } from './layers.ts';

/** Edge of a tile in pixels; a tile is 256 × 256 RGBA, 8 or 16 bit (low byte first), straight alpha. */
export const TILE_EDGE = 256;
/** Bytes of one tile's pixels in a document of 8 bits; twice as many in one of 16. */
export const TILE_BYTES = TILE_EDGE * TILE_EDGE * 4;
/** Bytes of one tile of a mask in a document of 8 bits: one channel. */
const MASK_TILE_BYTES = TILE_EDGE * TILE_EDGE;
/** Largest ICC profile that is kept, in bytes. */
export const MAX_PROFILE_BYTES = 4 * 1024 * 1024;
/** Largest canvas edge in pixels. */
export const MAX_CANVAS_EDGE = 16_384;

const coordinateSchema = z.number().int().min(-1024).max(1024);
const edgeSchema = z.number().int().min(1).max(MAX_CANVAS_EDGE);

function patchSchema(bytesAt8: number) {
  return z.object({
    x: coordinateSchema,
    y: coordinateSchema,
    data: bytesSchema
      .refine(
        ({ byteLength }) => byteLength === bytesAt8 || byteLength === 2 * bytesAt8,
        `a tile has ${bytesAt8} bytes, or twice as many in a document of 16 bits`,
      )
      .nullable(),
  });
}

/** One tile's new pixels; `null` empties it. */
export const tilePatchSchema = patchSchema(TILE_BYTES);
/** One tile of a mask; `null` is the mask's outside value. */
const maskPatchSchema = patchSchema(MASK_TILE_BYTES);

/** Rows of tiles, from one up to another that is not counted. */
const rowsSchema = z.object({ from: coordinateSchema, to: z.number().int().min(-1024).max(1025) });

/** Bits a channel. */
const depthSchema = z.literal([8, 16]);
/** What a document's values are encoded in, when no profile says otherwise. */
const colourSpaceSchema = z.enum(['srgb', 'display-p3']);
const profileSchema = bytesSchema
  .refine(({ byteLength }) => byteLength <= MAX_PROFILE_BYTES, `at most ${MAX_PROFILE_BYTES} bytes`)
  .nullable();

/** Some of a document's format; what is absent stays. Another depth converts every tile. */
const formatChangeSchema = z
  .object({ depth: depthSchema, colourSpace: colourSpaceSchema, profile: profileSchema })
  .partial();

/** Largest note in bytes. */
export const MAX_NOTE_BYTES = 64 * 1024 * 1024;

/** What is kept with a document beside its picture, of which it has one each at most; its meaning is the page's. */
const noteKeySchema = z.enum(['selection', 'saved-selections', 'aids']);
export type NoteKey = z.infer<typeof noteKeySchema>;

const noteBytesSchema = bytesSchema
  .refine(({ byteLength }) => byteLength <= MAX_NOTE_BYTES, `at most ${MAX_NOTE_BYTES} bytes`)
  .nullable();

/** The smallest unit of editing; a transaction is a list of them, applied in order. */
export const changeSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('layer-add'),
    layer: layerRecordSchema,
    parent: idSchema.nullable(),
    index: z.number().int().min(0).max(10_000),
  }),
  z.object({ type: z.literal('layer-remove'), layerId: idSchema }),
  z.object({
    type: z.literal('layer-move'),
    layerId: idSchema,
    parent: idSchema.nullable(),
    index: z.number().int().min(0).max(10_000),
  }),
  z.object({ type: z.literal('layer-props'), layerId: idSchema, props: layerPropsSchema }),
  z.object({ type: z.literal('tiles'), layerId: idSchema, tiles: z.array(tilePatchSchema).max(8192) }),
  z.object({
    type: z.literal('mask-tiles'),
    layerId: idSchema,
    tiles: z.array(maskPatchSchema).max(8192),
  }),
  z.object({ type: z.literal('canvas'), width: edgeSchema, height: edgeSchema }),
  z.object({ type: z.literal('format'), format: formatChangeSchema }),
  z.object({ type: z.literal('note'), key: noteKeySchema, bytes: noteBytesSchema }),
]);
export type Change = z.infer<typeof changeSchema>;

/** A step of history, without its pixels. */
export const historyStepSchema = z.object({
  seq: z.number().int().positive(),
  label: z.string().max(200),
  /** Milliseconds since the epoch, for show only: order is by `seq`. */
  time: z.number(),
});
export type HistoryStep = z.infer<typeof historyStepSchema>;

/** A state of the document that was given a name and stays restorable whatever happens to the history. */
export const savePointSchema = z.object({
  id: z.number().int().positive(),
  name: z.string().min(1).max(200),
  /** Milliseconds since the epoch. */
  time: z.number(),
  /** The step after which it was made; {@link DocumentState.floor} where none is left. */
  seq: z.number().int().min(0),
});
export type SavePoint = z.infer<typeof savePointSchema>;

/** Why a document may only be looked at. */
export const readOnlyCauseSchema = z.enum(['open-elsewhere', 'newer-version']);

/** A document's whole structure, and which tiles hold pixels. */
export const documentStateSchema = z.object({
  id: idSchema,
  name: z.string(),
  /** Where the file lies, for show. */
  path: z.string(),
  width: edgeSchema,
  height: edgeSchema,
  depth: depthSchema,
  colourSpace: colourSpaceSchema,
  /** ICC profile that came with the picture. */
  profile: profileSchema,
  /** Pixels per inch; null when nobody has said. */
  resolution: z.number().positive().nullable(),
  /** Siblings bottom to top; a parent stands before its children. */
  layers: z.array(layerRecordSchema),
  /** Set when the file may only be looked at, with the sentence that says why. */
  readOnly: z.string().nullable(),
  readOnlyCause: readOnlyCauseSchema.nullable(),
  /** What was found amiss in the file and made good, a sentence each. */
  notices: z.array(z.string()),
  /** Undoable and redoable steps in order; `head` is the seq of the last applied one, `floor` before the first. */
  history: z.array(historyStepSchema),
  head: z.number().int().min(0),
  /** Seq of the newest step that was thinned out; 0 while the history reaches back to the beginning. */
  floor: z.number().int().min(0),
  /** In the order in which they were made. */
  savePoints: z.array(savePointSchema),
});
export type DocumentState = z.infer<typeof documentStateSchema>;

/** One line of the list of documents. */
export const documentSummarySchema = z.object({
  id: idSchema.nullable(),
  name: z.string(),
  path: z.string(),
  bytes: z.number(),
  modified: z.number(),
  width: z.number(),
  height: z.number(),
});
export type DocumentSummary = z.infer<typeof documentSummarySchema>;

/** Largest small picture of a document, in bytes. */
const MAX_OVERVIEW_BYTES = 2 * 1024 * 1024;

const documentIdParams = z.object({ documentId: idSchema });

/** Requests about documents: name → schemas of what goes in and what comes out. */
export const documentRequests = {
  'documents.list': { params: z.object({}), result: z.array(documentSummarySchema) },
  'documents.create': {
    params: z.object({
      name: z.string().min(1).max(120),
      width: edgeSchema,
      height: edgeSchema,
      /** 8 unless told. */
      depth: depthSchema.optional(),
      /** sRGB unless told. */
      colourSpace: colourSpaceSchema.optional(),
      /** The lowest layer: a locked sheet of this colour (channels 0 … 1), or none; white unless told. */
      background: z.tuple([z.number(), z.number(), z.number()]).readonly().nullable().optional(),
    }),
    result: documentStateSchema,
  },
  'documents.open': { params: z.object({ path: z.string().min(1).max(4096) }), result: documentStateSchema },
  'documents.close': { params: documentIdParams, result: z.object({}) },
  /** Writes a copy under a new name in the documents folder (or, on the desktop, anywhere) and goes on in it. */
  'documents.save-as': {
    params: z.object({
      documentId: idSchema,
      path: z.string().min(1).max(4096),
      /** True where somebody else goes on in the document that the copy is of. */
      leaveOpen: z.boolean().optional(),
    }),
    result: documentStateSchema,
  },
  /** Tiles of one layer, for opening: all, or those of some rows. */
  'documents.read-layer': {
    params: z.object({ documentId: idSchema, layerId: idSchema, rows: rowsSchema.optional() }),
    result: z.array(tilePatchSchema),
  },
  /** The same of one layer's mask; none for a layer without one. */
  'documents.read-mask': {
    params: z.object({ documentId: idSchema, layerId: idSchema, rows: rowsSchema.optional() }),
    result: z.array(maskPatchSchema),
  },
  /** Where one layer, and its mask, have pixels, and of which content: packed places (`places.ts`). */
  'documents.read-places': {
    params: z.object({ documentId: idSchema, layerId: idSchema }),
    result: z.object({ pixels: bytesSchema, mask: bytesSchema }),
  },
  /** Tiles' pixels by the hashes of their content, in that order. */
  'documents.read-pixels': {
    params: z.object({ documentId: idSchema, hashes: z.array(sha256Schema).min(1).max(256) }),
    result: z.array(bytesSchema),
  },
  /** The small picture of a large document that is shown while it is opened, as a WebP or PNG file; null for none. */
  'documents.read-overview': {
    params: documentIdParams,
    result: z.object({ bytes: bytesSchema.nullable() }),
  },
  /** Replaces it; it is no part of the history. */
  'documents.write-overview': {
    params: z.object({
      documentId: idSchema,
      bytes: bytesSchema.refine(
        ({ byteLength }) => byteLength <= MAX_OVERVIEW_BYTES,
        `at most ${MAX_OVERVIEW_BYTES} bytes`,
      ),
    }),
    result: z.object({}),
  },
  /** The notes as they are after the last applied step: selections, guides. They change by commits. */
  'documents.read-notes': {
    params: documentIdParams,
    result: z.array(z.object({ key: noteKeySchema, bytes: bytesSchema })),
  },
  /**
   * Takes in a part of a step that is too large for one message; nothing of it is in the document until the commit that
   * names how many parts there are. Parts count from 0, which begins anew; `document/parts-missing` where one is lost.
   */
  'documents.stage-part': {
    params: z.object({
      documentId: idSchema,
      part: z.number().int().min(0).max(4096),
      changes: z.array(changeSchema).max(4096),
    }),
    result: z.object({}),
  },
  /**
   * One transaction, on disk when this returns: the parts that were staged, then these changes. A redo tail beyond the
   * head is dropped.
   */
  'documents.commit': {
    params: z.object({
      documentId: idSchema,
      label: z.string().min(1).max(200),
      changes: z.array(changeSchema).max(4096),
      /** How many parts were staged for it; none where it is absent. */
      parts: z.number().int().min(0).max(4096).optional(),
    }),
    /** `floor` tells of steps that were thinned out in the meantime. */
    result: z.object({ step: historyStepSchema, floor: z.number().int().min(0) }),
  },
  /** A part of what a walk of the history to `head` would apply, and how many parts there are; nothing is moved. */
  'documents.read-move': {
    params: z.object({
      documentId: idSchema,
      head: z.number().int().min(0),
      part: z.number().int().min(0),
    }),
    result: z.object({ changes: z.array(changeSchema), parts: z.number().int().positive() }),
  },
  /** Walks the history by undoing or redoing up to `head`; returns what to apply to get there. */
  'documents.move-head': {
    params: z.object({ documentId: idSchema, head: z.number().int().min(0), withChanges: z.boolean() }),
    result: z.object({ head: z.number().int().min(0), changes: z.array(changeSchema) }),
  },
  /** Keeps the present state under a name; on disk when this returns. */
  'documents.add-save-point': {
    params: z.object({ documentId: idSchema, name: z.string().min(1).max(200) }),
    result: savePointSchema,
  },
  'documents.rename-save-point': {
    params: z.object({
      documentId: idSchema,
      savePointId: z.number().int(),
      name: z.string().min(1).max(200),
    }),
    result: savePointSchema,
  },
  'documents.remove-save-point': {
    params: z.object({ documentId: idSchema, savePointId: z.number().int() }),
    result: z.object({}),
  },
  /**
   * A part of what leads from the present state to a save point, and how many parts there are; the page commits all of
   * them as one step, so restoring can be undone.
   */
  'documents.read-save-point': {
    params: z.object({ documentId: idSchema, savePointId: z.number().int(), part: z.number().int().min(0) }),
    result: z.object({
      name: z.string(),
      changes: z.array(changeSchema),
      parts: z.number().int().positive(),
    }),
  },
  /** Begins to play the history at a small size, for a film; one at a time for each document. */
  'documents.begin-time-lapse': {
    params: z.object({
      documentId: idSchema,
      edge: z.number().int().min(64).max(2048),
      frames: z.number().int().min(2).max(6000),
    }),
    result: z.object({ width: edgeSchema, height: edgeSchema, count: z.number().int().positive() }),
  },
  /** The next frame, RGBA8 over white; null after the last. */
  'documents.next-frame': {
    params: documentIdParams,
    result: z.object({ rgba: bytesSchema.nullable() }),
  },
  /** The whole time-lapse as an animated picture's bytes. */
  'documents.export-animation': {
    params: z.object({
      documentId: idSchema,
      format: z.enum(['webp', 'gif']),
      edge: z.number().int().min(64).max(2048),
      seconds: z.number().min(1).max(120),
      framesPerSecond: z.number().min(1).max(50),
    }),
    result: z.object({ fileName: z.string(), bytes: bytesSchema }),
  },
  /** The flattened document as a PNG file's bytes, recipes inside. */
  'documents.export-png': {
    params: documentIdParams,
    result: z.object({ fileName: z.string(), png: bytesSchema }),
  },
  /** SHA-256 of the flattened 8-bit RGBA pixels, row by row. */
  'documents.pixel-hash': { params: documentIdParams, result: z.object({ sha256: sha256Schema }) },
} as const;
