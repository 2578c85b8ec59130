import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { readSafetensorsHeader, readTensorBytes } from '../checkpoints/safetensors.ts';
import { ModelError } from '../errors.ts';
import { allFinite, decodeValues, type Tensor } from './tensor.ts';

/** Where metadata keep what PEFT says of a file: diffusers inside it, PEFT itself in `adapter_config.json` beside it. */
export const PEFT_METADATA = 'lora_adapter_metadata';

/** Settings are a page of text; patterns a layer may make them long. */
const MOST_SETTINGS_BYTES = 4 * 2 ** 20;

/** A file of named tensors, as the readers of this folder want it. */
export interface AdapterSource {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, { readonly dtype: string; readonly shape: readonly number[] }>;
  /** A tensor's bytes, little-endian. */
  read(name: string): Promise<Uint8Array>;
}

/** The files that PEFT and diffusers save an adapter as, in a folder that bears its name. */
const FOLDER_FILES = ['adapter_model.safetensors', 'pytorch_lora_weights.safetensors'];

/** The file of an adapter that was saved as a folder; any other path as it is. */
export async function adapterFileIn(place: string): Promise<string> {
  for (const name of FOLDER_FILES) {
    const file = path.join(place, name);
    if ((await stat(file).catch(() => null))?.isFile()) return file;
  }
  return place;
}

/** What to call an adapter by its path: PEFT's and diffusers' files all have one name, their folder has its own. */
export function adapterName(file: string): string {
  const name = path.basename(file);
  if (!FOLDER_FILES.includes(name)) return path.basename(name, path.extname(name));
  return path.basename(path.dirname(path.resolve(file)));
}

/**
 * A `.safetensors` file as an adapter source. Only its header is read at first.
 *
 * @throws ModelError as `readSafetensorsHeader` does.
 */
export async function openAdapterFile(adapter: string): Promise<AdapterSource> {
  const { file, metadata, tensors } = await readSafetensorsHeader(adapter);
  return {
    metadata: metadata.has(PEFT_METADATA)
      ? metadata
      : new Map([...metadata, ...(await peftSettings(adapter))]),
    tensors,
    async read(name) {
      const tensor = tensors.get(name);
      if (tensor) return readTensorBytes(file, tensor);
      throw new ModelError('tensor-missing', `The adapter has no tensor ${name}.`, 'Read its keys again.');
    },
  };
}

/**
 * A tensor's values as float32.
 *
 * @throws ModelError `tensor-missing`, `dtype-unsupported`, or `adapter-unsupported` if a value is
 *   infinite or no number.
 */
export async function readValues(source: AdapterSource, name: string): Promise<Tensor> {
  const stored = source.tensors.get(name);
  if (!stored) {
    throw new ModelError('tensor-missing', `The adapter has no tensor ${name}.`, 'Read its keys again.');
  }
  const values = decodeValues(name, stored.dtype, await source.read(name));
  if (!allFinite(values)) {
    throw new ModelError(
      'adapter-unsupported',
      `The adapter's ${name} holds a value that is not a finite number.`,
      'The file is damaged or its training failed: get it again from its author.',
    );
  }
  return { shape: stored.shape, values };
}

/** PEFT's settings beside a file that it saved: the file alone does not say what its product is multiplied by. */
async function peftSettings(adapter: string): Promise<[string, string][]> {
  if (path.basename(adapter) !== 'adapter_model.safetensors') return [];
  const settings = path.join(path.dirname(adapter), 'adapter_config.json');
  const { size } = await stat(settings).catch(() => ({ size: Infinity }));
  return size > MOST_SETTINGS_BYTES
    ? []
    : [[PEFT_METADATA, await readFile(settings, 'utf8').catch(() => '')]];
}
