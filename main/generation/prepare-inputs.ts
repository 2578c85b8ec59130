import { basename } from 'node:path';
import type { GenerationRequest, Recipe } from '../../preload/contract/index.ts';
import type { AdapterChoice, GenerateJob, RegionChoice } from '../inference/protocol.ts';
import type { RequestNotice } from './choose-adapters.ts';
import { given } from './given.ts';
import type { MakeFeatures } from './control-features/feature-maker.ts';
import type { InputStore } from './inputs/input-store.ts';
import { keepPlaces, nameAdapters } from './name-adapters.ts';
import { prepareControl } from './prepare-controls.ts';
import { prepareEmbeddings } from './prepare-embeddings.ts';
import { prepareRegion } from './prepare-mask.ts';
import { prepareSource } from './prepare-source.ts';

type JobInputs = Pick<GenerateJob, 'init' | 'mask' | 'regions' | 'controls' | 'embeddings'>;
type RecipeInputs = Pick<
  Recipe,
  'init' | 'mask' | 'outpaint' | 'regions' | 'adapters' | 'controls' | 'embeddings'
>;

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
 * @param inputs keeps the pixels, so that the picture can be made again
 * @param features draws what ControlNets are shown
 * @throws StudioError `generation/mask-…`, `generation/outpaint-…`, `generation/region-empty`; ModelError for files that are not what they are given as
 */
export async function prepareInputs(
  request: GenerationRequest,
  adapters: readonly AdapterChoice[],
  inputs: InputStore,
  features: MakeFeatures,
): Promise<PreparedInputs> {
  const { width, height } = request;
  const source = await prepareSource(request);
  const regions = await Promise.all(
    (request.regions ?? []).map((region) => prepareWords(region, width, height)),
  );
  const controls = await Promise.all(
    (request.controls ?? []).map((control) => prepareControl(control, request, features)),
  );
  const { picture, mask } = source.kept;
  if (picture) await inputs.keepPicture(picture.image, picture.sha256);
  if (mask) await inputs.keepMask(mask.mask, mask.sha256);
  for (const { choice, recipe } of regions) await inputs.keepMask(choice.mask, recipe.mask);
  for (const control of controls) await inputs.keepPicture(control.picture.image, control.picture.sha256);
  await keepPlaces(adapters, inputs);
  const embeddings = await prepareEmbeddings(request.embeddings ?? []);
  return {
    notices: resampled(request),
    job: {
      ...source.job,
      ...(regions.length > 0 ? { regions: regions.map(({ choice }) => choice) } : {}),
      ...(controls.length > 0 ? { controls: controls.map(({ choice }) => choice) } : {}),
      ...(embeddings.length > 0 ? { embeddings } : {}),
    },
    async recipe(hashFile) {
      const words = embeddings.map(async ({ path, name }) => ({ sha256: await hashFile(path), word: name }));
      const nets = controls.map((control) => control.recipe(hashFile));
      return {
        ...source.recipe,
        ...(regions.length > 0 ? { regions: regions.map((region) => region.recipe) } : {}),
        adapters: await nameAdapters(adapters, hashFile),
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
function resampled(request: GenerationRequest): RequestNotice[] {
  const { width, height, init, mask, outpaint, controls, regions, adapters } = request;
  const rasters = [
    ['picture to start from', outpaint === undefined ? init?.raster : undefined],
    ['mask', mask],
    ...(regions ?? []).map(({ raster }, i) => [`mask of region ${i + 1}`, raster] as const),
    ...adapters.map(({ region, path }) => [`place of ${basename(path)}`, region] as const),
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
