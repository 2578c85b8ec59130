/** What a CLIP text encoder is made of. */
export interface ClipTextConfig {
  readonly vocabSize: number;
  /** Width of the hidden states. */
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  /** Tokens per chunk, start and end included: 77 in Stable Diffusion. */
  readonly maxPositions: number;
  readonly activation: 'quick_gelu' | 'gelu';
  readonly layerNormEps: number;
  /** The token whose first place is pooled. */
  readonly endToken: number;
  /** Width of the projected pooled state; undefined where the encoder has no projection. */
  readonly projectionDim: number | undefined;
}

/** One resolution of a UNet's down or up path. */
export interface UnetLevel {
  readonly channels: number;
  /** Residual blocks: `layers_per_block` going down, one more going up. */
  readonly resnets: number;
  /** Transformer blocks after each residual block; 0 where the level has no attention. */
  readonly transformerDepth: number;
  readonly heads: number;
}

/** What a conditional UNet (diffusers' UNet2DConditionModel) is made of. */
export interface UnetConfig {
  /** 4, or 9 in an inpainting model (latent, mask, masked latent). */
  readonly inChannels: number;
  readonly outChannels: number;
  readonly down: readonly UnetLevel[];
  /** Transformer blocks and heads at the bottom. */
  readonly middle: Pick<UnetLevel, 'transformerDepth' | 'heads'>;
  readonly up: readonly UnetLevel[];
  readonly crossAttentionDim: number;
  readonly normGroups: number;
  readonly normEps: number;
  /** Whether transformers are entered by a linear layer instead of a 1×1 convolution. */
  readonly linearProjection: boolean;
  /** Whether the timestep's cosines come before its sines. */
  readonly flipSinToCos: boolean;
  readonly freqShift: number;
  readonly timeEmbedDim: number;
  /** SDXL's micro-conditioning: width of each embedded number, and of all of them with the pooled text. */
  readonly addedConditions: { readonly timeDim: number; readonly inputDim: number } | undefined;
  /** Width of the guidance embedding of a distilled (LCM) UNet. */
  readonly guidanceDim: number | undefined;
}

/** What a ControlNet is made of: the down path and middle of a UNet, and a network that embeds the hint. */
export interface ControlnetConfig extends Omit<UnetConfig, 'up' | 'outChannels' | 'guidanceDim'> {
  readonly hintChannels: number;
  readonly hintEmbeddingChannels: readonly number[];
}

/** What an autoencoder (diffusers' AutoencoderKL) is made of. */
export interface VaeConfig {
  readonly imageChannels: number;
  readonly latentChannels: number;
  readonly channels: readonly number[];
  readonly layersPerBlock: number;
  readonly normGroups: number;
  /** Latents given to the UNet are `(mean - shift) * scale`; a decoder is given `latent / scale + shift`. */
  readonly scalingFactor: number;
  readonly shiftFactor: number;
  /** Per-channel statistics that replace the scaling factor where a model has them. */
  readonly latentsMean: readonly number[] | undefined;
  readonly latentsStd: readonly number[] | undefined;
  readonly quantConv: boolean;
  readonly postQuantConv: boolean;
  readonly middleAttention: boolean;
}

/** What the network's output means: the noise, or the velocity of arXiv:2202.00512. */
export type PredictionType = 'epsilon' | 'v_prediction';

/** The noise schedule that a model was trained with, and how its authors sample it. */
export interface SchedulerConfig {
  /** The diffusers class, such as `DDIMScheduler`. */
  readonly className: string;
  readonly trainTimesteps: number;
  readonly betaStart: number;
  readonly betaEnd: number;
  readonly betaSchedule: 'linear' | 'scaled_linear' | 'squaredcos_cap_v2';
  readonly predictionType: PredictionType;
  readonly timestepSpacing: 'leading' | 'linspace' | 'trailing';
  readonly stepsOffset: number;
  readonly rescaleBetasZeroSnr: boolean;
  readonly setAlphaToOne: boolean;
  readonly clipSample: boolean;
}

/** The schedule of every Stable Diffusion model so far, for files that do not bring their own. */
export function stableDiffusionSchedule(predictionType: PredictionType): SchedulerConfig {
  return {
    className: 'EulerDiscreteScheduler',
    trainTimesteps: 1000,
    betaStart: 0.00085,
    betaEnd: 0.012,
    betaSchedule: 'scaled_linear',
    predictionType,
    timestepSpacing: 'leading',
    stepsOffset: 1,
    rescaleBetasZeroSnr: false,
    setAlphaToOne: false,
    clipSample: false,
  };
}
