import type { LaunchProcess, ProcessChannel } from '../../../../../main/inference/host/process-channel.ts';
import {
  type DenoiseState,
  type GenerateJob,
  type GenerateResult,
  PROTOCOL_VERSION,
  type WorkerMessage,
  type WorkerRequest,
} from '../../../../../main/inference/protocol.ts';

/** A worker that does what a test tells it to, on the other end of a channel. */
export class FakeWorker {
  readonly received: WorkerRequest[] = [];
  killed = false;
  #onMessage: (message: unknown) => void = () => {};
  #onExit: (code: number | null, signal: string | null) => void = () => {};
  readonly channel: ProcessChannel = {
    pid: 1,
    post: (message) => void this.received.push(message as WorkerRequest),
    onMessage: (listener) => {
      this.#onMessage = listener;
    },
    onExit: (listener) => {
      this.#onExit = listener;
    },
    kill: () => {
      this.killed = true;
      this.exit(null, 'SIGKILL');
    },
    errorOutput: () => 'first line\nthe last words',
  };

  send(message: WorkerMessage | object): void {
    this.#onMessage(structuredClone(message));
  }

  ready(protocol = PROTOCOL_VERSION): void {
    this.send({ type: 'ready', info: { protocol, pid: 1, node: '24', onnxruntime: '1' } });
  }

  exit(code: number | null, signal: string | null): void {
    this.#onExit(code, signal);
  }

  /** The last job that it was given. */
  get lastRun(): Extract<WorkerRequest, { type: 'run' }> {
    return this.received.findLast((request) => request.type === 'run')!;
  }
}

/** A launcher of fake workers, which it keeps in the order of their starts. */
export function fakeLaunch(atStart: (worker: FakeWorker) => void = (worker) => worker.ready()): {
  readonly launch: LaunchProcess;
  readonly workers: FakeWorker[];
} {
  const workers: FakeWorker[] = [];
  return {
    workers,
    launch: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      queueMicrotask(() => atStart(worker));
      return worker.channel;
    },
  };
}

/** A job that nobody will look into. */
export const someJob: GenerateJob = {
  model: { kind: 'folder', path: '/model' },
  prompt: 'a cat',
  negative: '',
  sampler: { id: 'ddim' },
  steps: 4,
  guidance: 5,
  seed: 1,
  noise: 'philox',
  width: 64,
  height: 64,
  init: null,
  adapters: [],
  previewEvery: 0,
  compute: { provider: 'cpu', precision: 'fp32', threads: 1 },
  resume: null,
};

export const someResult: GenerateResult = {
  width: 1,
  height: 1,
  rgba: Uint8Array.of(1, 2, 3, 255),
  latent: new Float32Array(4),
  latentShape: [4, 1, 1],
  timings: { load: 1, 'encode-prompt': 1, 'prepare-latent': 1, denoise: 1, decode: 1 },
  encoding: null,
  stepMilliseconds: [1],
  providers: { UNet: 'cpu' },
  notes: [],
  circumstances: [],
  peakRss: 1,
};

export function someState(step: number): DenoiseState {
  return {
    step,
    sampler: { index: step, start: 0, latent: Float32Array.of(step), memory: [] },
    noise: { kind: 'philox', seed: '1', draws: 1 },
    clean: Float32Array.of(step),
    ordinary: true,
  };
}
