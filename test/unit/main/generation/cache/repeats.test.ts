import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeCacheLimits } from '../../../../../main/generation/cache/cache-limits.ts';
import { openGenerationCache } from '../../../../../main/generation/cache/generation-cache.ts';
import {
  createGenerationService,
  type GenerationService,
} from '../../../../../main/generation/generation-service.ts';
import { nameStages } from '../../../../../main/generation/plan/stage-keys.ts';
import type { ComputeSettings, GenerateJob } from '../../../../../main/inference/protocol.ts';
import { embeddedModelCard } from '../../../../../main/models/embedded-model.ts';
import { toErrorData } from '../../../../../main/studio/error-data.ts';
import type { GenerationRequest, ResultSummary, StudioEvent } from '../../../../../preload/contract/index.ts';
import { exampleRecipe } from '../../../../fixtures/recipe.ts';
import { someJob, someState } from '../../inference/host/fake-worker.ts';
import { createFakeHost, type HeldJob } from '../fake-host.ts';

const request: GenerationRequest = {
  modelId: 'embedded',
  prompt: 'a boat',
  negative: '',
  sampler: 'ddim',
  steps: 4,
  guidance: 4.5,
  seed: 1,
  noise: 'philox',
  width: 64,
  height: 128,
  init: null,
  adapters: [],
};
const rgba = new Uint8Array(randomBytes(64 * 128 * 4));

let folder: string;
let version: string;
let compute: ComputeSettings;
let modelHash: () => Promise<string>;
let host: ReturnType<typeof createFakeHost>;
let told: StudioEvent[];
let service: GenerationService;

const open = (): GenerationService =>
  createGenerationService({
    dataFolder: folder,
    library: {
      open: () => Promise.reject(new Error('nothing is opened here')),
      list: () => [embeddedModelCard()],
      get: () =>
        Promise.resolve({
          card: embeddedModelCard(),
          path: '/model',
          kind: 'folder',
          sha256: () => modelHash(),
        }),
      fitAdapter: () =>
        Promise.resolve({
          keys: 1,
          usedKeys: 1,
          unused: [],
          family: null,
          name: 'ink',
          fits: true,
          notice: null,
        }),
      findAdapter: () => null,
      hashFile: () => Promise.resolve('c'.repeat(64)),
    },
    host,
    devices: () =>
      Promise.resolve({ chosen: 'cpu', tried: [], compute, memoryBytes: 1, freeMemoryBytes: 1, cores: 2 }),
    emit: (event) => told.push(event),
    describeError: (error) => toErrorData(error, () => {}),
    previewEvery: 0,
    cache: openGenerationCache(folder, version),
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-repeats-'));
  version = '1.0.0';
  compute = { provider: 'cpu', precision: 'fp32', threads: 2 };
  modelHash = () => Promise.resolve('b'.repeat(64));
  host = createFakeHost();
  told = [];
  service = open();
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});
const reopen = async (): Promise<void> => {
  await service.close();
  service = open();
};
const entries = (): string[] => {
  const cache = join(folder, 'cache', 'pictures');
  return readdirSync(cache).map((name) => join(cache, name));
};
const notices = (): string[] =>
  told.flatMap((event) =>
    event.name === 'studio.notice' ? [(event.payload as { message: string }).message] : [],
  );

async function finished(jobId: string): Promise<ResultSummary> {
  for (;;) {
    for (const event of told) {
      const payload = event.payload as { jobId?: string; result: ResultSummary };
      if (payload.jobId !== jobId) continue;
      if (event.name === 'generation.finished') return payload.result;
      expect(event.name).not.toBe('generation.failed');
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
/** Runs a request; `ran` says whether it reached the host. */
async function paint(change: Partial<GenerationRequest> = {}, result: Parameters<HeldJob['finish']>[0] = {}) {
  let ran = false;
  void host.next().then((held) => {
    ran = true;
    held.finish({ rgba, ...result });
  });
  const { jobId } = await service.start({ ...request, ...change });
  const summary = await finished(jobId);
  const { raster } = await service.result(summary.resultId);
  // The waiter of a job that did not come would take the next one.
  if (!ran) host = Object.assign(host, createFakeHost());
  return { ran, summary, raster };
}
const paintAfterReopening = async (...given: Parameters<typeof paint>) => {
  await reopen();
  return paint(...given);
};

describe('an identical job', () => {
  test('is not run again, now or after a restart, and gives the same pixels and recipe as a new result', async () => {
    const first = await paint();
    expect(first.ran).toBe(true);
    expect(first.raster.rgba).toEqual(rgba);
    for (const again of [await paintAfterReopening(), await paintAfterReopening()]) {
      expect(again.ran).toBe(false);
      expect(again.raster).toEqual(first.raster);
      expect(again.summary.recipe).toEqual(first.summary.recipe);
      expect(again.summary.resultId).not.toBe(first.summary.resultId);
    }
    expect(service.results(9)).toHaveLength(3);
  });

  test('teaches the price nothing, and leaves the model as unloaded as it is', async () => {
    await paint();
    await reopen();
    const price = () => service.price({ ...request, seed: 99, strength: null });
    const before = await price();
    expect(before.onceSeconds).toBeGreaterThan(0);
    expect((await paint()).ran).toBe(false);
    expect(await price()).toEqual(before);
  });

  test('runs when its hashes take long, and the picture is kept all the same', async () => {
    // The hash is there only when the host has the job.
    const hashed = Promise.withResolvers<string>();
    modelHash = () => hashed.promise;
    const { run } = host;
    host.run = (...job) => {
      hashed.resolve('b'.repeat(64));
      return run(...job);
    };
    expect((await paint()).ran).toBe(true);
    modelHash = () => Promise.resolve('b'.repeat(64));
    expect((await paintAfterReopening()).ran).toBe(false);
  });
});

test('a job that made room goes on from its own last state, also where the cache keeps nothing', async () => {
  await writeCacheLimits(folder, { pictures: 0, stages: 0, memory: 0, maxAgeDays: null });
  await reopen();
  const { jobId } = await service.start(request);
  const held = await host.next();
  held.listeners.state?.(someState(2));
  service.queue.pause(true);
  await expect.poll(() => service.queue.state().jobs[0]?.state).toBe('yielded');
  service.queue.pause(false);
  const again = await host.next();
  expect(again.job.resume).toEqual(someState(2));
  again.finish({ rgba });
  await finished(jobId);
});

describe('a job that differs runs:', () => {
  beforeEach(async () => {
    await paint();
    await reopen();
  });
  test.each<[string, Partial<GenerationRequest>]>([
    ['seed', { seed: 2 }],
    ['prompt', { prompt: 'a boat ' }],
    ['steps', { steps: 5 }],
    ['guidance', { guidance: 4.51 }],
    ['noise', { noise: 'torch-cpu' }],
    ['size', { width: 128, height: 64 }],
    ['adapter', { adapters: [{ path: '/ink.safetensors', strength: 1 }] }],
    ['init', { init: { raster: { width: 64, height: 128, rgba }, strength: 0.5 } }],
  ])('%s', async (_what, change) => {
    expect((await paint(change)).ran).toBe(true);
  });
  test('model', async () => {
    modelHash = () => Promise.resolve('d'.repeat(64));
    expect((await paint()).ran).toBe(true);
  });
  test('threads, which may round sums differently', async () => {
    compute = { ...compute, threads: 3 };
    expect((await paint()).ran).toBe(true);
  });
  test('another version of Impasto', async () => {
    version = '1.0.1';
    expect((await paintAfterReopening()).ran).toBe(true);
  });
});

describe('what is not kept', () => {
  test('a picture with something out of the ordinary, which the recipe does not say', async () => {
    await paint({}, { circumstances: ['The picture was decoded in tiles.'] });
    expect((await paintAfterReopening()).ran).toBe(true);
  });
  test('but one of which there is only something to say is', async () => {
    await paint({}, { notes: ['ink acts in a part of the picture: its text is left out.'] });
    expect((await paintAfterReopening()).ran).toBe(false);
  });
  test('a picture that another device computed is not taken for the one that was asked for', async () => {
    compute = { ...compute, provider: 'cuda' };
    await paint({}, { providers: { unet: 'cpu' } });
    expect((await paintAfterReopening()).ran).toBe(true);
  });
});

test('a damaged entry is told of, and the picture is made again, and kept again', async () => {
  const first = await paint();
  const [entry] = entries();
  const bytes = readFileSync(entry!);
  bytes[bytes.byteLength >> 1]! ^= 1;
  writeFileSync(entry!, bytes);
  const again = await paint();
  expect(again.ran).toBe(true);
  expect(again.raster).toEqual(first.raster);
  expect(notices()).toEqual([
    expect.stringMatching(/^A kept picture failed its checksum and was made again \(\+\d+\.\d s\)\./),
  ]);
  expect((await paintAfterReopening()).ran).toBe(false);
});

test('a cache that cannot be written costs a sentence and no picture', async () => {
  writeFileSync(join(folder, 'cache'), 'a file where the folder should be');
  const { raster } = await paint();
  expect(raster.rgba).toEqual(rgba);
  expect(notices()).toEqual([expect.stringMatching(/^The picture is safe, but .*cache/)]);
});

test('a job with an input that no hash stands for has no key', () => {
  const key = (change: Partial<GenerateJob> = {}, engine = ['1']) =>
    nameStages({
      recipe: exampleRecipe,
      job: { ...someJob, ...change },
      evaluations: { steps: 4, firstPass: 4 },
      unchanged: { steps: 4, firstPass: 4 },
      engine,
      seesPictures: false,
    })?.picture ?? null;
  expect(key()).toMatch(/^[0-9a-f]{64}$/);
  expect(key({ previewEvery: 0, model: { kind: 'file', path: '/moved' } })).toBe(key());
  expect(key({ initialLatent: new Float32Array(4) })).toBeNull();
  expect(key({ reuseEncoding: 'changed' })).toBeNull();
  expect(key({ guidanceRescale: 0.7 })).not.toBe(key());
  expect(key({}, ['2'])).not.toBe(key());
});

test('a first pass that reads no pixels is named as the single pass of its size, the second by it and its enlarging', () => {
  const compared = (method: 'lanczos' | 'latent-linear') => {
    const recipe = { ...exampleRecipe, init: null, width: 128, height: 128 };
    const two = { width: 64, height: 64, strength: 0.5, method };
    const base = { engine: ['1'], seesPictures: false };
    const steps = { steps: 6, firstPass: 4 };
    const job = { ...someJob, width: 128, height: 128, hires: two };
    return nameStages({
      ...base,
      recipe: { ...recipe, hires: two },
      job,
      evaluations: steps,
      unchanged: steps,
    })!;
  };
  const steps = { steps: 4, firstPass: 4 };
  const alone = nameStages({
    recipe: { ...exampleRecipe, init: null, width: 64, height: 64 },
    job: someJob,
    evaluations: steps,
    unchanged: steps,
    engine: ['1'],
    seesPictures: false,
  })!;
  const [lanczos, latent] = [compared('lanczos'), compared('latent-linear')];
  expect(lanczos.states).toHaveLength(7);
  expect(lanczos.states.slice(0, 5)).toEqual(alone.states);
  expect(latent.states.slice(0, 5)).toEqual(alone.states);
  expect(new Set([...lanczos.states, ...latent.states]).size).toBe(5 + 2 + 2);
  expect(lanczos.stages.firstPass).toEqual(alone.stages);
});
