import { ModelError } from '../errors.ts';
import type {
  ClipTextConfig,
  ControlnetConfig,
  UnetConfig,
  UnetLevel,
  VaeConfig,
} from './component-configs.ts';
import type { Weights } from './weights.ts';

/**
 * Settings of networks whose file does not bring them, read off the shapes of their tensors (by diffusers name).
 * What shapes do not tell is the same in every released model of the family and is stated where it is used.
 */

const normGroups = 32;
/** Stable Diffusion 1 has eight heads everywhere; later UNets, known by linear projections, 64 channels a head. */
const headsOfSd1 = 8;
const channelsPerHead = 64;
/** SDXL embeds each of its six numbers in 256 dimensions. */
const sdxlTimeDim = 256;
const timeIdCount = 6;

function shapeOf(weights: Weights, name: string): readonly number[] {
  const shape = weights.find(name)?.shape;
  if (shape === undefined) {
    throw new ModelError(
      'tensor-missing',
      `The tensor ${name} is missing, by which the network would be told.`,
      'The file is incomplete: get it again from its author.',
    );
  }
  return shape;
}

function axis(weights: Weights, name: string, index: number): number {
  return shapeOf(weights, name)[index] ?? 1;
}

/** How many consecutive N, from 0, make `name(N)` present. */
function countWhile(weights: Weights, name: (n: number) => string): number {
  let n = 0;
  while (weights.find(name(n)) !== undefined) n++;
  return n;
}

function heads(channels: number, linearProjection: boolean): number {
  return linearProjection ? Math.max(1, Math.floor(channels / channelsPerHead)) : headsOfSd1;
}

function damaged(what: string): ModelError {
  return new ModelError(
    'config-invalid',
    `This is no network that can be run: ${what}.`,
    'The file is damaged, or of a kind that is not known: get it again from its author.',
  );
}

function unetLevels(weights: Weights, way: 'down' | 'up', linearProjection: boolean): UnetLevel[] {
  const count = countWhile(weights, (i) => `${way}_blocks.${i}.resnets.0.conv1.weight`);
  if (count === 0) throw damaged(`the way ${way} has no block`);
  return Array.from({ length: count }, (_, i) => {
    const block = `${way}_blocks.${i}`;
    const channels = axis(weights, `${block}.resnets.0.conv1.weight`, 0);
    if (channels % normGroups !== 0) {
      throw damaged(`${block} has ${channels} channels, which are not ${normGroups} groups of one size`);
    }
    return {
      channels,
      resnets: countWhile(weights, (j) => `${block}.resnets.${j}.conv1.weight`),
      transformerDepth: countWhile(
        weights,
        (j) => `${block}.attentions.0.transformer_blocks.${j}.norm1.weight`,
      ),
      heads: heads(channels, linearProjection),
    };
  });
}

function conditioning(
  weights: Weights,
  pooledDim: number | undefined,
): Omit<ControlnetConfig, 'hintChannels' | 'hintEmbeddingChannels'> {
  const linearProjection = shapeOf(weights, 'mid_block.attentions.0.proj_in.weight').length === 2;
  const down = unetLevels(weights, 'down', linearProjection);
  const middle = axis(weights, 'mid_block.resnets.0.conv1.weight', 0);
  const inputDim = weights.find('add_embedding.linear_1.weight')?.shape[1];
  const timeDim =
    inputDim === undefined || pooledDim === undefined
      ? sdxlTimeDim
      : Math.floor((inputDim - pooledDim) / timeIdCount);
  if (timeDim < 2 || timeDim % 2 !== 0) throw damaged(`its sizes are embedded in ${timeDim} dimensions`);
  return {
    inChannels: axis(weights, 'conv_in.weight', 1),
    down,
    middle: {
      transformerDepth: countWhile(
        weights,
        (j) => `mid_block.attentions.0.transformer_blocks.${j}.norm1.weight`,
      ),
      heads: heads(middle, linearProjection),
    },
    crossAttentionDim: axis(weights, 'mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight', 1),
    normGroups,
    normEps: 1e-5,
    linearProjection,
    flipSinToCos: true,
    freqShift: 0,
    timeEmbedDim: axis(weights, 'time_embedding.linear_1.weight', 0),
    addedConditions: inputDim === undefined ? undefined : { timeDim, inputDim },
  };
}

/**
 * The settings of a UNet.
 * @param pooledDim width of the pooled text that SDXL's micro-conditioning is joined to, where it is known.
 */
export function inferUnetConfig(weights: Weights, pooledDim?: number): UnetConfig {
  const shared = conditioning(weights, pooledDim);
  return {
    ...shared,
    outChannels: axis(weights, 'conv_out.weight', 0),
    up: unetLevels(weights, 'up', shared.linearProjection),
    guidanceDim: weights.find('time_embedding.cond_proj.weight')?.shape[1],
  };
}

/** The settings of a ControlNet. */
export function inferControlnetConfig(weights: Weights): ControlnetConfig {
  const hint = 'controlnet_cond_embedding';
  const blocks = countWhile(weights, (i) => `${hint}.blocks.${i}.weight`);
  const channels = [axis(weights, `${hint}.conv_in.weight`, 0)];
  for (let i = 1; i < blocks; i += 2) channels.push(axis(weights, `${hint}.blocks.${i}.weight`, 0));
  return {
    ...conditioning(weights, undefined),
    hintChannels: axis(weights, `${hint}.conv_in.weight`, 1),
    hintEmbeddingChannels: channels,
  };
}

/** The settings of an autoencoder; `scalingFactor` is the family's. */
export function inferVaeConfig(weights: Weights, scalingFactor: number): VaeConfig {
  const levels = countWhile(weights, (i) => `decoder.up_blocks.${i}.resnets.0.conv1.weight`);
  const widths = Array.from({ length: levels }, (_, i) =>
    axis(weights, `decoder.up_blocks.${levels - 1 - i}.resnets.0.conv1.weight`, 0),
  );
  return {
    imageChannels: axis(weights, 'decoder.conv_out.weight', 0),
    latentChannels: axis(weights, 'decoder.conv_in.weight', 1),
    channels: widths,
    layersPerBlock: countWhile(weights, (j) => `decoder.up_blocks.0.resnets.${j}.conv1.weight`) - 1,
    normGroups,
    scalingFactor,
    shiftFactor: 0,
    latentsMean: undefined,
    latentsStd: undefined,
    quantConv: weights.find('quant_conv.weight') !== undefined,
    postQuantConv: weights.find('post_quant_conv.weight') !== undefined,
    middleAttention: weights.find('decoder.mid_block.attentions.0.to_q.weight') !== undefined,
  };
}

/**
 * The settings of a CLIP text encoder.
 * @param lastLayers layers at the end that are not used (Stable Diffusion 2 takes the state before the last).
 */
export function inferClipTextConfig(
  weights: Weights,
  activation: ClipTextConfig['activation'],
  lastLayers = 0,
): ClipTextConfig {
  const [vocabSize = 0, hiddenSize = 0] = shapeOf(weights, 'text_model.embeddings.token_embedding.weight');
  const projection = weights.find('text_projection.weight');
  const projected = activation === 'gelu' && lastLayers === 0;
  return {
    vocabSize,
    hiddenSize,
    intermediateSize: axis(weights, 'text_model.encoder.layers.0.mlp.fc1.weight', 0),
    layers: countWhile(weights, (i) => `text_model.encoder.layers.${i}.layer_norm1.weight`) - lastLayers,
    // Every released encoder has 64 channels a head; only models made for tests are narrower than 512.
    heads: hiddenSize < 512 ? 4 : hiddenSize / channelsPerHead,
    maxPositions: axis(weights, 'text_model.embeddings.position_embedding.weight', 0),
    activation,
    layerNormEps: 1e-5,
    endToken: vocabSize - 1,
    projectionDim: projected ? projection?.shape[projection.transposed ? 1 : 0] : undefined,
  };
}
