import { createHash } from 'node:crypto';
import { basename, extname, join, relative, sep } from 'node:path';
import { openControlnet } from '../../native-models/checkpoints/open-controlnet.ts';
import type { GenerationRequest, Recipe } from '../../preload/contract/index.ts';
import type { ControlChoice } from '../inference/protocol.ts';
import { drawHint } from './control-features/draw-hint.ts';
import { given } from './given.ts';
import { prepareInit } from './init-image.ts';
import { refusePickle } from './refuse-pickle.ts';

type AskedControl = NonNullable<GenerationRequest['controls']>[number];
type RecipeControl = NonNullable<Recipe['controls']>[number];
type HashFile = (path: string) => Promise<string>;

/** A ControlNet whose file was looked at and whose picture is ready. */
export interface PreparedControl {
  readonly choice: ControlChoice;
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
  width: number,
  height: number,
): Promise<PreparedControl> {
  refusePickle(path);
  const net = await openControlnet(path);
  const { image, sha256: picture } = await prepareInit(raster, width, height);
  const part = given({ start, end });
  return {
    choice: { path, image: drawHint(image, prepare), strength, ...part },
    async recipe(hashFile) {
      const files = net.files.map((file) => file.path);
      const sha256 = await hashNet(path, files, hashFile);
      return { sha256, name: nameOf(path), picture, prepare, strength, ...part };
    },
  };
}

/** The hash of the one file, or of a folder's weights and settings as `sha256sum` would list them. */
async function hashNet(path: string, files: readonly string[], hashFile: HashFile): Promise<string> {
  const [only] = files;
  if (only !== undefined && extname(path) === '.safetensors') return hashFile(only);
  const lines: string[] = [];
  for (const file of [join(path, 'config.json'), ...files]) {
    lines.push(`${await hashFile(file)}  ${relative(path, file).split(sep).join('/')}\n`);
  }
  return createHash('sha256').update(lines.toSorted().join('')).digest('hex');
}

function nameOf(path: string): string {
  return basename(path, '.safetensors');
}
