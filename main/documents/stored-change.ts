import { z } from 'zod';
import { type Change, changeSchema } from '../../preload/contract/index.ts';

type TilesChange = Extract<Change, { type: 'tiles' }>;

/** A change as the journal keeps it: a tile's pixels are a row of the blob store. */
export type StoredChange =
  | Exclude<Change, TilesChange>
  | {
      type: 'tiles';
      layerId: string;
      tiles: { x: number; y: number; blob: number | null }[];
    };

const storedTilesSchema = z.object({
  type: z.literal('tiles'),
  layerId: z.string(),
  tiles: z.array(z.object({ x: z.number().int(), y: z.number().int(), blob: z.number().int().nullable() })),
});

/** Parses what the journal holds; the file may come from anywhere. Throws a ZodError or SyntaxError. */
export function parseStoredChanges(json: string): StoredChange[] {
  return z
    .array(z.unknown())
    .parse(JSON.parse(json))
    .map((item): StoredChange => {
      const tiles = storedTilesSchema.safeParse(item);
      if (tiles.success) return tiles.data;
      const change = changeSchema.parse(item);
      if (change.type === 'tiles') throw new SyntaxError('pixels inside the journal');
      return change;
    });
}

/** Every blob that a list of changes refers to. */
export function blobsOf(changes: readonly StoredChange[]): Set<number> {
  const blobs = new Set<number>();
  for (const change of changes) {
    if (change.type !== 'tiles') continue;
    for (const { blob } of change.tiles) if (blob !== null) blobs.add(blob);
  }
  return blobs;
}
