import path from 'node:path';
import { ModelError } from '../errors.ts';
import type { Checkpoint, ComponentName, ModelFamily, TextEncoderComponent } from './checkpoint.ts';
import { openComponentFolder, readModelJson } from './component-files.ts';
import { exists, openSchedule, wordsOf } from './folder-parts.ts';
import { isOnnxFolder, openOnnxFolder } from './open-onnx-folder.ts';
import type { UnetConfig } from './component-configs.ts';
import { parseClipTextConfig, parseUnetConfig, parseVaeConfig } from './parse-config.ts';
import type { SafetensorsHeader } from './safetensors.ts';

/**
 * Opens a diffusers model folder: `model_index.json` and a folder for each component.
 * @throws {ModelError} when the pipeline is not of a family that Impasto runs, or a part of it cannot be read.
 */
export async function openDiffusersFolder(folder: string): Promise<Checkpoint> {
  const index = await readModelJson(path.join(folder, 'model_index.json'));
  const pipeline = pipelineName(index);
  if (
    !/^(ORT|Onnx)?(StableDiffusion(XL)?(Inpaint|Img2Img|ControlNet)?|LatentConsistencyModel)Pipeline$/.test(
      pipeline,
    )
  ) {
    throw new ModelError(
      'family-unsupported',
      `This folder is a ${pipeline}, which is not supported.`,
      'Impasto opens Stable Diffusion 1.x, 2.x and XL models.',
    );
  }
  if (await isOnnxFolder(folder)) return openOnnxFolder(folder);
  const headers: SafetensorsHeader[] = [];
  const load = async (component: ComponentName) => {
    const loaded = await openComponentFolder(path.join(folder, component), component);
    headers.push(...loaded.headers);
    return loaded.weights;
  };
  const unet = {
    config: parseUnetConfig(await readModelJson(path.join(folder, 'unet', 'config.json'))),
    weights: await load('unet'),
  };
  const has = async (name: string): Promise<boolean> => exists(path.join(folder, name, 'config.json'));
  const vae = (await has('vae'))
    ? {
        config: parseVaeConfig(await readModelJson(path.join(folder, 'vae', 'config.json'))),
        weights: await load('vae'),
      }
    : undefined;

  const family = familyOf(unet.config);
  const wanted =
    family === 'sdxl' ? (['text_encoder', 'text_encoder_2'] as const) : (['text_encoder'] as const);
  const textEncoders: TextEncoderComponent[] = [];
  const missing: ComponentName[] = vae === undefined ? ['vae'] : [];
  for (const component of wanted) {
    if (!(await has(component))) missing.push(component);
    else textEncoders.push({ ...(await openTextEncoder(folder, component)), weights: await load(component) });
  }
  const scheduler = await openSchedule(folder);
  return {
    path: folder,
    layout: 'diffusers',
    family,
    inpainting: unet.config.inChannels === unet.config.outChannels * 2 + 1,
    predictionType: scheduler.predictionType,
    scheduler,
    textEncoders,
    unet,
    vae,
    missing,
    files: headers.map(({ file, fileBytes }) => ({ path: file, bytes: fileBytes })),
    metadata: headers[0]?.metadata ?? new Map<string, string>(),
  };
}

async function openTextEncoder(
  folder: string,
  component: 'text_encoder' | 'text_encoder_2',
): Promise<Omit<TextEncoderComponent, 'weights'>> {
  const config = parseClipTextConfig(
    await readModelJson(path.join(folder, component, 'config.json')),
    component,
  );
  return { config, ...(await wordsOf(folder, component, config)) };
}

function familyOf(config: UnetConfig): ModelFamily {
  if (config.addedConditions !== undefined) return 'sdxl';
  return config.crossAttentionDim === 1024 ? 'sd2' : 'sd1';
}

function pipelineName(index: unknown): string {
  if (
    typeof index === 'object' &&
    index !== null &&
    '_class_name' in index &&
    typeof index._class_name === 'string'
  ) {
    return index._class_name;
  }
  throw new ModelError(
    'config-invalid',
    'The model_index.json of this folder does not name a pipeline.',
    'Download the model folder again.',
  );
}
