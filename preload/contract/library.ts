import { z } from 'zod';
import { rasterSchema } from './generation.ts';

const path = z.string().min(1).max(4096);
const modelId = z.string().min(1).max(200);

/** A folder that is looked through for models and adapters. */
const libraryFolderSchema = z.object({
  path: z.string(),
  /** False while it is not there, such as a drive that is not connected; what it held is remembered. */
  present: z.boolean(),
  /** Models, adapters and files that cannot be used, as of the last scan. */
  files: z.number().int(),
});
export type LibraryFolder = z.infer<typeof libraryFolderSchema>;

/** What a file in the library is, or why it cannot be used. */
const libraryCardSchema = z.object({
  path: z.string(),
  name: z.string(),
  /** What `<lora:…>` calls it by: the file's name without ending. */
  stem: z.string(),
  /** Null for a file that cannot be used. */
  kind: z.enum(['checkpoint', 'adapter', 'embedding', 'controlnet', 'vae']).nullable(),
  /** As artists write it, such as SD1.5 or SDXL; null when it cannot be told. */
  family: z.string().nullable(),
  bytes: z.number(),
  triggerWords: z.array(z.string()),
  /** One sentence a line. */
  details: z.array(z.string()),
  /** Under which a checkpoint is in `models.list`; null for everything else. */
  modelId: z.string().nullable(),
  /** Why it cannot be used and what to do; null when it can. */
  problem: z.string().nullable(),
});
export type LibraryCard = z.infer<typeof libraryCardSchema>;

/** How the keys of an adapter's file go with a model. */
const adapterFitSchema = z.object({
  verdict: z.enum(['fits', 'part', 'none']),
  keys: z.number().int(),
  usedKeys: z.number().int(),
  /** What a person should know and can do; null when everything fits. */
  notice: z.object({ message: z.string(), remedy: z.string() }).nullable(),
  /** The first keys that change nothing, each with its reason. */
  unused: z.array(z.object({ key: z.string(), reason: z.string() })),
  /** The family to look for when nothing fits; null when it cannot be told. */
  family: z.string().nullable(),
});
export type AdapterFit = z.infer<typeof adapterFitSchema>;

/** An adapter of the library beside the model that it may be used with. */
const adapterCardSchema = libraryCardSchema.extend({
  /** By family, or by keys where the family cannot be told; the shelf asks for the exact fit. */
  likely: z.enum(['fits', 'unknown', 'other-family']),
});
export type AdapterCard = z.infer<typeof adapterCardSchema>;

/** Requests about the user's own model files. Nothing is ever written into their folders. */
export const libraryRequests = {
  'library.folders': {
    params: z.object({}),
    result: z.object({ folders: z.array(libraryFolderSchema), scanning: z.boolean() }),
  },
  /** Takes a folder in and begins to look through it; `library.changed` tells how far that is. */
  'library.add-folder': { params: z.object({ path }), result: z.object({}) },
  /** Forgets a folder and what was found in it; the files stay as they are. */
  'library.remove-folder': { params: z.object({ path }), result: z.object({}) },
  'library.rescan': { params: z.object({}), result: z.object({}) },
  /** Folders in which other programs keep models, where there are such. */
  'library.known-folders': {
    params: z.object({}),
    result: z.array(z.object({ program: z.string(), path: z.string() })),
  },
  /** Everything that scans found, what cannot be used included, by name. */
  'library.files': { params: z.object({}), result: z.array(libraryCardSchema) },
  /** The picture beside a file of the library, small; null when there is none. */
  'library.preview': { params: z.object({ path }), result: rasterSchema.nullable() },
  /** Adapters that scans found, those that probably fit the model first. */
  'library.adapters': { params: z.object({ modelId }), result: z.array(adapterCardSchema) },
  /** What any file is; with a model, how the adapter in it goes with that. Never fails for what the file is. */
  'library.inspect': {
    params: z.object({ path, modelId: modelId.nullable() }),
    result: z.object({ card: libraryCardSchema, fit: adapterFitSchema.nullable() }),
  },
} as const;

/** What the library tells while it works. */
export const libraryEvents = {
  /** A scan goes on (at most four times a second) or has ended; then lists are to be read again. */
  'library.changed': z.object({
    scanning: z.boolean(),
    /** Files found so far in this scan. */
    found: z.number().int(),
    /** The file that was looked at last; null at the end. */
    path: z.string().nullable(),
  }),
} as const;
