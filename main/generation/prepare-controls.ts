import { basename } from 'node:path';
import { openControlnet } from '../../native-models/checkpoints/open-controlnet.ts';
import type { GenerationRequest, Recipe } from '../../preload/contract/index.ts';
import type { ControlChoice } from '../inference/protocol.ts';
import type { MakeFeatures } from './control-features/feature-maker.ts';
import { given } from './given.ts';
import { hashParts } from './hash-parts.ts';
import { type PreparedInit, prepareInit } from './init-image.ts';
import { refusePickle } from '../models/refuse-pickle.ts';

type AskedControl = NonNullable<GenerationRequest['controls']>[number];
type RecipeControl = NonNullable<Recipe['controls']>[number];
type HashFile = (path: string) => Promise<string>;

/** A ControlNet whose file was looked at and whose picture is ready. */
export interface PreparedControl {
  readonly choice: ControlChoice;
  /** Its picture at the size of the run, before it was prepared. */
  readonly picture: PreparedInit;
  /** Its entry in the recipe. @throws StudioError `models/file-missing` */
  readonly recipe: (hashFile: HashFile) => Promise<RecipeControl>;
}

/**
 * Opens a ControlNet's header, brings its picture to `width` × `height` and prepares it as asked.
 *
 * @throws ModelError when the file is no ControlNet, is pickled, or is not there
 */
export async function prepareControl(
  { path, raster, strength, start, end, prepare = 'as-is' }: AskedControl,
  { width, height, fresh = false }: Pick<GenerationRequest, 'width' | 'height' | 'fresh'>,
  features: MakeFeatures,
): Promise<PreparedControl> {
  refusePickle(path);
  const net = await openControlnet(path);
  const picture = await prepareInit(raster, width, height);
  const part = given({ start, end });
  return {
    picture,
    choice: { path, image: await features(picture, prepare, fresh), strength, ...part },
    async recipe(hashFile) {
      const files = net.files.map((file) => file.path);
      const sha256 = await hashParts(path, files, hashFile);
      return { sha256, name: nameOf(path), picture: picture.sha256, prepare, strength, ...part };
    },
  };
}

function nameOf(path: string): string {
  return basename(path, '.safetensors');
}
