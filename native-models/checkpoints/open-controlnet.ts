import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ModelError } from '../errors.ts';
import type { ControlnetCheckpoint } from './checkpoint.ts';
import { openComponentFolder, readModelJson } from './component-files.ts';
import { inferControlnetConfig } from './infer-config.ts';
import { unetNames } from './key-maps/unet-keys.ts';
import { parseControlnetConfig } from './parse-config.ts';
import { renameTensors, withoutPrefix } from './tensor-names.ts';
import { readSafetensorsHeader } from './safetensors.ts';
import { Weights } from './weights.ts';

/**
 * Opens a ControlNet: a diffusers folder with a `config.json`, or a `.safetensors` file in the original layout
 * (`control_model.…`) or with diffusers' names.
 * @throws {ModelError} `family-unsupported` when the file is no ControlNet, or what reading it throws.
 */
export async function openControlnet(controlPath: string): Promise<ControlnetCheckpoint> {
  const found = await stat(controlPath).catch(() => undefined);
  if (found?.isDirectory() === true) {
    const { weights, headers } = await openComponentFolder(controlPath, 'ControlNet');
    const config = parseControlnetConfig(await readModelJson(path.join(controlPath, 'config.json')));
    return {
      path: controlPath,
      config,
      weights,
      files: headers.map(({ file, fileBytes }) => ({ path: file, bytes: fileBytes })),
    };
  }
  const header = await readSafetensorsHeader(controlPath);
  const prefix = ['control_model.', ''].find(
    (p) =>
      header.tensors.has(`${p}input_hint_block.0.weight`) ||
      header.tensors.has(`${p}controlnet_cond_embedding.conv_in.weight`),
  );
  if (prefix === undefined) {
    throw new ModelError(
      'family-unsupported',
      `${path.basename(controlPath)} is not a ControlNet.`,
      'Choose a ControlNet for Stable Diffusion 1.5 or XL.',
    );
  }
  const tensors = withoutPrefix(header, prefix);
  const original = tensors.has('input_hint_block.0.weight');
  const weights = new Weights(
    'ControlNet',
    original ? renameTensors(tensors, unetNames(tensors.keys())) : tensors,
  );
  return {
    path: header.file,
    config: inferControlnetConfig(weights),
    weights,
    files: [{ path: header.file, bytes: header.fileBytes }],
  };
}
