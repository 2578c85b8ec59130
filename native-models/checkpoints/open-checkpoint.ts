import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ModelError } from '../errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import { pickle } from './foreign-format.ts';
import { openDiffusersFolder } from './open-diffusers-folder.ts';
import { openSingleFile } from './open-single-file.ts';

/**
 * Opens a model as its owner has it: a diffusers folder, or a single `.safetensors` file in the original layout.
 * Reads headers and settings only.
 * @throws {ModelError} saying what does not fit and what to do.
 */
export async function openCheckpoint(modelPath: string): Promise<Checkpoint> {
  const absolute = path.resolve(modelPath);
  const found = await stat(absolute).catch(() => undefined);
  if (found === undefined) {
    throw new ModelError(
      'file-missing',
      `There is nothing at ${absolute}.`,
      'Check whether it was moved or renamed.',
    );
  }
  if (found.isDirectory()) return openDiffusersFolder(absolute);
  if (/\.(ckpt|pt|pth|bin)$/i.test(absolute)) {
    throw pickle(path.basename(absolute));
  }
  return openSingleFile(absolute);
}
