import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { events, type GenerationRequest, type StudioEvent } from '../../../../preload/contract/index.ts';
import {
  createGenerationService,
  type GenerationService,
} from '../../../../main/generation/generation-service.ts';
import type { Provider } from '../../../../main/inference/protocol.ts';
import { resultFile } from '../../../../main/generation/result-store.ts';
import { toErrorData } from '../../../../main/studio/error-data.ts';
import { createFakeHost } from './fake-host.ts';
import { devices, model, MODEL_HASH, request } from './service-fixture.ts';

/** Adapters with "xl" in their path are for another model. */
const read = { keys: 3, usedKeys: 0, unused: [], family: null };
const fits = (path: string) =>
  path.includes('xl')
    ? { ...read, name: 'xl', fits: false, notice: { message: 'xl is for SDXL', remedy: 'Take it off.' } }
    : { ...read, name: 'ink', fits: true, notice: null };

let folder: string;
let provider: Provider;
let host: ReturnType<typeof createFakeHost>;
let told: StudioEvent[];
let bugs: unknown[];
let service: GenerationService;

/** Its jobs run one by one. */
const large = { ...model, card: { ...model.card, bytes: 2e9 } };

function open(): GenerationService {
  return createGenerationService({
    dataFolder: folder,
    library: {
      open: () => Promise.reject(new Error('nothing is opened here')),
      list: () => [model.card],
      get: () => Promise.resolve(large),
      fitAdapter: (_model, path) => Promise.resolve(fits(path)),
      findAdapter: (name) => (name === 'gouache' ? '/loras/gouache.safetensors' : null),
      hashFile: () => Promise.resolve('c'.repeat(64)),
    },
    host,
    devices: () => Promise.resolve({ ...devices, compute: { ...devices.compute, provider } }),
    emit(event) {
      // Whatever is told must fit the contract.
      events[event.name].parse(event.payload);
      told.push(event);
    },
    describeError: (error) => toErrorData(error, (bug) => bugs.push(bug)),
    previewEvery: 1,
  });
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-generation-'));
  host = createFakeHost();
  provider = 'cpu';
  told = [];
  bugs = [];
  service = open();
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
  expect(bugs).toEqual([]);
});

const named = <N extends StudioEvent['name']>(name: N) =>
  told.flatMap((event) =>
    event.name === name ? [event.payload as Extract<StudioEvent, { name: N }>['payload']] : [],
  );
/** Waits until an event of that name about that job was told. */
async function until<N extends 'generation.finished' | 'generation.failed'>(name: N, jobId: string) {
  for (;;) {
    const found = named(name).find((payload) => payload.jobId === jobId);
    if (found) return found as Extract<StudioEvent, { name: N }>['payload'];
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe('a job that goes well', () => {
  test('is run as asked, kept on disk before it is told, and can be read back', async () => {
    const { jobId } = await service.start(request);
    const held = await host.next();
    expect(held.job).toMatchObject({
      model: { kind: 'folder', path: '/models/embedded' },
      sampler: { id: 'ddim' },
      compute: devices.compute,
      init: null,
      resume: null,
      previewEvery: 1,
    });
    held.finish();
    const { result } = await until('generation.finished', jobId);
    expect(existsSync(resultFile(folder, result.resultId))).toBe(true);
    expect(result.recipe).toEqual({
      version: 1,
      model: { sha256: MODEL_HASH, name: model.card.name, family: model.card.family },
      prompt: 'a boat',
      negative: '',
      sampler: 'ddim',
      steps: 10,
      guidance: 4.5,
      seed: 1,
      noise: 'philox',
      width: 64,
      height: 128,
      init: null,
      adapters: [],
      threads: 2,
      precision: 'fp32',
      device: 'cpu',
    });
    expect(service.results(10)).toEqual([result]);
    expect((await service.result(result.resultId)).raster.rgba[0]).toBe(128);
  });

  test('the answer to start comes before anything is told of the job', async () => {
    const { jobId } = await service.start(request);
    expect(told).toEqual([]);
    (await host.next()).finish();
    await until('generation.finished', jobId);
    expect(told[0]).toMatchObject({
      name: 'generation.progress',
      payload: { stage: 'Loading the model', steps: 10 },
    });
  });

  test('passes previews on, words for stages, and seconds that fall', async () => {
    const { jobId } = await service.start(request);
    const held = await host.next();
    const pixels = new Uint8Array(4).fill(9);
    held.listeners.progress?.({ stage: 'load', step: 0, steps: 10, milliseconds: 100 });
    held.listeners.progress?.({ stage: 'encode-prompt', step: 0, steps: 10, milliseconds: 1 });
    held.listeners.progress?.({ stage: 'denoise', step: 1, steps: 10, milliseconds: 1 });
    held.listeners.preview?.({ step: 1, width: 1, height: 1, rgba: pixels });
    held.listeners.progress?.({ stage: 'denoise', step: 10, steps: 10, milliseconds: 1 });
    held.listeners.progress?.({ stage: 'decode', step: 10, steps: 10, milliseconds: 1 });
    held.finish();
    await until('generation.finished', jobId);
    const progress = named('generation.progress');
    expect(progress.map((event) => `${event.stage} ${event.step}`)).toEqual([
      'Loading the model 0',
      'Reading the prompt 0',
      'Preparing 0',
      'Painting 1',
      'Finishing 10',
      'Saving 10',
    ]);
    for (let i = 1; i < progress.length; i++) {
      expect(progress[i]!.secondsLeft).toBeLessThanOrEqual(progress[i - 1]!.secondsLeft);
    }
    expect(named('generation.preview')).toEqual([
      { jobId, step: 1, raster: { width: 1, height: 1, rgba: pixels } },
    ]);
  });

  test('what was out of the ordinary is told, and the device that really computed is in the recipe', async () => {
    provider = 'webgpu';
    const { jobId } = await service.start(request);
    (await host.next()).finish({
      notes: ['2 words were read as they stand.'],
      providers: { UNet: 'webgpu', 'VAE decoder': 'cpu' },
    });
    const { result } = await until('generation.finished', jobId);
    expect(result.recipe.device).toBe('cpu+webgpu');
    expect(named('studio.notice').map(({ message }) => message)).toEqual([
      '2 words were read as they stand.',
      'Slower: webgpu could not take the VAE decoder, which ran on cpu.',
    ]);
  });

  test('its init picture is resampled to its size and named by the pixels that were used', async () => {
    const flat = (pixels: number) =>
      Uint8Array.from({ length: pixels * 4 }, (_, i) => [200, 100, 50, 255][i % 4]!);
    const rgba = flat(32 * 32);
    const { jobId } = await service.start({
      ...request,
      init: { raster: { width: 32, height: 32, rgba }, strength: 0.5 },
    });
    const held = await host.next();
    expect(held.job.init).toMatchObject({ strength: 0.5, image: { width: 64, height: 128 } });
    expect(held.job.init?.image.rgba).toEqual(flat(64 * 128));
    held.finish();
    const { result } = await until('generation.finished', jobId);
    const sha256 = createHash('sha256').update(held.job.init!.image.rgba).digest('hex');
    expect(result.recipe.init).toEqual({ sha256, strength: 0.5 });
  });

  test('an adapter is in the recipe by content and name, a sampler in its one spelling', async () => {
    const { jobId } = await service.start({
      ...request,
      sampler: 'DPM++ 2M Karras',
      adapters: [{ path: '/loras/ink.wash.safetensors', strength: 0.8 }],
    });
    const held = await host.next();
    expect(held.job.sampler.id).toBe('dpmpp-2m-karras');
    held.finish();
    const { result } = await until('generation.finished', jobId);
    expect(result.recipe.sampler).toBe('dpmpp-2m-karras');
    expect(result.recipe.adapters).toEqual([{ sha256: 'c'.repeat(64), name: 'ink.wash', strength: 0.8 }]);
  });
});

test('an adapter that does not fit is left out, told of, and not in the recipe', async () => {
  const adapters = ['/loras/xl.safetensors', '/loras/ink.safetensors'].map((path) => ({ path, strength: 1 }));
  const { jobId } = await service.start({ ...request, adapters });
  expect(told).toEqual([]);
  const held = await host.next();
  expect(held.job.adapters).toEqual([{ path: '/loras/ink.safetensors', strength: 1 }]);
  held.finish();
  const { result } = await until('generation.finished', jobId);
  expect(result.recipe.adapters.map(({ name }) => name)).toEqual(['ink']);
  expect(named('studio.notice')).toEqual([
    { level: 'warn', message: 'xl is for SDXL', remedy: 'Take it off.' },
  ]);
});

test('an adapter that the words of a region call acts in that region', async () => {
  const half = Uint8Array.from({ length: 64 * 128 * 4 }, (_, i) => ((i >> 2) % 64 < 32 ? 255 : 0));
  const { jobId } = await service.start({
    ...request,
    width: 64,
    height: 128,
    init: null,
    regions: [{ prompt: 'a fox <lora:gouache:0.7>', raster: { width: 64, height: 128, rgba: half } }],
  });
  const held = await host.next();
  expect(held.job.adapters).toMatchObject([{ path: '/loras/gouache.safetensors', strength: 0.7 }]);
  const { coverage } = held.job.adapters[0]!.region!;
  expect([coverage[0], coverage[63]]).toEqual([255, 0]);
  held.finish();
  const { result } = await until('generation.finished', jobId);
  expect(result.recipe.adapters).toMatchObject([
    { name: 'gouache', region: result.recipe.regions![0]!.mask },
  ]);
});

test('an adapter that the prompt calls is looked up in the library', async () => {
  const { jobId } = await service.start({
    ...request,
    prompt: 'a boat <lora:gouache:0.7> <lora:Ink:0.1> <lora:nobody> <lora:gouache:99>',
    adapters: [{ path: '/loras/ink.safetensors', strength: 1 }],
  });
  const held = await host.next();
  // What is listed wins over what is written.
  expect(held.job.adapters).toEqual([
    { path: '/loras/ink.safetensors', strength: 1 },
    { path: '/loras/gouache.safetensors', strength: 0.7 },
  ]);
  held.finish();
  const { result } = await until('generation.finished', jobId);
  expect(result.recipe.adapters.map(({ name, strength }) => [name, strength])).toEqual([
    ['ink', 1],
    ['gouache', 0.7],
  ]);
  expect(named('studio.notice').map(({ message }) => message)).toEqual([
    '<lora:nobody> is not in the library and is left out.',
  ]);
});

describe('refused before anything starts', () => {
  test.each([
    [{ width: 100 }, 'generation/size-unsupported', 'multiples of 64'],
    [{ sampler: 'magic' }, 'config-invalid', 'magic'],
    [{ steps: 1001, sampler: 'ddim' }, 'size-unsupported', '1001 steps'],
  ])('%j', async (change, code, words) => {
    const refusal = service.start({ ...request, ...change });
    await expect(refusal).rejects.toMatchObject({ code });
    await expect(refusal).rejects.toThrow(words);
    expect(told).toEqual([]);
    expect(host.waiting()).toBe(0);
    // The next one is taken as if nothing had been.
    const { jobId } = await service.start(request);
    (await host.next()).finish();
    await until('generation.finished', jobId);
  });
});

describe('what a request brings along', () => {
  const grey = (width: number, height: number, value: (x: number) => number) => ({
    width,
    height,
    rgba: Uint8Array.from({ length: width * height * 4 }, (_, i) =>
      i % 4 === 3 ? 255 : value((i >> 2) % width),
    ),
  });
  const init = { raster: grey(64, 128, () => 80), strength: 0.5 };
  const finish = async (change: Partial<GenerationRequest>) => {
    const { jobId } = await service.start({ ...request, ...change });
    const held = await host.next();
    held.finish();
    return { job: held.job, recipe: (await until('generation.finished', jobId)).result.recipe };
  };

  test('a mask reaches the worker as coverage and the recipe as its hash', async () => {
    const { job, recipe } = await finish({ init, mask: grey(64, 128, (x) => (x < 32 ? 0 : 255)) });
    const coverage = Uint8Array.from({ length: 64 * 128 }, (_, i) => (i % 64 < 32 ? 0 : 255));
    expect(job.mask).toEqual({ width: 64, height: 128, coverage });
    expect(recipe.mask).toBe(createHash('sha256').update(coverage).digest('hex'));
    expect(named('studio.notice')).toEqual([]);
  });

  test('a mask of another size is resampled and said; what is well outside stays 0', async () => {
    const { job } = await finish({ init, mask: grey(16, 16, (x) => (x < 8 ? 0 : 255)) });
    const row = [...job.mask!.coverage.subarray(64 * 60, 64 * 61)];
    expect(row.slice(0, 28)).toEqual(Array(28).fill(0));
    expect(row.slice(36)).toEqual(Array(28).fill(255));
    expect(row).toEqual(row.toSorted((a, b) => a - b));
    expect(named('studio.notice').map(({ message }) => message)).toEqual([
      'The mask is 16 × 16 px and was resampled to 64 × 128.',
    ]);
  });

  test('transparent white keeps the picture', async () => {
    const mask = grey(64, 128, () => 255);
    for (let i = 3; i < 64 * 64 * 4; i += 4) mask.rgba[i] = 0;
    const { job } = await finish({ init, mask });
    expect(job.mask!.coverage[0]).toBe(0);
    expect(job.mask!.coverage.at(-1)).toBe(255);
  });

  test('CLIP skip, and an adapter with its part of the run, are in the job and in the recipe', async () => {
    const adapter = { path: '/loras/ink.safetensors', strength: 1, textStrength: 0.5, start: 0.2, end: 0.9 };
    const { job, recipe } = await finish({ clipSkip: 2, adapters: [adapter] });
    expect(job).toMatchObject({ clipSkip: 2, adapters: [adapter] });
    const { path: _, ...settings } = adapter;
    expect(recipe).toMatchObject({ clipSkip: 2, adapters: [{ name: 'ink', ...settings }] });
    expect((await finish({ clipSkip: 1 })).recipe).not.toHaveProperty('clipSkip');
  });

  test.each([
    [{ mask: grey(4, 4, () => 255) }, 'generation/mask-without-picture'],
    [{ init, mask: grey(4, 4, () => 0) }, 'generation/mask-empty'],
    [{ embeddings: [{ path: '/no/such.safetensors' }] }, 'file-missing'],
    [{ embeddings: [{ path: '/no/such.pt' }] }, 'pickle-refused'],
    [{ controls: [{ path: '/no/such.pth', strength: 1, raster: grey(4, 4, () => 0) }] }, 'pickle-refused'],
    [{ controls: [{ path: '/no/such', strength: 1, raster: grey(4, 4, () => 0) }] }, 'file-missing'],
  ])('%# is refused before anything starts', async (change, code) => {
    await expect(service.start({ ...request, ...change })).rejects.toMatchObject({ code });
    expect(host.waiting()).toBe(0);
  });
});

describe('the queue', () => {
  test('runs one job at a time in the order of the calls; the others wait and say so', async () => {
    const ids = (await Promise.all([1, 2, 3].map((seed) => service.start({ ...request, seed })))).map(
      (a) => a.jobId,
    );
    for (const [place, id] of ids.entries()) {
      const held = await host.next();
      expect(held.job.seed).toBe(place + 1);
      expect(host.waiting()).toBe(0);
      held.finish();
      await until('generation.finished', id);
    }
    const waiting = named('generation.progress').filter(({ stage }) => stage === 'Waiting');
    expect(waiting.map(({ jobId }) => jobId)).toEqual(ids.slice(1));
    expect(waiting[1]!.secondsLeft).toBeGreaterThan(waiting[0]!.secondsLeft);
    expect(service.results(10).map(({ jobId }) => jobId)).toEqual(ids.toReversed());
  });

  test('cancels a waiting job without running it, and the running one by its signal', async () => {
    const [a, b, c] = await Promise.all([1, 2, 3].map((seed) => service.start({ ...request, seed })));
    const first = await host.next();
    service.cancel(b!.jobId);
    expect(await until('generation.failed', b!.jobId)).toMatchObject({
      state: 'cancelled',
      step: 0,
      error: { code: 'inference/cancelled' },
    });
    first.listeners.progress?.({ stage: 'denoise', step: 3, steps: 10, milliseconds: 5 });
    service.cancel(a!.jobId);
    expect(first.signal.aborted).toBe(true);
    expect(await until('generation.failed', a!.jobId)).toMatchObject({ state: 'cancelled', step: 3 });
    service.cancel(a!.jobId);
    service.cancel('nobody');
    const third = await host.next();
    expect(third.job.seed).toBe(3);
    third.finish();
    await until('generation.finished', c!.jobId);
    expect(named('generation.failed')).toHaveLength(2);
  });

  test('a job that fails says why, and the next runs', async () => {
    const [a, b] = await Promise.all([1, 2].map((seed) => service.start({ ...request, seed })));
    const { ModelError } = await import('../../../../native-models/errors.ts');
    (await host.next()).fail(new ModelError('file-truncated', 'It ends early.', 'Copy it again.'));
    expect(await until('generation.failed', a!.jobId)).toMatchObject({
      state: 'failed',
      error: { code: 'model/file-truncated', message: 'It ends early.', remedy: 'Copy it again.' },
    });
    (await host.next()).finish();
    await until('generation.finished', b!.jobId);
    expect(service.results(10)).toHaveLength(1);
  });

  test('closing ends what runs and what waits', async () => {
    const [a] = await Promise.all([1, 2].map((seed) => service.start({ ...request, seed })));
    const held = await host.next();
    await service.close();
    expect(held.signal.aborted).toBe(true);
    expect(named('generation.failed')).toMatchObject([{ jobId: a!.jobId, state: 'cancelled' }]);
    service = open();
  });

  test('results outlast a restart', async () => {
    const { jobId } = await service.start(request);
    (await host.next()).finish();
    const { result } = await until('generation.finished', jobId);
    await service.close();
    service = open();
    expect(service.results(1)).toEqual([result]);
    expect((await service.result(result.resultId)).summary).toEqual(result);
  });
});

describe('when the worker dies', () => {
  test('one message says what happened and what is safe, time left rises with a cause, the job completes', async () => {
    for (let i = 0; i < 3; i++) {
      const { jobId } = await service.start(request);
      (await host.next()).finish();
      await until('generation.finished', jobId);
    }
    const { jobId } = await service.start(request);
    const held = await host.next();
    held.listeners.progress?.({ stage: 'denoise', step: 9, steps: 10, milliseconds: 200 });
    held.listeners.recovered?.({ restarts: 1, step: 9, cause: 'SIGKILL' });
    expect(named('generation.recovered')).toEqual([
      {
        jobId,
        message:
          'The generator stopped at step 10 of 10. Your painting and 3 results are safe. It restarted and goes on from step 9.',
      },
    ]);
    expect(named('generation.progress').at(-1)).toMatchObject({ step: 9, cause: 'the generator restarted' });
    held.finish();
    await until('generation.finished', jobId);
    expect(named('generation.failed')).toEqual([]);
  });

  test('before the first step and with one result, the words fit too', async () => {
    const first = await service.start(request);
    const held = await host.next();
    held.listeners.recovered?.({ restarts: 1, step: 0, cause: 'SIGKILL' });
    held.finish();
    await until('generation.finished', first.jobId);
    await service.start(request);
    (await host.next()).listeners.recovered?.({ restarts: 1, step: 4, cause: 'SIGKILL' });
    expect(named('generation.recovered').map(({ message }) => message)).toEqual([
      'The generator stopped at step 1 of 10. Your painting is safe. It restarted and begins again.',
      'The generator stopped at step 5 of 10. Your painting and 1 result are safe. It restarted and goes on from step 4.',
    ]);
  });
});

describe('the price', () => {
  const asked = { ...request, strength: null };

  test('is a guess at first, then the median of what runs took, the load apart', async () => {
    expect(await service.price(asked)).toMatchObject({ measured: false, evaluations: 20 });
    const { jobId } = await service.start(request);
    (await host.next()).finish();
    await until('generation.finished', jobId);
    const price = await service.price(asked);
    // 0.15 s before, ten steps of 0.2 s, 0.3 s of decoding; the model is loaded now.
    expect(price.seconds).toBeCloseTo(2.45);
    expect(price).toMatchObject({ measured: true, onceSeconds: 0, evaluations: 20 });
    await service.close();
    service = open();
    const afterRestart = await service.price(asked);
    expect(afterRestart.seconds).toBeCloseTo(2.45);
    expect(afterRestart.onceSeconds).toBeCloseTo(2);
  });

  test.each([
    [{ guidance: 1 }, 10],
    [{ sampler: 'heun' }, 38],
    [{ strength: 0.5 }, 10],
    [{ strength: 0 }, 0],
    // Two rows for each of ten steps, and for as many steps as the ControlNet acts in.
    [{ controls: [{ strength: 1 }] }, 40],
    [{ controls: [{ strength: 1, end: 0.5 }, { strength: 0 }] }, 30],
  ])('counts the evaluations of %j', async (change, evaluations) => {
    expect(await service.price({ ...asked, ...change })).toMatchObject({ evaluations });
  });
});

test('no half of a picture is ever in the results folder under a finished name', async () => {
  const { jobId } = await service.start(request);
  (await host.next()).finish();
  const { result } = await until('generation.finished', jobId);
  const png = readFileSync(resultFile(folder, result.resultId));
  expect(png.subarray(-8).toString('latin1')).toContain('IEND');
});
