import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ModelError } from '../errors.ts';
import type { TextEncoderComponent } from './checkpoint.ts';
import { openComponentFolder, readModelJson } from './component-files.ts';
import { inferClipTextConfig } from './infer-config.ts';
import { openClip, textEncoderPrefixes, transformersClip } from './key-maps/clip-keys.ts';
import { parseClipTextConfig } from './parse-config.ts';
import { readSafetensorsHeader } from './safetensors.ts';
import { withoutPrefix } from './tensor-names.ts';
import { Weights } from './weights.ts';

/**
 * Opens a CLIP text encoder that is kept apart from its checkpoint: a `.safetensors` file in the layout of
 * transformers or OpenCLIP, or a folder with a `config.json`.
 *
 * @param component which encoder of the checkpoint it is to be, for messages
 * @throws {ModelError} `weights-missing` when the file holds no text encoder.
 */
export async function openTextEncoder(
  encoderPath: string,
  component: 'text_encoder' | 'text_encoder_2',
): Promise<TextEncoderComponent> {
  const found = await stat(encoderPath).catch(() => undefined);
  if (found?.isDirectory() === true) {
    const { weights } = await openComponentFolder(encoderPath, component);
    const config = parseClipTextConfig(await readModelJson(path.join(encoderPath, 'config.json')), component);
    return {
      config,
      weights,
      tokenizer: 'clip',
      padToken: config.activation === 'gelu' ? 0 : config.endToken,
    };
  }
  const header = await readSafetensorsHeader(encoderPath);
  const places = [
    ...textEncoderPrefixes,
    { prefix: '', layout: 'transformers' },
    { prefix: '', layout: 'open_clip' },
  ] as const;
  for (const { prefix, layout } of places) {
    const tensors = withoutPrefix(header, prefix);
    const open = layout === 'open_clip';
    const weights = new Weights(component, open ? openClip(tensors) : transformersClip(tensors));
    if (weights.find('text_model.embeddings.token_embedding.weight') === undefined) continue;
    // Both of SDXL's encoders exist in the layout of transformers; the projected one is OpenCLIP's.
    const gelu = open || weights.find('text_projection.weight') !== undefined;
    const config = inferClipTextConfig(weights, gelu ? 'gelu' : 'quick_gelu');
    return { config, weights, tokenizer: 'clip', padToken: gelu ? 0 : config.endToken };
  }
  throw new ModelError(
    'weights-missing',
    `${path.basename(encoderPath)} holds no CLIP text encoder.`,
    'Choose a file that has one.',
  );
}
