/**
 * The inference worker: a process that takes jobs from its host, one after another or those of one company side by side, and
 * answers with progress and pictures. It knows models and devices, and nothing of the studio.
 */
import { InferenceError, toErrorData } from '../errors.ts';
import { type GenerateJob, PROTOCOL_VERSION, type WorkerMessage, type WorkerRequest } from '../protocol.ts';
import { createNetworkCache } from '../sessions/network-cache.ts';
import { ort } from '../sessions/onnxruntime.ts';
import { Batcher } from '../stages/batcher.ts';
import { EncodingMemory } from '../stages/encode-changed.ts';
import { connectToHost } from './host-port.ts';
import { OpenedModels } from './opened-models.ts';
import { runTwoPasses } from './two-passes.ts';
import { runJob } from './run-job.ts';
import type { WorkerMemory } from './worker-memory.ts';

const host = connectToHost();
const post = (message: WorkerMessage): void => host.post(message);
const notice = (message: string): void => post({ type: 'notice', message });

const memory: WorkerMemory = {
  networks: createNetworkCache(notice),
  models: new OpenedModels(),
  decoders: new Map(),
  adapters: new Map(),
  tokenizers: new Map(),
  encoded: new EncodingMemory(),
  batcher: new Batcher(),
};
const waiting: { readonly id: number; readonly job: GenerateJob }[] = [];
const cancelled = new Set<number>();
let company: string | undefined;
let running = 0;
let unloadAsked = false;
let unloading = false;

host.onMessage((raw) => {
  const request = raw as WorkerRequest;
  switch (request?.type) {
    case 'run':
      waiting.push(request);
      work();
      break;
    case 'cancel':
      cancelled.add(request.id);
      break;
    case 'unload':
      unloadAsked = true;
      work();
      break;
    default:
      notice(`A message of a kind that is not known was ignored: ${describe(raw)}`);
  }
});

/** Begins what may begin; sessions are dropped between jobs only. */
function work(): void {
  if (unloading) return;
  if (unloadAsked) {
    if (running === 0) void unload();
    return;
  }
  for (;;) {
    const [next] = waiting;
    if (next === undefined || !mayBegin(next.job)) return;
    waiting.shift();
    running += 1;
    company = next.job.company;
    void answer(next.id, next.job).finally(() => {
      running -= 1;
      work();
    });
  }
}

function mayBegin(job: GenerateJob): boolean {
  return running === 0 || (company !== undefined && job.company === company);
}

async function unload(): Promise<void> {
  unloadAsked = false;
  unloading = true;
  await memory.networks.clear();
  unloading = false;
  work();
}

async function answer(id: number, job: GenerateJob): Promise<void> {
  try {
    const { hires } = job;
    const run: typeof runJob =
      hires === undefined ? runJob : (asked, ...rest) => runTwoPasses({ ...asked, hires }, ...rest);
    const result = await run(
      job,
      {
        progress: (progress) => post({ type: 'progress', id, progress }),
        preview: (preview) => post({ type: 'preview', id, preview }),
        stage: (stage) => post({ type: 'stage', id, stage }),
        state: (state) => post({ type: 'state', id, state }),
        cancelled: () => cancelled.has(id),
      },
      memory,
    );
    post({ type: 'result', id, result });
  } catch (error) {
    if (!(error instanceof InferenceError))
      notice(error instanceof Error ? (error.stack ?? '') : String(error));
    post({ type: 'failed', id, error: toErrorData(error) });
  } finally {
    cancelled.delete(id);
  }
}

function describe(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 200);
  } catch {
    return typeof value;
  }
}

post({
  type: 'ready',
  info: {
    protocol: PROTOCOL_VERSION,
    pid: process.pid,
    node: process.versions.node,
    onnxruntime: ort.env.versions.node ?? ort.env.versions.common,
  },
});
