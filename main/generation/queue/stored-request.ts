import { createHash } from 'node:crypto';
import { type GenerationRequest, type Raster, StudioError } from '../../../preload/contract/index.ts';
import type { InputStore } from '../inputs/input-store.ts';

/** In place of pixels: the hash under which the input store has them. */
interface StoredRaster {
  readonly storedRaster: string;
}

/** A request as JSON, its pictures put into `inputs` first. */
export async function storeRequest(request: GenerationRequest, inputs: InputStore): Promise<string> {
  const rasters: { raster: Raster; sha256: string }[] = [];
  const text = JSON.stringify(request, (_key, value: unknown) => {
    if (!isRaster(value)) return value;
    const sha256 = createHash('sha256').update(value.rgba).digest('hex');
    rasters.push({ raster: value, sha256 });
    return { storedRaster: sha256 } satisfies StoredRaster;
  });
  for (const { raster, sha256 } of rasters) await inputs.keepPicture(raster, sha256);
  return text;
}

/**
 * The request that {@link storeRequest} wrote.
 * @throws StudioError `generation/input-missing` naming the hash
 */
export async function restoreStored(text: string, inputs: InputStore): Promise<GenerationRequest> {
  const parsed = JSON.parse(text) as GenerationRequest;
  return (await fill(parsed, inputs)) as GenerationRequest;
}

async function fill(value: unknown, inputs: InputStore): Promise<unknown> {
  if (isStored(value)) {
    const raster = await inputs.picture(value.storedRaster);
    if (raster === null) throw inputMissing(value.storedRaster);
    return raster;
  }
  if (Array.isArray(value)) return Promise.all(value.map((entry) => fill(entry, inputs)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, entry]) => [key, await fill(entry, inputs)]);
  return Object.fromEntries(await Promise.all(entries));
}

function isRaster(value: unknown): value is Raster {
  return typeof value === 'object' && value !== null && 'rgba' in value && value.rgba instanceof Uint8Array;
}

function isStored(value: unknown): value is StoredRaster {
  return typeof value === 'object' && value !== null && 'storedRaster' in value;
}

/** Says that pixels which a recipe names are not here. */
export function inputMissing(sha256: string): StudioError {
  return new StudioError(
    'generation/input-missing',
    `A picture that this one was made from is not here: ${sha256}.`,
    'Open it on the machine that it was made on, or give the picture again.',
  );
}
