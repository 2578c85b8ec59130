import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ModelError } from '../errors.ts';
import { readSafetensorsHeader, type SafetensorsHeader } from './safetensors.ts';
import { tensorRef, Weights, type TensorRef } from './weights.ts';

const maxJsonBytes = 16 * 1024 * 1024;
const stems = ['diffusion_pytorch_model', 'model'];
const shardIndex = z.object({ weight_map: z.record(z.string(), z.string()) });

/** The weights of one component and the headers of the files that they lie in. */
export interface LoadedComponent {
  readonly weights: Weights;
  readonly headers: readonly SafetensorsHeader[];
}

/**
 * Reads and parses a JSON file of a model.
 * @throws {ModelError} `file-missing`, or `config-invalid` when it is not JSON or is larger than 16 MiB.
 */
export async function readModelJson(file: string): Promise<unknown> {
  try {
    const { size } = await stat(file);
    if (size > maxJsonBytes) throw new RangeError(`${size} bytes`);
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new ModelError(
        'file-missing',
        `There is no file ${file}.`,
        'Download the whole model folder again.',
        { cause },
      );
    }
    throw new ModelError(
      'config-invalid',
      `${file} is not JSON that can be read.`,
      'Download the file again.',
      { cause },
    );
  }
}

/**
 * Opens the weights in one component's folder of a diffusers model: a single `.safetensors` file, an fp16
 * variant, or shards with an index.
 * @throws {ModelError} `weights-missing`, `pickle-refused`, or what `readSafetensorsHeader` throws.
 */
export async function openComponentFolder(folder: string, component: string): Promise<LoadedComponent> {
  const files = await weightFiles(folder, component);
  const headers = await Promise.all(files.map(readSafetensorsHeader));
  const tensors = new Map<string, TensorRef>();
  for (const header of headers) {
    for (const [name, stored] of header.tensors) {
      const modern = modernName(name);
      tensors.set(modern, tensorRef(modern, header, stored));
    }
  }
  return { weights: new Weights(component, tensors), headers };
}

/** Old diffusers files call an autoencoder's attention layers by other names. */
function modernName(name: string): string {
  const match = /^(.*mid_block\.attentions\.\d+\.)(query|key|value|proj_attn)(\.(?:weight|bias))$/.exec(name);
  if (match === null) return name;
  const renamed: Readonly<Record<string, string>> = {
    query: 'to_q',
    key: 'to_k',
    value: 'to_v',
    proj_attn: 'to_out.0',
  };
  return `${match[1]}${renamed[match[2] ?? ''] ?? ''}${match[3]}`;
}

async function weightFiles(folder: string, component: string): Promise<string[]> {
  const present = new Set(await readdir(folder).catch(() => []));
  for (const stem of stems) {
    for (const variant of ['', '.fp16']) {
      const whole = `${stem}${variant}.safetensors`;
      if (present.has(whole)) return [path.join(folder, whole)];
      const index = [`${stem}.safetensors.index${variant}.json`, `${stem}${variant}.safetensors.index.json`];
      const found = index.find((name) => present.has(name));
      if (found !== undefined) return shards(folder, found);
    }
  }
  if (present.has('model.onnx')) {
    throw new ModelError(
      'family-unsupported',
      `The ${component} is an ONNX export beside a UNet of another kind.`,
      'Get the whole model as one export, or its .safetensors version, which also takes adapters.',
    );
  }
  const pickle = [...present].find((name) => /\.(bin|ckpt|pt|pth)$/.test(name));
  if (pickle !== undefined) {
    throw new ModelError(
      'pickle-refused',
      `The ${component} comes only as ${pickle}, a pickle, which can run any program when opened.`,
      'Get the .safetensors version of this model.',
    );
  }
  throw new ModelError(
    'weights-missing',
    `There are no weights for the ${component} in ${folder}.`,
    'Download the whole model folder again.',
  );
}

async function shards(folder: string, index: string): Promise<string[]> {
  const parsed = shardIndex.safeParse(await readModelJson(path.join(folder, index)));
  if (!parsed.success) {
    throw new ModelError('config-invalid', `${index} does not list shards.`, 'Download the file again.', {
      cause: parsed.error,
    });
  }
  const names = [...new Set(Object.values(parsed.data.weight_map))];
  const outside = names.find((name) => path.basename(name) !== name);
  if (outside !== undefined) {
    throw new ModelError(
      'config-invalid',
      `${index} points outside its folder, to ${outside}.`,
      'Do not use this file.',
    );
  }
  return names.map((name) => path.join(folder, name));
}
