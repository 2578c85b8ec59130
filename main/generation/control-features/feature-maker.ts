import type { Raster, Recipe } from '../../../preload/contract/index.ts';
import type { GenerationCache } from '../cache/generation-cache.ts';
import type { PreparedInit } from '../init-image.ts';
import { featureKey } from '../plan/stage-keys.ts';
import type { StageTimes } from '../stage-times.ts';
import { drawHint } from './draw-hint.ts';

/** How a picture is prepared for a ControlNet. */
export type Preparation = NonNullable<Recipe['controls']>[number]['prepare'];

/**
 * What a ControlNet is shown of a picture, drawn once for each picture and way of preparing it.
 * @param fresh true to draw it whatever is kept, and keep nothing of it
 */
export type MakeFeatures = (picture: PreparedInit, prepare: Preparation, fresh: boolean) => Promise<Raster>;

/** Draws features each time. */
export const drawFeatures: MakeFeatures = ({ image }, prepare) => Promise.resolve(drawHint(image, prepare));

/** Draws features, takes those that are kept, and learns how long they take. */
export function createFeatureMaker(cache: GenerationCache | undefined, times: StageTimes): MakeFeatures {
  return async ({ image, sha256 }, prepare, fresh) => {
    if (prepare === 'as-is') return image;
    const key = cache && !fresh ? featureKey(cache.engine, { picture: sha256, prepare, ...image }) : null;
    const kept = key === null ? null : await cache?.stages.get(key, () => {});
    if (kept?.kind === 'features') return kept.image;
    const begun = performance.now();
    const drawn = drawHint(image, prepare);
    const seconds = (performance.now() - begun) / 1000;
    times.recordFeatures(prepare, image.width * image.height, seconds);
    if (key !== null) cache?.stages.put(key, { kind: 'features', image: drawn }, seconds, true);
    return drawn;
  };
}
