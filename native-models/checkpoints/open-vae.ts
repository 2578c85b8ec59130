import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ModelError } from '../errors.ts';
import type { Component } from './checkpoint.ts';
import { openComponentFolder, readModelJson } from './component-files.ts';
import type { VaeConfig } from './component-configs.ts';
import { inferVaeConfig } from './infer-config.ts';
import { vaeNames } from './key-maps/vae-keys.ts';
import { renameTensors, withoutPrefix } from './tensor-names.ts';
import { parseVaeConfig } from './parse-config.ts';
import { readSafetensorsHeader } from './safetensors.ts';
import { Weights } from './weights.ts';

/**
 * Opens an autoencoder that is kept apart from its checkpoint: a `.safetensors` file in the original or the diffusers
 * layout, or a diffusers folder with a `config.json`.
 *
 * @param scalingFactor what latents are multiplied by, where the file does not say: 0.18215, or 0.13025 for SDXL.
 * @throws {ModelError} `weights-missing` when the file holds no autoencoder.
 */
export async function openVae(vaePath: string, scalingFactor: number): Promise<Component<VaeConfig>> {
  const found = await stat(vaePath).catch(() => undefined);
  if (found?.isDirectory() === true) {
    const { weights } = await openComponentFolder(vaePath, 'vae');
    return { config: parseVaeConfig(await readModelJson(path.join(vaePath, 'config.json'))), weights };
  }
  const header = await readSafetensorsHeader(vaePath);
  const prefix = ['first_stage_model.', 'vae.', ''].find((p) =>
    header.tensors.has(`${p}decoder.conv_in.weight`),
  );
  if (prefix === undefined) {
    throw new ModelError(
      'weights-missing',
      `${path.basename(vaePath)} holds no autoencoder (VAE).`,
      'Choose a file that has one.',
    );
  }
  const tensors = withoutPrefix(header, prefix);
  const original = tensors.has('decoder.mid.block_1.conv1.weight');
  const weights = new Weights('vae', original ? renameTensors(tensors, vaeNames(tensors.keys())) : tensors);
  return { config: inferVaeConfig(weights, scalingFactor), weights };
}
