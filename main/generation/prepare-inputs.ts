import { basename, extname } from 'node:path';
import { type GenerationRequest, type Recipe, StudioError } from '../../preload/contract/index.ts';
import type { AdapterChoice, GenerateJob, RegionChoice } from '../inference/protocol.ts';
import type { RequestNotice } from './choose-adapters.ts';
import { given } from './given.ts';
import { prepareInit } from './init-image.ts';
import { prepareControl } from './prepare-controls.ts';
import { prepareEmbeddings } from './prepare-embeddings.ts';
import { coverageHash, prepareMask, prepareRegion } from './prepare-mask.ts';

type JobInputs = Pick<GenerateJob, 'init' | 'mask' | 'regions' | 'controls' | 'embeddings'>;
type RecipeInputs = Pick<Recipe, 'init' | 'mask' | 'regions' | 'adapters' | 'controls' | 'embeddings'>;

/** Everything that a request brings besides its numbers and words, as the worker takes it. */
export interface PreparedInputs {
  readonly job: JobInputs;
  readonly notices: readonly RequestNotice[];
  /** How the recipe names it all. @throws StudioError `models/file-missing` */
  readonly recipe: (hashFile: (path: string) => Promise<string>) => Promise<RecipeInputs>;
}

/**
 * Reads, checks and resamples what a request brings: init picture, mask, ControlNets, textual inversions.
 *
 * @param adapters those that were chosen for the model
 * @throws StudioError `generation/mask-…`; ModelError for files that are not what they are given as
 */
export async function prepareInputs(
  request: GenerationRequest,
  adapters: readonly AdapterChoice[],
): Promise<PreparedInputs> {
  const { width, height } = request;
  if (request.mask && !request.init) throw maskWithoutPicture();
  const init = request.init ? await prepareInit(request.init.raster, width, height) : null;
  const mask = request.mask ? await prepareMask(request.mask, width, height) : undefined;
  const regions = await Promise.all(
    (request.regions ?? []).map((region) => prepareWords(region, width, height)),
  );
  const controls = await Promise.all(
    (request.controls ?? []).map((control) => prepareControl(control, width, height)),
  );
  const embeddings = await prepareEmbeddings(request.embeddings ?? []);
  const strength = request.init?.strength ?? 0;
  return {
    notices: resampled(request),
    job: {
      init: init && { image: init.image, strength },
      ...given({ mask: mask?.mask }),
      ...(regions.length > 0 ? { regions: regions.map(({ choice }) => choice) } : {}),
      ...(controls.length > 0 ? { controls: controls.map(({ choice }) => choice) } : {}),
      ...(embeddings.length > 0 ? { embeddings } : {}),
    },
    async recipe(hashFile) {
      const named = adapters.map(async ({ path, strength: pull, textStrength, start, end, region }) => ({
        sha256: await hashFile(path),
        name: basename(path, extname(path)),
        strength: pull,
        ...given({ textStrength, start, end, region: region && coverageHash(region.coverage) }),
      }));
      const words = embeddings.map(async ({ path, name }) => ({ sha256: await hashFile(path), word: name }));
      const nets = controls.map((control) => control.recipe(hashFile));
      return {
        init: init && { sha256: init.sha256, strength },
        ...given({ mask: mask?.sha256 }),
        ...(regions.length > 0 ? { regions: regions.map((region) => region.recipe) } : {}),
        adapters: await Promise.all(named),
        ...(nets.length > 0 ? { controls: await Promise.all(nets) } : {}),
        ...(words.length > 0 ? { embeddings: await Promise.all(words) } : {}),
      };
    },
  };
}

/** A region as the worker takes it and as the recipe names it. */
async function prepareWords(
  { raster, prompt, weight }: NonNullable<GenerationRequest['regions']>[number],
  width: number,
  height: number,
): Promise<{ choice: RegionChoice; recipe: NonNullable<Recipe['regions']>[number] }> {
  const { mask, sha256 } = await prepareRegion(raster, width, height, `"${prompt.slice(0, 60)}"`);
  // Weight 1 is what leaving it out means.
  const own = { prompt, ...given({ weight: weight === 1 ? undefined : weight }) };
  return { choice: { ...own, mask }, recipe: { ...own, mask: sha256 } };
}

/** Says which pictures were brought to another size: proportions may have changed with it. */
function resampled({ width, height, init, mask, controls, regions }: GenerationRequest): RequestNotice[] {
  const rasters = [
    ['picture to start from', init?.raster],
    ['mask', mask],
    ...(regions ?? []).map(({ raster }, i) => [`mask of region ${i + 1}`, raster] as const),
    ...(controls ?? []).map(({ raster }, i) => [`control picture ${i + 1}`, raster] as const),
  ] as const;
  return rasters.flatMap(([what, raster]) =>
    !raster || (raster.width === width && raster.height === height)
      ? []
      : [
          {
            message: `The ${what} is ${raster.width} × ${raster.height} px and was resampled to ${width} × ${height}.`,
            remedy: 'Give it at that size to keep its pixels.',
          },
        ],
  );
}

function maskWithoutPicture(): StudioError {
  return new StudioError(
    'generation/mask-without-picture',
    'There is a mask but no picture to start from. Nothing was started.',
    'Give the picture that the mask is for.',
  );
}
