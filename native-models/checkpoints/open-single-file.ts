import path from 'node:path';
import type {
  Checkpoint,
  Component,
  ComponentName,
  ModelFamily,
  TextEncoderComponent,
} from './checkpoint.ts';
import { stableDiffusionSchedule, type UnetConfig, type VaeConfig } from './component-configs.ts';
import { findUnetPrefix, refuseUnsupportedUnet } from './identify.ts';
import { inferClipTextConfig, inferUnetConfig, inferVaeConfig } from './infer-config.ts';
import { openClip, textEncoderPrefixes, transformersClip } from './key-maps/clip-keys.ts';
import { emaUnetName } from './key-maps/ema-keys.ts';
import { unetNames } from './key-maps/unet-keys.ts';
import { vaeNames } from './key-maps/vae-keys.ts';
import { predictionTypeOf } from './prediction-type.ts';
import { readSafetensorsHeader, type SafetensorsHeader } from './safetensors.ts';
import { renameTensors, withoutPrefix } from './tensor-names.ts';
import { tensorRef, Weights, type TensorRef } from './weights.ts';

const vaePrefix = 'first_stage_model.';
/** Latents are divided by their standard deviation over the training set: arXiv:2112.10752 §D.1, arXiv:2307.01952. */
const scalingFactors: Readonly<Record<ModelFamily, number>> = { sd1: 0.18215, sd2: 0.18215, sdxl: 0.13025 };

/**
 * Opens a single `.safetensors` checkpoint in the original layout. Its header is read, and of Stable Diffusion 2 one layer's biases.
 * @throws {ModelError} naming the family that the file is of instead, or what is wrong with it.
 */
export async function openSingleFile(file: string): Promise<Checkpoint> {
  const header = await readSafetensorsHeader(file);
  const name = path.basename(file);
  const unetWeights = unetOf(header, name);
  refuseUnsupportedUnet(name, {
    inChannels: unetWeights.find('conv_in.weight')?.shape[1] ?? 0,
    crossAttentionDim:
      unetWeights.find('mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight')?.shape[1] ?? 0,
    addedInputDim: unetWeights.find('add_embedding.linear_1.weight')?.shape[1],
  });
  const linear = unetWeights.find('mid_block.attentions.0.proj_in.weight')?.shape.length === 2;
  const added = unetWeights.find('add_embedding.linear_1.weight') !== undefined;
  const family: ModelFamily = added ? 'sdxl' : linear ? 'sd2' : 'sd1';

  const textEncoders = textEncodersOf(header, family);
  const pooledDim = textEncoders.get('text_encoder_2')?.config.projectionDim;
  const unet: Component<UnetConfig> = {
    config: inferUnetConfig(unetWeights, pooledDim),
    weights: unetWeights,
  };
  const vae = vaeOf(header, scalingFactors[family]);
  const wanted: ComponentName[] = ['text_encoder', ...(added ? (['text_encoder_2'] as const) : [])];
  const predictionType = await predictionTypeOf(header, family, unet.config);
  return {
    path: header.file,
    layout: 'single-file',
    family,
    inpainting: unet.config.inChannels === 9,
    predictionType,
    scheduler: {
      ...stableDiffusionSchedule(predictionType),
      // NovelAI's and NoobAI's velocity models say by an empty tensor that they end in pure noise.
      rescaleBetasZeroSnr: header.tensors.has('ztsnr'),
    },
    textEncoders: [...textEncoders.values()],
    unet,
    vae,
    missing: [
      ...wanted.filter((component) => !textEncoders.has(component)),
      ...(vae === undefined ? (['vae'] as const) : []),
    ],
    files: [{ path: header.file, bytes: header.fileBytes }],
    metadata: header.metadata,
  };
}

function unetOf(header: SafetensorsHeader, file: string): Weights {
  const averaged = new Map<string, TensorRef>();
  for (const [key, stored] of header.tensors) {
    const original = emaUnetName(key);
    if (original !== undefined) averaged.set(original, tensorRef(key, header, stored));
  }
  const keys = new Set(header.tensors.keys());
  const onlyAveraged =
    averaged.has('input_blocks.0.0.weight') && !keys.has('model.diffusion_model.input_blocks.0.0.weight');
  const tensors = onlyAveraged ? averaged : withoutPrefix(header, findUnetPrefix(keys, file));
  return new Weights('unet', renameTensors(tensors, unetNames(tensors.keys())));
}

function textEncodersOf(
  header: SafetensorsHeader,
  family: ModelFamily,
): ReadonlyMap<ComponentName, TextEncoderComponent> {
  const found = new Map<ComponentName, TextEncoderComponent>();
  for (const { prefix, layout, component } of textEncoderPrefixes) {
    const tensors = withoutPrefix(header, prefix);
    if (tensors.size === 0 || found.has(component)) continue;
    const open = layout === 'open_clip';
    const weights = new Weights(component, open ? openClip(tensors) : transformersClip(tensors));
    if (weights.find('text_model.embeddings.token_embedding.weight') === undefined) continue;
    const config = inferClipTextConfig(
      weights,
      open ? 'gelu' : 'quick_gelu',
      open && family === 'sd2' ? 1 : 0,
    );
    found.set(component, { config, weights, tokenizer: 'clip', padToken: open ? 0 : config.endToken });
  }
  return found;
}

function vaeOf(header: SafetensorsHeader, scalingFactor: number): Component<VaeConfig> | undefined {
  const tensors = withoutPrefix(header, vaePrefix);
  if (!tensors.has('decoder.conv_in.weight')) return undefined;
  const weights = new Weights('vae', renameTensors(tensors, vaeNames(tensors.keys())));
  return { config: inferVaeConfig(weights, scalingFactor), weights };
}
