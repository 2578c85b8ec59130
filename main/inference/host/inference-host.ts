import type {
  DenoiseState,
  GenerateJob,
  GenerateResult,
  MadeStage,
  Preview,
  Progress,
  WorkerInfo,
} from '../protocol.ts';
import type { LaunchProcess } from './process-channel.ts';

/** A worker that died under a job, and that the job goes on by itself. */
export interface Recovery {
  /** How often this job has been recovered, this time included. */
  readonly restarts: number;
  /** The step from which it goes on; 0 when none was done. */
  readonly step: number;
  /** How the worker ended, in words. */
  readonly cause: string;
}

/** What a running job tells; every listener is optional and called on the host's thread. */
export interface JobListeners {
  progress?(progress: Progress): void;
  preview?(preview: Preview): void;
  /** After each step, the state from which `resume` would go on. */
  state?(state: DenoiseState): void;
  /** The outcome of a stage that the job has a key for. */
  stage?(stage: MadeStage): void;
  recovered?(recovery: Recovery): void;
}

/** How an inference host behaves. */
export interface InferenceHostOptions {
  readonly launch: LaunchProcess;
  /** Restarts that one job may use up before it fails; 3. */
  readonly maxRestarts?: number;
  /** Milliseconds that a cancelled job may take to stop before its worker is killed; 10,000. */
  readonly hardCancelAfter?: number;
  /** Milliseconds without a job after which the worker is ended and its memory freed; 600,000. */
  readonly stopWhenIdleFor?: number;
  /** Milliseconds that a worker may take from its start until it is ready; 30,000. */
  readonly startWithin?: number;
  /** Sentences for a log: fallbacks, restarts, messages that were not understood. */
  notice?(message: string): void;
}

/** The one way to run networks: a worker process, kept warm, replaced when it dies. */
export interface InferenceHost {
  /** Starts the worker ahead of the first job. @throws InferenceError `inference/worker-failed-to-start` */
  start(): Promise<WorkerInfo>;
  /**
   * Runs a job; several are run one after another in the order of the calls.
   *
   * @throws InferenceError `inference/cancelled` after `signal` aborts (within one step),
   *   `inference/worker-died` when restarts are used up, `model/…` and `inference/…` for jobs that cannot be done.
   */
  run(job: GenerateJob, listeners?: JobListeners, signal?: AbortSignal): Promise<GenerateResult>;
  /** Drops every loaded model; the worker lives on. */
  unload(): void;
  /** Ends the worker; running jobs fail with `inference/disposed`. */
  dispose(): Promise<void>;
}
