import { InferenceError } from '../../../../main/inference/errors.ts';
import type { InferenceHost, JobListeners } from '../../../../main/inference/host/inference-host.ts';
import type { GenerateJob, GenerateResult } from '../../../../main/inference/protocol.ts';

/** A job that a test holds in its hands. */
export interface HeldJob {
  readonly job: GenerateJob;
  readonly listeners: JobListeners;
  readonly signal: AbortSignal;
  /** Ends it with a picture of one colour. */
  readonly finish: (result?: Partial<GenerateResult>) => void;
  readonly fail: (error: unknown) => void;
}

/** An inference host that computes nothing: a test ends its jobs. Like the real one, it obeys the signal. */
export function createFakeHost() {
  const held: HeldJob[] = [];
  const waiters: ((job: HeldJob) => void)[] = [];
  const run: InferenceHost['run'] = (job, listeners = {}, signal = new AbortController().signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<GenerateResult>();
    const obey = (): void =>
      reject(new InferenceError('inference/cancelled', 'Cancelled after step 3.', 'Nothing was changed.'));
    if (signal.aborted) obey();
    else signal.addEventListener('abort', obey);
    const entry: HeldJob = {
      job,
      listeners,
      signal,
      finish: (result = {}) => resolve({ ...plainResult(job), ...result }),
      fail: reject,
    };
    const waiter = waiters.shift();
    if (waiter) waiter(entry);
    else held.push(entry);
    return promise;
  };
  /** The next job that reaches the host. */
  const next = (): Promise<HeldJob> => {
    const job = held.shift();
    return job ? Promise.resolve(job) : new Promise((resolve) => waiters.push(resolve));
  };
  return { run, next, unload: () => {}, waiting: () => held.length };
}

function plainResult(job: GenerateJob): GenerateResult {
  const { width, height, steps } = job;
  return {
    width,
    height,
    rgba: new Uint8Array(width * height * 4).fill(128),
    latent: new Float32Array(4),
    latentShape: [1, 2, 2],
    timings: { load: 2000, 'encode-prompt': 100, 'prepare-latent': 50, denoise: steps * 200, decode: 300 },
    encoding: null,
    stepMilliseconds: Array.from({ length: steps }, () => 200),
    providers: { unet: 'cpu', 'vae-decoder': 'cpu' },
    notes: [],
    circumstances: [],
    peakRss: 1,
  };
}
