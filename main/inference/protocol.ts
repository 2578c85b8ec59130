import type { NoiseKind, NoiseState } from '../../native-models/noise/noise-generator.ts';
import type { QuantScheme } from '../../native-models/quantise/scheme.ts';
import type { InferenceErrorData } from './errors.ts';
import type { GuidanceInterval } from './samplers/guidance.ts';
import type { SchedulerConfig } from './samplers/sampler.ts';
import type { EncodedRow } from './stages/text-conditioning.ts';

/** Version of the messages below; a worker of another build is refused. */
export const PROTOCOL_VERSION = 2;

/** Execution providers of ONNX Runtime that Impasto knows. */
export type Provider = 'cuda' | 'tensorrt' | 'dml' | 'coreml' | 'webgpu' | 'cpu';

/** Arithmetic of the networks; weights keep the precision that their file has. */
export type Precision = 'fp32' | 'fp16';

/** Pixels: RGBA, 8 bit, straight alpha, sRGB-encoded, row by row from the top left. */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  /** `width × height × 4` bytes. */
  readonly rgba: Uint8Array;
}

/** What the networks run on. Part of the job, because it can change the last bits of a picture. */
export interface ComputeSettings {
  readonly provider: Provider;
  readonly precision: Precision;
  /** Threads within an operator: 1 … 256. Another count may round sums differently. */
  readonly threads: number;
  /** Linear layers of the denoiser in fewer bits; left out: as the file has them. */
  readonly linear?: QuantScheme;
}

/** Denoisers in fewer bits: where they are kept, and which a job may fall back to. */
export interface FewerBits {
  /** Folder of the cache. */
  readonly folder: string;
  /** Name of the model's content: a hash. */
  readonly source: string;
  /** Bytes that the cache may hold. */
  readonly budget: number;
  /** Forms that may be taken where memory is short, in their order, and the largest error that each may have. */
  readonly reserve: readonly { readonly scheme: QuantScheme; readonly bar: number }[];
}

/** A denoiser whose linear layers were in fewer bits. */
export interface UsedLinear {
  readonly scheme: QuantScheme;
  /** ‖fp32 − this‖ / ‖fp32‖ of one evaluation of a fixed input, measured on this machine. */
  readonly error: number;
}

/** A sampler and what it can be told. */
export interface SamplerChoice {
  /** Identifier from the sampler registry, such as `ddim` or `euler`. */
  readonly id: string;
  /** Share of fresh noise of DDIM and its relatives, 0 … 1; left out: the sampler's own. */
  readonly eta?: number;
  /** Laid over the noise schedule that the model brings, such as `{ sigmaSpacing: 'karras' }`. */
  readonly schedule?: Partial<SchedulerConfig>;
}

/** A picture to start from (img2img). */
export interface InitImage {
  /** As large as the job's picture. Transparent pixels count as their colour on white. */
  readonly image: RgbaImage;
  /** 0 keeps the picture, 1 ignores it. */
  readonly strength: number;
  /** Its latent in the denoiser's scale, in place of what an encoder would make of the picture. */
  readonly latent?: Float32Array;
}

/** A first pass at a smaller size. */
export interface HiresChoice {
  /** Pixels of the first pass; multiples of the model's size multiple. */
  readonly width: number;
  readonly height: number;
  /** What the second pass makes anew, 0 … 1. */
  readonly strength: number;
  /** Steps of which the second pass runs that share; left out: the job's. */
  readonly steps?: number;
  /** How the first pass is enlarged: its latent, or its picture. */
  readonly method: 'latent-nearest' | 'latent-linear' | 'lanczos';
  /** Steps of the first pass, as changes count those of both; left out: all changes are the first pass's. */
  readonly firstSteps?: number;
}

/** A textual inversion file and the word that stands for it in prompts. */
export interface EmbeddingChoice {
  readonly path: string;
  readonly name: string;
}

/** How much of something acts on each pixel. */
export interface Mask {
  /** As large as the job's picture. */
  readonly width: number;
  readonly height: number;
  /** One byte a pixel, row by row: 0 not at all … 255 fully. */
  readonly coverage: Uint8Array;
}

/** A low-rank adapter file and how strongly it pulls. */
export interface AdapterChoice {
  readonly path: string;
  /** 1 is the strength that it was trained at; 0 is off, below 0 is its opposite. */
  readonly strength: number;
  /** Strength in the text encoders, where it differs. */
  readonly textStrength?: number;
  /** Part of the run in which it acts on the denoiser, as shares of its steps: from 0 … to 1. */
  readonly start?: number;
  readonly end?: number;
  /**
   * Where in the picture it acts; left out: everywhere. What it changes of the text has no place, so the
   * text encoders are left alone and changes of attended text are weighted by the mean coverage.
   */
  readonly region?: Mask;
}

/** A ControlNet and the picture that it holds the work to. */
export interface ControlChoice {
  readonly path: string;
  /** As large as the job's picture, already what the net was trained on (edges, depth …). Transparency is black. */
  readonly image: RgbaImage;
  /** 1 is full; 0 is off. */
  readonly strength: number;
  /** Part of the run in which it acts, as shares of its steps: from 0 … to 1. */
  readonly start?: number;
  readonly end?: number;
}

/** Words for a part of the picture. */
export interface RegionChoice {
  readonly prompt: string;
  /** Where; the softer an edge, the more its cells see of both sides' words. */
  readonly mask: Mask;
  /** Its words against those of other regions where they overlap; left out: 1. */
  readonly weight?: number;
}

/** A run that another one follows where it is not to differ. */
export interface FollowedRun {
  /** What does not follow; the denoiser sees 128 and above as its own. */
  readonly mask: Mask;
  /** The followed run's latents `[channels, height, width]` by the steps that are done then, each after the change's. */
  readonly latents: ReadonlyMap<number, Float32Array>;
}

/** What differs from a step of a run on; what is left out stays as it was. */
export interface JobChange {
  /** Steps of the whole run that are done before it takes effect. */
  readonly step: number;
  /** Noise from a seed of its own that comes in at this step, by an angle of 0 … 90 degrees; see `enterNoise`. */
  readonly noise?: { readonly seed: number; readonly theta: number };
  readonly prompt?: string;
  readonly negative?: string;
  readonly guidance?: number;
  /** Steps of the schedule whose tail is run from here on. */
  readonly steps?: number;
  readonly adapters?: readonly AdapterChoice[];
  readonly mask?: Mask;
  readonly follow?: FollowedRun;
}

/** What a stage made of its inputs, as it is kept for other jobs. */
export type StageValue =
  | { readonly kind: 'text'; readonly row: EncodedRow }
  /** Mean and logarithm of the variance that the encoder gave for a picture. */
  | { readonly kind: 'image'; readonly moments: Float32Array };

/** Names under which a job's stages are kept; opaque here. A stage without one is computed and not kept. */
export interface StageKeys {
  /** Of each part of the run between changes. */
  readonly text: readonly {
    readonly prompt: string;
    readonly negative: string;
    readonly mix: string | null;
  }[];
  readonly image: string | null;
  /** Of the first of two passes. */
  readonly firstPass?: StageKeys;
}

/** Everything that decides one picture, as plain data that survives structured clone. */
export interface GenerateJob {
  readonly model: { readonly kind: 'folder' | 'file'; readonly path: string };
  /** An autoencoder in place of the model's own, or for a model that has none: a file or a diffusers folder. */
  readonly vae?: string;
  readonly prompt: string;
  readonly negative: string;
  /** `a1111` (default) reads weights, schedules and `BREAK`; `plain` takes every character as it stands and one chunk of them. */
  readonly promptSyntax?: 'a1111' | 'plain';
  /**
   * Fills every encoder's places after the end token with that token. Left out, each encoder is
   * padded as it was trained: SDXL's second one with id 0.
   */
  readonly padWithEndToken?: boolean;
  /** Layer of the text encoder that is used, counted from its end: 1 (default) is the last. */
  readonly clipSkip?: number;
  readonly sampler: SamplerChoice;
  /** Denoising steps of a run from pure noise, 1 … 1000. */
  readonly steps: number;
  /** Classifier-free guidance scale; 1 evaluates the prompt alone. */
  readonly guidance: number;
  /** Pulls guidance back to the spread of the prompt's own output, 0 (default) … 1 (Lin et al. 2023, φ). */
  readonly guidanceRescale?: number;
  /**
   * Forecasts the denoiser's outputs while its input changed by less than this since it last ran (0 … 1, see
   * `output-reuse.ts`). An approximation; left out: every evaluation is made.
   */
  readonly reuseOutputs?: number;
  /** Part of the run in which guidance is on, as shares of its steps; the rest costs half. Default: all of it. */
  readonly guidanceInterval?: GuidanceInterval;
  readonly seed: number;
  readonly noise: NoiseKind;
  /** Pixels; both multiples of the model's size multiple. */
  readonly width: number;
  readonly height: number;
  readonly init: InitImage | null;
  /** Makes the picture in two passes; see `two-passes`. */
  readonly hires?: HiresChoice;
  /**
   * The part of `init` that is painted anew (inpainting); where coverage is 0 the picture keeps its own
   * pixel to the bit, between 0 and 255 the two are blended. The denoiser sees 128 and above as painted.
   */
  readonly mask?: Mask;
  /** False leaves kept parts as the decoder gives them, for whoever lays the picture over its own pixels. Left out: true. */
  readonly layOver?: boolean;
  /** Words for parts of the picture; what none covers follows `prompt` alone. */
  readonly regions?: readonly RegionChoice[];
  /**
   * What of the last picture's encoding is taken: `equal`, the moments of an equal picture, which changes no bit;
   * `changed`, also those of unchanged parts, whose error `encode-changed.ts` states. Left out: nothing.
   */
  readonly reuseEncoding?: 'equal' | 'changed';
  readonly adapters: readonly AdapterChoice[];
  readonly controls?: readonly ControlChoice[];
  readonly embeddings?: readonly EmbeddingChoice[];
  /** In the order of their steps. */
  readonly changes?: readonly JobChange[];
  /** What is followed from the beginning on: a second pass, by its own steps. */
  readonly follow?: FollowedRun;
  /** The prompt's encoding on its way to another prompt's: 0 is this one, 1 the other. */
  readonly mix?: { readonly prompt: string; readonly share: number };
  /** A preview after every so many steps; 0 asks for none. */
  readonly previewEvery: number;
  readonly compute: ComputeSettings;
  /** Jobs that name the same company may be with the worker at once; left out: it runs by itself. */
  readonly company?: string;
  /** Needed where `compute.linear` is set; left out: memory is not saved by fewer bits. */
  readonly fewerBits?: FewerBits;
  /** Stages by their keys: those that are here already are taken, the others are told of when they are made. */
  readonly stages?: {
    readonly keys: StageKeys;
    readonly given: ReadonlyMap<string, StageValue>;
  };
  /** Where to go on from; `null` starts at the first step. */
  readonly resume: DenoiseState | null;
  /**
   * Standard normal starting latent `[channels, height / factor, width / factor]` in place of the
   * seed's first draw, for runs that continue another tool's.
   */
  readonly initialLatent?: Float32Array;
}

/** Where a run of the denoiser stands between two steps: all that is needed to go on bit by bit. */
export interface DenoiseState {
  /** Steps done, counted from the first step that runs. */
  readonly step: number;
  /** The sampler's own state; plain data with the latent in it. */
  readonly sampler: unknown;
  /** Where the noise generator stands. */
  readonly noise: NoiseState;
  /** The clean latent that the run was heading to; all zeros before a run from noise. */
  readonly clean: Float32Array;
  /**
   * False where a memory that was short, or a device that was not the one asked for, has had its part in it: it then
   * belongs to this run alone.
   */
  readonly ordinary: boolean;
  /** In a state of a second pass: where the first one ended. Its steps are counted in `step`. */
  readonly before?: DenoiseState;
}

/** The stages of a job in their order. */
export type Stage = 'load' | 'encode-prompt' | 'prepare-latent' | 'denoise' | 'decode';

/** How far a job is. */
export interface Progress {
  readonly stage: Stage;
  /** Steps done. */
  readonly step: number;
  /** Steps that run (fewer than the job's `steps` when it starts from a picture). */
  readonly steps: number;
  /** Wall time of what just ended: the stage, or while denoising the step. */
  readonly milliseconds: number;
}

/** What the picture is heading to. */
export interface Preview extends RgbaImage {
  readonly step: number;
}

/** The outcome of a stage that was computed. */
export interface MadeStage {
  readonly key: string;
  readonly value: StageValue;
  readonly milliseconds: number;
}

/** Wall time of each stage in milliseconds. */
export type StageTimings = Readonly<Record<Stage, number>>;

/** A finished picture and what it took. */
export interface GenerateResult extends RgbaImage {
  /** The latent that was decoded, `[channels, h, w]`, in the denoiser's scale. */
  readonly latent: Float32Array;
  readonly latentShape: readonly [channels: number, height: number, width: number];
  readonly timings: StageTimings;
  /** Wall time of each denoising step in milliseconds, in order. */
  readonly stepMilliseconds: readonly number[];
  /** What its evaluations take by themselves, where steps ran beside those of other jobs: their times then say little of this one. */
  readonly aloneMilliseconds?: number;
  /** How the picture to start from was encoded; null without one. */
  readonly encoding: 'whole' | 'kept' | 'changed' | null;
  /** The provider that computed each network; differs from the job's after a fallback. */
  readonly providers: Readonly<Record<string, Provider>>;
  /** The form of the denoiser's linear layers where it was not the file's own. */
  readonly linear?: UsedLinear;
  /** What a person should know of what was asked for, such as what of an adapter is not used. Another run says the same. */
  readonly notes: readonly string[];
  /** What was out of the ordinary in this run, such as memory that was short; another may give other bits. */
  readonly circumstances: readonly string[];
  /** Largest resident memory of the worker so far, in bytes. */
  readonly peakRss: number;
}

/** Host → worker. */
export type WorkerRequest =
  | { readonly type: 'run'; readonly id: number; readonly job: GenerateJob }
  /** Stops a job before its next step. */
  | { readonly type: 'cancel'; readonly id: number }
  /** Drops every loaded model. */
  | { readonly type: 'unload' };

/** What a worker says about itself when it is ready. */
export interface WorkerInfo {
  readonly protocol: number;
  readonly pid: number;
  /** Versions of Node and ONNX Runtime. */
  readonly node: string;
  readonly onnxruntime: string;
}

/** Worker → host. */
export type WorkerMessage =
  | { readonly type: 'ready'; readonly info: WorkerInfo }
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly type: 'preview'; readonly id: number; readonly preview: Preview }
  | { readonly type: 'state'; readonly id: number; readonly state: DenoiseState }
  | { readonly type: 'stage'; readonly id: number; readonly stage: MadeStage }
  | { readonly type: 'result'; readonly id: number; readonly result: GenerateResult }
  | { readonly type: 'failed'; readonly id: number; readonly error: InferenceErrorData }
  /** Something worth reporting that stops nothing: a provider fell back, a message was not understood. */
  | { readonly type: 'notice'; readonly message: string };
