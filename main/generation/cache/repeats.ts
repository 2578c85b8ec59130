import { setTimeout as wait } from 'node:timers/promises';
import type { Recipe } from '../../../preload/contract/index.ts';
import type { GenerateJob, GenerateResult } from '../../inference/protocol.ts';
import type { ResolvedRequest } from '../resolve-request.ts';
import type { PictureCache } from './picture-cache.ts';

/** Milliseconds that a job waits for the hashes of its recipe; after that it runs, which they go on beside. */
const HASHES_WITHIN = 100;

/** What an identical job left behind. */
export interface Repeat {
  /** Its recipe and the PNG file that was made of it; null when it has to be computed. */
  readonly kept: { readonly recipe: Recipe; readonly raster: { readonly png: Uint8Array } } | null;
  /** True when the picture was there, failed its checksum and was taken away. */
  readonly damaged: boolean;
}

const NOTHING: Repeat = { kept: null, damaged: false };

/** Looks up whether the very picture was made before by the device that the job asks for. Never rejects. */
export async function takeRepeat(
  pictures: PictureCache | undefined,
  { job, recipe }: Pick<ResolvedRequest, 'job' | 'recipe'>,
): Promise<Repeat> {
  if (pictures === undefined) return NOTHING;
  const hashed = await recipeSoon(recipe(job.compute.provider));
  if (hashed === null) return NOTHING;
  const key = pictures.keyOf(hashed, job);
  if (key === null) return NOTHING;
  const lookup = await pictures.get(key);
  return lookup.found === 'whole'
    ? { kept: { recipe: hashed, raster: { png: lookup.bytes } }, damaged: false }
    : { kept: null, damaged: lookup.found === 'damaged' };
}

/** A picture that has just been made. */
interface Made {
  readonly job: GenerateJob;
  /** Names the device that really computed. */
  readonly recipe: Recipe;
  readonly result: Pick<GenerateResult, 'notes'>;
  /** The PNG file that it became. */
  readonly png: () => Promise<Uint8Array>;
}

/**
 * Keeps a picture for repeats. Never rejects, as the picture itself is safe by now.
 *
 * @returns sentences for a person when it could not be kept.
 */
export async function keepForRepeats(
  pictures: PictureCache | undefined,
  { job, recipe, result, png }: Made,
): Promise<string[]> {
  // What was out of the ordinary, such as tiles for want of memory, is not in the recipe and need not happen again.
  if (pictures === undefined || result.notes.length > 0) return [];
  const key = pictures.keyOf(recipe, job);
  if (key === null) return [];
  try {
    await pictures.put(key, await png());
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      `The picture is safe, but repeating it will take its whole time: the cache takes nothing (${reason}).`,
    ];
  }
}

/** What to tell of a picture that was damaged in the cache and took `seconds` to make again. */
export function madeAgain(seconds: number): string {
  return `A kept picture failed its checksum and was made again (+${seconds.toFixed(1)} s). The picture is exactly right. Check the disk if this returns.`;
}

/** The recipe unless its hashes take long or cannot be had; the job itself says what is wrong with its files. */
async function recipeSoon(recipe: Promise<Recipe>): Promise<Recipe | null> {
  const waited = new AbortController();
  try {
    return await Promise.race([recipe, wait(HASHES_WITHIN, null, { signal: waited.signal })]);
  } catch {
    return null;
  } finally {
    waited.abort();
  }
}
