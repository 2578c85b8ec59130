import type {
  ClipTextConfig,
  ControlnetConfig,
  PredictionType,
  SchedulerConfig,
  UnetConfig,
  VaeConfig,
} from './component-configs.ts';
import type { GraphFile } from '../onnx/graph-file.ts';
import type { Weights } from './weights.ts';

/** Families of models that Impasto runs. */
export type ModelFamily = 'sd1' | 'sd2' | 'sdxl';

/** Folders of an ONNX export that hold a graph each. */
export type GraphName = 'unet' | 'text_encoder' | 'text_encoder_2' | 'vae_encoder' | 'vae_decoder';

/** The settings and the weights of one network. */
export interface Component<Config> {
  readonly config: Config;
  /** Empty where the network comes as graphs. */
  readonly weights: Weights;
  /** The graphs of an ONNX export that stand for this network; left out where it is built from weights. */
  readonly graphs?: Readonly<Partial<Record<GraphName, GraphFile>>>;
}

/** A text encoder with the vocabulary that its ids are of. */
export interface TextEncoderComponent extends Component<ClipTextConfig> {
  /** A folder that holds `vocab.json` and `merges.txt`, or `clip` for OpenAI's 49,408 tokens. */
  readonly tokenizer: { readonly folder: string } | 'clip';
  /** The id that fills a chunk after the end token. */
  readonly padToken: number;
}

/** A part that a checkpoint may lack. */
export type ComponentName = 'unet' | 'vae' | 'text_encoder' | 'text_encoder_2';

/** A file that a checkpoint reads. */
export interface CheckpointFile {
  /** Absolute path with symbolic links resolved. */
  readonly path: string;
  readonly bytes: number;
}

/** An opened model: what it is, and where its tensors lie. Nothing of the weights has been read. */
export interface Checkpoint {
  readonly path: string;
  /** `onnx` for a folder of exports, whose graphs are run as they are. */
  readonly layout: 'diffusers' | 'single-file' | 'onnx';
  readonly family: ModelFamily;
  /** True for a UNet of nine input channels, which is given the mask and the masked picture. */
  readonly inpainting: boolean;
  readonly predictionType: PredictionType;
  readonly scheduler: SchedulerConfig;
  /** One in SD1 and SD2, two in SDXL; empty where the file brings none. */
  readonly textEncoders: readonly TextEncoderComponent[];
  readonly unet: Component<UnetConfig>;
  /** Undefined where the file brings none. */
  readonly vae: Component<VaeConfig> | undefined;
  /** Parts that a run needs and this file lacks. */
  readonly missing: readonly ComponentName[];
  readonly files: readonly CheckpointFile[];
  /** What the file says about itself (safetensors `__metadata__`). */
  readonly metadata: ReadonlyMap<string, string>;
}

/** An opened ControlNet. */
export interface ControlnetCheckpoint extends Component<ControlnetConfig> {
  readonly path: string;
  readonly files: readonly CheckpointFile[];
}
