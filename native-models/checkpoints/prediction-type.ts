import { open } from 'node:fs/promises';
import { decodeValues } from '../adapters/tensor.ts';
import type { ModelFamily } from './checkpoint.ts';
import type { PredictionType, UnetConfig } from './component-configs.ts';
import { readTensorBytes, type SafetensorsHeader } from './safetensors.ts';

/** A settings file beside a checkpoint is a page of text. */
const MOST_YAML_BYTES = 64 * 1024;
/** The layer norm whose biases tell the two trainings of Stable Diffusion 2 apart, as ComfyUI does. */
const TELLING = 'output_blocks.11.1.transformer_blocks.0.norm1.bias';
/** Their standard deviation, from which on it is the velocity model. */
const VELOCITY_SPREAD = 0.09;
/** Training leaves a few biases far from the others; made-up or fresh ones have none so far, and say nothing. */
const TRAINED_OUTLIER = 2.5;

/**
 * What a single file's UNet predicts. Its own word counts first: metadata, or the empty tensor `v_pred`. Stable Diffusion 2's
 * two trainings do not differ in their keys: of these the settings beside the file tell (`NAME.yaml`, as A1111 wants them), then
 * the biases of one layer. Its inpainting model predicts noise; where nothing tells, the velocity model is the common one.
 */
export async function predictionTypeOf(
  header: SafetensorsHeader,
  family: ModelFamily,
  unet: Pick<UnetConfig, 'inChannels'>,
): Promise<PredictionType> {
  const said = header.metadata.get('modelspec.prediction_type') ?? header.metadata.get('ss_prediction_type');
  if (said !== undefined && /^v(_|-|$)/.test(said)) return 'v_prediction';
  if (said !== undefined && said.startsWith('eps')) return 'epsilon';
  if (header.tensors.has('v_pred')) return 'v_prediction';
  if (family !== 'sd2') return 'epsilon';
  return (
    (await settingsBeside(header.file)) ??
    (unet.inChannels === 4 ? await trainedFor(header) : 'epsilon') ??
    'v_prediction'
  );
}

/** What the `.yaml` beside a checkpoint says; null where there is none that speaks of a model. */
async function settingsBeside(file: string): Promise<PredictionType | null> {
  const handle = await open(file.replace(/\.safetensors$/i, '.yaml')).catch(() => null);
  if (handle === null) return null;
  try {
    const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(MOST_YAML_BYTES) });
    const text = buffer.toString('utf8', 0, bytesRead);
    if (!/^model:/m.test(text)) return null;
    return /^\s*parameterization:\s*["']?v["']?\s*$/m.test(text) ? 'v_prediction' : 'epsilon';
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}

/** What a layer's biases say; null where they look untrained. */
async function trainedFor(header: SafetensorsHeader): Promise<PredictionType | null> {
  const name = [`model.diffusion_model.${TELLING}`, `diffusion_model.${TELLING}`, TELLING].find((key) =>
    header.tensors.has(key),
  );
  const stored = name === undefined ? undefined : header.tensors.get(name);
  if (name === undefined || stored === undefined || !['F16', 'BF16', 'F32'].includes(stored.dtype))
    return null;
  const values = decodeValues(name, stored.dtype, await readTensorBytes(header.file, stored));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const furthest = values.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  if (!(furthest > TRAINED_OUTLIER * spread)) return null;
  return spread > VELOCITY_SPREAD ? 'v_prediction' : 'epsilon';
}
