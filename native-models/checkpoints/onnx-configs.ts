import { z } from 'zod';
import { ModelError } from '../errors.ts';
import type { GraphFile } from '../onnx/graph-file.ts';
import type { ClipTextConfig, UnetConfig, VaeConfig } from './component-configs.ts';
import { fixedDimension } from './onnx-signature.ts';

const width = z.number().int().positive().max(65_536).optional().catch(undefined);
const widths = z.array(z.number().int().positive()).min(1).max(16).optional().catch(undefined);

const unetSettings = z.object({ block_out_channels: widths, in_channels: width, out_channels: width });
const vaeSettings = z.object({
  block_out_channels: widths,
  latent_channels: width,
  scaling_factor: z.number().positive().optional().catch(undefined),
  shift_factor: z.number().nullish().catch(undefined),
  latents_mean: z.array(z.number()).nullish().catch(undefined),
  latents_std: z.array(z.number().positive()).nullish().catch(undefined),
});
const textSettings = z.object({
  hidden_size: width,
  projection_dim: width,
  num_hidden_layers: width,
  max_position_embeddings: width,
  vocab_size: z.number().int().positive().optional().catch(undefined),
  hidden_act: z.string().optional().catch(undefined),
});

/** Numbers of SDXL's micro-conditioning, each of which it embeds in so many dimensions. */
const timeIds = { count: 6, width: 256 } as const;

function read<T extends z.ZodType>(schema: T, json: unknown): z.output<T> {
  return schema.parse(typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {});
}

/**
 * What is to be known of an exported UNet from outside. Its insides are its own, so that the levels say only how often
 * it halves its map.
 * @throws {ModelError} `config-invalid` where neither graph nor settings tell.
 */
export function parseExportedUnetConfig(json: unknown, graph: GraphFile): UnetConfig {
  const settings = read(unetSettings, json);
  const of = (input: string, axis: number): number | undefined =>
    fixedDimension(graph.inputs.get(input), axis);
  const inChannels = of('sample', 1) ?? settings.in_channels;
  const crossAttentionDim = of('encoder_hidden_states', 2);
  const output = graph.outputs.get('out_sample') ?? graph.outputs.get('sample');
  if (inChannels === undefined) throw untold('unet', 'in_channels');
  const added = graph.inputs.has('text_embeds') && graph.inputs.has('time_ids');
  const levels = settings.block_out_channels ?? (added ? [320, 640, 1280] : [320, 640, 1280, 1280]);
  const level = (channels: number) => ({ channels, resnets: 0, transformerDepth: 0, heads: 1 });
  return {
    inChannels,
    outChannels: settings.out_channels ?? fixedDimension(output, 1) ?? 4,
    down: levels.map(level),
    middle: { transformerDepth: 0, heads: 1 },
    up: levels.toReversed().map(level),
    crossAttentionDim: crossAttentionDim ?? (added ? 2048 : 768),
    normGroups: 32,
    normEps: 1e-5,
    linearProjection: added,
    flipSinToCos: true,
    freqShift: 0,
    timeEmbedDim: (levels[0] ?? 320) * 4,
    addedConditions: added
      ? {
          timeDim: timeIds.width,
          inputDim: (of('text_embeds', 1) ?? 1280) + timeIds.count * timeIds.width,
        }
      : undefined,
    guidanceDim: graph.inputs.has('timestep_cond') ? (of('timestep_cond', 1) ?? 256) : undefined,
  };
}

/**
 * What is to be known of an exported autoencoder from outside.
 * @param scalingFactor the family's, where the settings do not say
 */
export function parseExportedVaeConfig(json: unknown, decoder: GraphFile, scalingFactor: number): VaeConfig {
  const settings = read(vaeSettings, json);
  const [latent, image] = [decoder.inputs.get('latent_sample'), decoder.outputs.get('sample')];
  const [cells, pixels] = [fixedDimension(latent, 2), fixedDimension(image, 2)];
  const halvings = cells && pixels && Math.log2(pixels / cells);
  const levels = halvings !== undefined && Number.isInteger(halvings) ? halvings + 1 : 4;
  return {
    imageChannels: 3,
    latentChannels: fixedDimension(latent, 1) ?? settings.latent_channels ?? 4,
    channels: settings.block_out_channels ?? Array.from({ length: levels }, () => 128),
    layersPerBlock: 1,
    normGroups: 32,
    scalingFactor: settings.scaling_factor ?? scalingFactor,
    shiftFactor: settings.shift_factor ?? 0,
    latentsMean: settings.latents_mean ?? undefined,
    latentsStd: settings.latents_std ?? undefined,
    quantConv: false,
    postQuantConv: false,
    middleAttention: true,
  };
}

/**
 * What is to be known of an exported text encoder from outside.
 * @throws {ModelError} `config-invalid` where neither graph nor settings tell how wide its states are.
 */
export function parseExportedTextConfig(json: unknown, name: string, graph: GraphFile): ClipTextConfig {
  const settings = read(textSettings, json);
  const hiddenSize = fixedDimension(graph.outputs.get('last_hidden_state'), 2) ?? settings.hidden_size;
  if (hiddenSize === undefined) throw untold(name, 'hidden_size');
  const vocabSize = settings.vocab_size ?? 49_408;
  const second = name === 'text_encoder_2';
  return {
    vocabSize,
    hiddenSize,
    intermediateSize: hiddenSize * 4,
    layers: settings.num_hidden_layers ?? 12,
    heads: 1,
    maxPositions: fixedDimension(graph.inputs.get('input_ids'), 1) ?? settings.max_position_embeddings ?? 77,
    activation:
      settings.hidden_act === 'gelu' || (settings.hidden_act === undefined && second) ? 'gelu' : 'quick_gelu',
    layerNormEps: 1e-5,
    endToken: vocabSize - 1,
    projectionDim: second ? (settings.projection_dim ?? hiddenSize) : undefined,
  };
}

function untold(part: string, what: string): ModelError {
  return new ModelError(
    'config-invalid',
    `Neither the graph of the ${part} nor a config.json beside it says its ${what}.`,
    'Copy the config.json of the model into that folder, or get the .safetensors version.',
  );
}
