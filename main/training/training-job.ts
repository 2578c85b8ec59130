import type { RgbaImage } from '../inference/protocol.ts';
import type { InferenceErrorData } from '../inference/errors.ts';

/** A picture to learn from, cut to the size of its bucket. */
export interface TrainingPicture {
  /** Name of its file. */
  readonly name: string;
  readonly image: RgbaImage;
  readonly caption: string;
}

/** What decides the outcome, besides the model and the pictures. */
export interface TrainingSettings {
  /** Columns of each pair of matrices; alpha is the same, so that what is learnt has strength 1. */
  readonly rank: number;
  /** Changes of the matrices. */
  readonly steps: number;
  /** Pictures that a change is the mean of (gradient accumulation: one at a time is in memory). */
  readonly batch: number;
  /** Learning rate after warming up. */
  readonly rate: number;
  /** Layers that learn: those of transformers, as most LoRAs have them, or convolutions as well. */
  readonly layers: 'transformers' | 'all';
  /** γ of min-SNR weighting (Hang et al. 2023); 0 weighs all noise levels alike. */
  readonly minSnr: number;
  readonly seed: number;
  /** Threads of an operator; another number may add up in another order. */
  readonly threads: number;
}

/** Where a training's files are. */
export interface TrainingFiles {
  /** The LoRA. */
  readonly out: string;
  /** What it goes on from; see `checkpoint-file.ts`. */
  readonly checkpoint: string;
  /** Steps between two checkpoints. */
  readonly every: number;
}

/** A training as plain data. */
export interface TrainingJob {
  readonly modelPath: string;
  readonly pictures: readonly TrainingPicture[];
  readonly settings: TrainingSettings;
  readonly files: TrainingFiles;
  /** The word that calls what was learnt, told in the file. */
  readonly trigger: string | null;
  /** Bytes that a step may hold; more is computed again in place of being kept. */
  readonly memory: number;
  /** True: plan only. */
  readonly planOnly: boolean;
  /** Whether to go on from the checkpoint. */
  readonly resume: boolean;
}

/** What a step will take, told before the first. */
export interface TrainingPlan {
  /** Bytes held beside the model's own file, and of that the most in a step. */
  readonly held: number;
  readonly activations: number;
  /** Bytes of the model's file that are mapped. */
  readonly mapped: number;
  /** Whether inner values are computed again to save memory (activation checkpointing). */
  readonly recomputes: boolean;
  /** Seconds that all steps will take, by their operations and what this processor does in a second. */
  readonly seconds: number;
  readonly parameters: number;
  readonly layers: number;
  /** Sizes of pictures, and how many have each. */
  readonly buckets: readonly { readonly width: number; readonly height: number; readonly pictures: number }[];
}

/** After a step. */
export interface TrainingProgress {
  readonly step: number;
  readonly steps: number;
  /** Mean of the weighted loss over the last steps. */
  readonly loss: number;
  readonly secondsLeft: number;
}

/** What was made. */
export interface TrainingResult {
  readonly plan: TrainingPlan;
  readonly steps: number;
  readonly loss: number;
  /** Seconds a step took, the median. */
  readonly secondsPerStep: number;
  /** Bytes, at its highest, of the process that trained. */
  readonly peakRss: number;
}

/** From the trainer to its host. */
export type TrainerMessage =
  | { readonly type: 'ready' }
  | {
      readonly type: 'stage';
      readonly stage: 'latents' | 'texts';
      readonly done: number;
      readonly of: number;
    }
  | { readonly type: 'plan'; readonly plan: TrainingPlan }
  | { readonly type: 'progress'; readonly progress: TrainingProgress }
  | { readonly type: 'result'; readonly result: TrainingResult }
  | { readonly type: 'failed'; readonly error: InferenceErrorData };

/** From the host to its trainer. */
export type TrainerRequest =
  | { readonly type: 'train'; readonly job: TrainingJob }
  | { readonly type: 'cancel' };
