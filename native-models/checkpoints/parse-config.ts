import { z } from 'zod';
import { ModelError } from '../errors.ts';
import type {
  ClipTextConfig,
  ControlnetConfig,
  SchedulerConfig,
  UnetConfig,
  UnetLevel,
  VaeConfig,
} from './component-configs.ts';

const width = z.number().int().positive().max(65_536);
const count = z.number().int().positive().max(1024);
const perLevel = z.union([count, z.array(count).min(1).max(16)]);

const clipText = z.object({
  architectures: z.array(z.string()).nullish(),
  vocab_size: z.number().int().positive().max(4_000_000).default(49_408),
  hidden_size: width,
  intermediate_size: width,
  num_hidden_layers: count,
  num_attention_heads: count,
  max_position_embeddings: width.default(77),
  hidden_act: z.enum(['quick_gelu', 'gelu']).default('quick_gelu'),
  layer_norm_eps: z.number().positive().default(1e-5),
  eos_token_id: z.number().int().nonnegative().nullish(),
  projection_dim: width.nullish(),
});

const conditionalNet = z.object({
  in_channels: count.default(4),
  down_block_types: z
    .array(z.enum(['DownBlock2D', 'CrossAttnDownBlock2D']))
    .min(1)
    .max(16),
  block_out_channels: z.array(width).min(1).max(16),
  layers_per_block: perLevel.default(2),
  cross_attention_dim: width.default(1280),
  transformer_layers_per_block: perLevel.default(1),
  attention_head_dim: perLevel.default(8),
  num_attention_heads: perLevel.nullish(),
  norm_num_groups: count.default(32),
  norm_eps: z.number().positive().default(1e-5),
  use_linear_projection: z.boolean().default(false),
  flip_sin_to_cos: z.boolean().default(true),
  freq_shift: z.number().default(0),
  time_embedding_dim: width.nullish(),
  addition_embed_type: z.literal('text_time').nullish(),
  addition_time_embed_dim: width.nullish(),
  projection_class_embeddings_input_dim: width.nullish(),
  act_fn: z.literal('silu').default('silu'),
  only_cross_attention: z.literal(false).default(false),
  class_embed_type: z.null().optional(),
  encoder_hid_dim_type: z.null().optional(),
  resnet_time_scale_shift: z.literal('default').default('default'),
  dual_cross_attention: z.literal(false).default(false),
  center_input_sample: z.literal(false).default(false),
  downsample_padding: z.literal(1).default(1),
  mid_block_scale_factor: z.literal(1).default(1),
});

const unet = conditionalNet.extend({
  out_channels: count.default(4),
  mid_block_type: z.literal('UNetMidBlock2DCrossAttn').default('UNetMidBlock2DCrossAttn'),
  up_block_types: z
    .array(z.enum(['UpBlock2D', 'CrossAttnUpBlock2D']))
    .min(1)
    .max(16),
  reverse_transformer_layers_per_block: z.null().optional(),
  time_cond_proj_dim: width.nullish(),
});

const controlnet = conditionalNet.extend({
  conditioning_channels: count.default(3),
  conditioning_embedding_out_channels: z.array(width).min(2).max(16).default([16, 32, 96, 256]),
  global_pool_conditions: z.literal(false).default(false),
});

const vae = z.object({
  in_channels: count.default(3),
  latent_channels: count.default(4),
  block_out_channels: z.array(width).min(1).max(16),
  down_block_types: z.array(z.literal('DownEncoderBlock2D')),
  up_block_types: z.array(z.literal('UpDecoderBlock2D')),
  layers_per_block: count.default(1),
  norm_num_groups: count.default(32),
  scaling_factor: z.number().positive().default(0.18215),
  shift_factor: z.number().nullish(),
  latents_mean: z.array(z.number()).nullish(),
  latents_std: z.array(z.number().positive()).nullish(),
  use_quant_conv: z.boolean().default(true),
  use_post_quant_conv: z.boolean().default(true),
  mid_block_add_attention: z.boolean().default(true),
});

const scheduler = z.object({
  _class_name: z.string().default('DDIMScheduler'),
  num_train_timesteps: width.default(1000),
  beta_start: z.number().positive().default(0.00085),
  beta_end: z.number().positive().default(0.012),
  beta_schedule: z.enum(['linear', 'scaled_linear', 'squaredcos_cap_v2']).default('scaled_linear'),
  prediction_type: z.enum(['epsilon', 'v_prediction']).default('epsilon'),
  timestep_spacing: z.enum(['leading', 'linspace', 'trailing']).default('leading'),
  steps_offset: z.number().int().default(0),
  rescale_betas_zero_snr: z.boolean().default(false),
  set_alpha_to_one: z.boolean().default(true),
  clip_sample: z.boolean().default(false),
});

function parse<T extends z.ZodType>(schema: T, component: string, json: unknown): z.output<T> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new ModelError(
    'config-invalid',
    `The settings of the ${component} cannot be used: ${where === '' ? '' : `${where}: `}${issue?.message ?? 'unknown'}.`,
    'Impasto runs Stable Diffusion 1.x, 2.x and XL networks; this one is made differently or its config.json is damaged.',
    { cause: result.error },
  );
}

/** Reads a transformers `config.json` of a CLIP text model. @throws {ModelError} `config-invalid` */
export function parseClipTextConfig(json: unknown, component: string): ClipTextConfig {
  const config = parse(clipText, component, json);
  const projected = config.architectures?.includes('CLIPTextModelWithProjection') === true;
  // Configs written before transformers 4.30 say 2 here and mean the highest id.
  const declared = config.eos_token_id ?? 2;
  return {
    vocabSize: config.vocab_size,
    hiddenSize: config.hidden_size,
    intermediateSize: config.intermediate_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    maxPositions: config.max_position_embeddings,
    activation: config.hidden_act,
    layerNormEps: config.layer_norm_eps,
    endToken: declared === 2 ? config.vocab_size - 1 : declared,
    projectionDim: projected ? (config.projection_dim ?? config.hidden_size) : undefined,
  };
}

type ConditionalNet = z.output<typeof conditionalNet>;

function at(list: number | readonly number[], level: number): number {
  return typeof list === 'number' ? list : (list[Math.min(level, list.length - 1)] ?? 1);
}

function downLevels(config: ConditionalNet): UnetLevel[] {
  // diffusers' attention_head_dim has always meant the number of heads here.
  const heads = config.num_attention_heads ?? config.attention_head_dim;
  return config.block_out_channels.map((channels, i) => ({
    channels,
    resnets: at(config.layers_per_block, i),
    transformerDepth:
      config.down_block_types[i] === 'CrossAttnDownBlock2D' ? at(config.transformer_layers_per_block, i) : 0,
    heads: at(heads, i),
  }));
}

function conditioning(
  config: ConditionalNet,
  component: string,
): Omit<ControlnetConfig, 'hintChannels' | 'hintEmbeddingChannels'> {
  const { block_out_channels: channels, down_block_types: types } = config;
  if (types.length !== channels.length) {
    throw new ModelError(
      'config-invalid',
      `The settings of the ${component} name ${types.length} down blocks for ${channels.length} widths.`,
      'Its config.json is damaged: get the model again.',
    );
  }
  const last = channels.length - 1;
  const { addition_time_embed_dim: timeDim, projection_class_embeddings_input_dim: inputDim } = config;
  const added =
    config.addition_embed_type === 'text_time' && typeof timeDim === 'number' && typeof inputDim === 'number';
  return {
    inChannels: config.in_channels,
    down: downLevels(config),
    middle: {
      transformerDepth: at(config.transformer_layers_per_block, last),
      heads: at(config.num_attention_heads ?? config.attention_head_dim, last),
    },
    crossAttentionDim: config.cross_attention_dim,
    normGroups: config.norm_num_groups,
    normEps: config.norm_eps,
    linearProjection: config.use_linear_projection,
    flipSinToCos: config.flip_sin_to_cos,
    freqShift: config.freq_shift,
    timeEmbedDim: config.time_embedding_dim ?? (channels[0] ?? 320) * 4,
    addedConditions: added ? { timeDim, inputDim } : undefined,
  };
}

/** Reads a diffusers `config.json` of a UNet2DConditionModel. @throws {ModelError} `config-invalid` */
export function parseUnetConfig(json: unknown): UnetConfig {
  const config = parse(unet, 'unet', json);
  const shared = conditioning(config, 'unet');
  const last = shared.down.length - 1;
  const up = config.up_block_types.map((type, i): UnetLevel => {
    const mirrored = last - i;
    return {
      channels: at(config.block_out_channels, mirrored),
      resnets: at(config.layers_per_block, mirrored) + 1,
      transformerDepth: type === 'CrossAttnUpBlock2D' ? at(config.transformer_layers_per_block, mirrored) : 0,
      heads: at(config.num_attention_heads ?? config.attention_head_dim, mirrored),
    };
  });
  return {
    ...shared,
    outChannels: config.out_channels,
    up,
    guidanceDim: config.time_cond_proj_dim ?? undefined,
  };
}

/** Reads a diffusers `config.json` of a ControlNetModel. @throws {ModelError} `config-invalid` */
export function parseControlnetConfig(json: unknown): ControlnetConfig {
  const config = parse(controlnet, 'ControlNet', json);
  return {
    ...conditioning(config, 'ControlNet'),
    hintChannels: config.conditioning_channels,
    hintEmbeddingChannels: config.conditioning_embedding_out_channels,
  };
}

/** Reads a diffusers `config.json` of an AutoencoderKL. @throws {ModelError} `config-invalid` */
export function parseVaeConfig(json: unknown): VaeConfig {
  const config = parse(vae, 'vae', json);
  return {
    imageChannels: config.in_channels,
    latentChannels: config.latent_channels,
    channels: config.block_out_channels,
    layersPerBlock: config.layers_per_block,
    normGroups: config.norm_num_groups,
    scalingFactor: config.scaling_factor,
    shiftFactor: config.shift_factor ?? 0,
    latentsMean: config.latents_mean ?? undefined,
    latentsStd: config.latents_std ?? undefined,
    quantConv: config.use_quant_conv,
    postQuantConv: config.use_post_quant_conv,
    middleAttention: config.mid_block_add_attention,
  };
}

/** Reads a diffusers `scheduler_config.json`. @throws {ModelError} `config-invalid` */
export function parseSchedulerConfig(json: unknown): SchedulerConfig {
  const config = parse(scheduler, 'scheduler', json);
  return {
    className: config._class_name,
    trainTimesteps: config.num_train_timesteps,
    betaStart: config.beta_start,
    betaEnd: config.beta_end,
    betaSchedule: config.beta_schedule,
    predictionType: config.prediction_type,
    timestepSpacing: config.timestep_spacing,
    stepsOffset: config.steps_offset,
    rescaleBetasZeroSnr: config.rescale_betas_zero_snr,
    setAlphaToOne: config.set_alpha_to_one,
    clipSample: config.clip_sample,
  };
}
