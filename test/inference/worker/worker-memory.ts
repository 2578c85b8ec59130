import { Batcher } from '../../../main/inference/stages/batcher.ts';
import { EncodingMemory } from '../../../main/inference/stages/encode-changed.ts';
import { createNetworkCache, type NetworkCache } from '../../../main/inference/sessions/network-cache.ts';
import type { GenerateJob } from '../../../main/inference/protocol.ts';
import type { JobLink } from '../../../main/inference/worker/run-job.ts';
import { OpenedModels } from '../../../main/inference/worker/opened-models.ts';
import type { WorkerMemory } from '../../../main/inference/worker/worker-memory.ts';
import path from 'node:path';

/** The embedded model's folder. */
export const embeddedModel = path.resolve(import.meta.dirname, '../../../native-models/embedded/model');

/** What a worker keeps between jobs, for tests that run jobs in their own process. */
export function freshMemory(notices: string[] = []): WorkerMemory {
  return {
    networks: createNetworkCache((message) => void notices.push(message)),
    models: new OpenedModels(),
    decoders: new Map(),
    adapters: new Map(),
    tokenizers: new Map(),
    encoded: new EncodingMemory(),
    batcher: new Batcher(),
  };
}

/** A cache that also names each network that it has to build. */
export function watchBuilds(networks: NetworkCache, built: string[]): NetworkCache {
  return {
    ...networks,
    get: (request) =>
      networks.get({
        ...request,
        build: () => {
          built.push(request.name);
          return request.build();
        },
      }),
  };
}

/** A link that listens to nothing but what a test asks for. */
export function link(listeners: Partial<JobLink> = {}): JobLink {
  return {
    progress: () => {},
    preview: () => {},
    state: () => {},
    stage: () => {},
    cancelled: () => false,
    ...listeners,
  };
}

/** A small job for the embedded model, on one thread: files of tests run beside one another. */
export function embeddedJob(changes: Partial<GenerateJob> = {}): GenerateJob {
  return {
    model: { kind: 'folder', path: embeddedModel },
    prompt: 'a black cat, flat illustration',
    negative: '',
    sampler: { id: 'ddim' },
    steps: 4,
    guidance: 4,
    seed: 7,
    noise: 'philox',
    width: 128,
    height: 128,
    init: null,
    adapters: [],
    previewEvery: 0,
    compute: { provider: 'cpu', precision: 'fp32', threads: 1 },
    resume: null,
    ...changes,
  };
}
