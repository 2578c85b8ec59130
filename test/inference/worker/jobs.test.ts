import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { missingProvider } from '../../../main/inference/devices/missing-provider.ts';
import type { GenerateJob, Preview, Progress } from '../../../main/inference/protocol.ts';
import { runJob } from '../../../main/inference/worker/run-job.ts';
import type { WorkerMemory } from '../../../main/inference/worker/worker-memory.ts';
import { relativeError } from '../../fixtures/vectors.ts';
import { embeddedJob, embeddedModel, freshMemory, link, watchBuilds } from './worker-memory.ts';

let memory: WorkerMemory;
beforeAll(() => {
  memory = freshMemory();
  return () => memory.networks.clear();
});

const run = (changes: Partial<GenerateJob> = {}) => runJob(embeddedJob(changes), link(), memory);

/** Mean absolute difference of two pictures in bytes. */
function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, byte, i) => sum + Math.abs(byte - b[i]!), 0) / a.length;
}

test('the same job gives the same bytes, warm or cold; another seed, prompt or noise does not', async () => {
  // Two threads, as on a machine of two cores: sums must not depend on which of them is first.
  const compute = { provider: 'cpu', precision: 'fp32', threads: 2 } as const;
  const first = await run({ compute });
  const built: string[] = [];
  const watched = { ...memory, networks: watchBuilds(memory.networks, built) };
  const warm = await runJob(embeddedJob({ compute }), link(), watched);
  const cold = await runJob(embeddedJob({ compute }), link(), freshMemory());
  expect(warm.rgba).toEqual(first.rgba);
  expect(cold.rgba).toEqual(first.rgba);
  expect(built).toEqual([]);
  for (const changes of [{ seed: 8 }, { prompt: 'a red house' }, { noise: 'torch-cpu' }] as const) {
    expect((await run({ ...changes, compute })).rgba).not.toEqual(first.rgba);
  }
});

test('what a job reports: stages in order, every step, opaque pixels', async () => {
  const told: Progress[] = [];
  const result = await runJob(
    embeddedJob({ steps: 3 }),
    link({ progress: (p) => void told.push(p) }),
    memory,
  );
  expect(told.map(({ stage, step }) => `${stage} ${step}`)).toEqual([
    'load 0',
    'encode-prompt 0',
    'prepare-latent 0',
    'denoise 1',
    'denoise 2',
    'denoise 3',
    'denoise 3',
    'decode 3',
  ]);
  expect(told.every(({ steps, milliseconds }) => steps === 3 && milliseconds >= 0)).toBe(true);
  expect(result.rgba.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  expect(result.latentShape).toEqual([16, 8, 8]);
  expect(result.stepMilliseconds).toHaveLength(3);
  expect(result.providers).toEqual({ 'text encoder': 'cpu', UNet: 'cpu', 'VAE decoder': 'cpu' });
});

test.each(['ddim', 'euler-ancestral', 'heun', 'dpmpp-2m', 'dpmpp-sde', 'unipc', 'lcm'])(
  '%s goes on from any state to the same bits',
  async (id) => {
    const job = embeddedJob({ sampler: { id }, steps: 6, width: 64, height: 64 });
    const states: GenerateJob['resume'][] = [];
    const whole = await runJob(
      job,
      link({ state: (state) => void states.push(structuredClone(state)) }),
      memory,
    );
    expect(states).toHaveLength(6);
    for (const resume of [states[0]!, states[3]!, states[5]!]) {
      const rest = await runJob({ ...job, resume }, link(), memory);
      expect(rest.stepMilliseconds).toHaveLength(6 - resume!.step);
      expect(rest.latent).toEqual(whole.latent);
      expect(rest.rgba).toEqual(whole.rgba);
    }
  },
);

test('a state of another size is refused', async () => {
  const states: GenerateJob['resume'][] = [];
  await runJob(embeddedJob({ steps: 2 }), link({ state: (state) => void states.push(state) }), memory);
  const other = run({ steps: 2, width: 64, resume: states[0]! });
  await expect(other).rejects.toMatchObject({ code: 'inference/job-invalid' });
});

test('cancelled before a step, the job ends there', async () => {
  let cancelled = false;
  const steps: number[] = [];
  const job = runJob(
    embeddedJob({ steps: 9 }),
    link({
      cancelled: () => cancelled,
      state: ({ step }) => {
        steps.push(step);
        cancelled = step === 3;
      },
    }),
    memory,
  );
  await expect(job).rejects.toMatchObject({
    code: 'inference/cancelled',
    message: 'Cancelled after step 3.',
  });
  expect(steps).toEqual([1, 2, 3]);
});

describe('from a picture', () => {
  let picture: Uint8Array;
  beforeAll(async () => {
    picture = (await run({ steps: 8 })).rgba;
  });
  const from = (strength: number, changes: Partial<GenerateJob> = {}) =>
    run({
      steps: 10,
      prompt: 'a blue mountain, watercolor',
      init: { image: { width: 128, height: 128, rgba: picture }, strength },
      ...changes,
    });

  test('little strength keeps it, full strength does not, and steps follow the strength', async () => {
    const faint = await from(0.1);
    const half = await from(0.5);
    const full = await from(1);
    expect([faint, half, full].map((result) => result.stepMilliseconds.length)).toEqual([1, 5, 10]);
    const distances = [faint, half, full].map((result) => difference(result.rgba, picture));
    expect(distances[0]).toBeLessThan(12);
    expect(distances[1]).toBeGreaterThan(distances[0]!);
    expect(distances[2]).toBeGreaterThan(distances[0]! * 2);
  });

  test('it repeats to the byte, and the seed changes it', async () => {
    const first = await from(0.5);
    expect((await from(0.5)).rgba).toEqual(first.rgba);
    expect((await from(0.5, { seed: 99 })).rgba).not.toEqual(first.rgba);
  });
});

test('previews come, near the picture at the end, and change no bit of it', async () => {
  const job = embeddedJob({ steps: 48, width: 256, height: 256 });
  const plain = await runJob(job, link(), memory);
  const previews: Preview[] = [];
  const watched = await runJob(
    { ...job, previewEvery: 1 },
    link({ preview: (preview) => void previews.push(preview) }),
    memory,
  );
  expect(watched.rgba).toEqual(plain.rgba);
  expect(previews.length).toBeGreaterThan(0);
  const last = previews.at(-1)!;
  expect(last.step).toBeGreaterThan(24);
  // Each pixel of a preview against the mean of the pixels that it stands for.
  const block = 256 / last.width;
  let sum = 0;
  for (let y = 0; y < last.height; y += 1) {
    for (let x = 0; x < last.width; x += 1) {
      for (let c = 0; c < 3; c += 1) {
        let mean = 0;
        for (let i = 0; i < block ** 2; i += 1) {
          const pixel = (y * block + Math.floor(i / block)) * 256 + x * block + (i % block);
          mean += plain.rgba[pixel * 4 + c]! / block ** 2;
        }
        sum += Math.abs(last.rgba[(y * last.width + x) * 4 + c]! - mean);
      }
    }
  }
  expect(sum / (last.width * last.height * 3)).toBeLessThan(20);
});

test('guidance: out of its interval it is the prompt alone, and rescaling tames it', async () => {
  const alone = await run({ guidance: 1 });
  const never = await run({ guidance: 6, guidanceInterval: { start: 1, end: 1 } });
  const always = await run({ guidance: 6 });
  const half = await run({ guidance: 6, guidanceInterval: { start: 0, end: 0.5 } });
  expect(relativeError(never.latent, alone.latent)).toBeLessThan(1e-5);
  expect(relativeError(half.latent, always.latent)).toBeGreaterThan(1e-3);
  expect(relativeError(half.latent, alone.latent)).toBeGreaterThan(1e-3);
  const deviation = (values: Float32Array): number => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  };
  const strong = await run({ guidance: 12 });
  const tamed = await run({ guidance: 12, guidanceRescale: 1 });
  expect(deviation(tamed.latent)).toBeLessThan(deviation(strong.latent));
});

test('an autoencoder given apart takes the place of the model’s own', async () => {
  const vae = path.join(embeddedModel, 'vae');
  const own = await run();
  expect((await run({ vae })).rgba).toEqual(own.rgba);
  await expect(run({ vae: path.join(embeddedModel, 'unet') })).rejects.toMatchObject({ name: 'ModelError' });
});

test('prompts of different lengths, schedules and emphasis run', async () => {
  const long = await run({ prompt: `a black cat, ${'flat illustration, '.repeat(20)}` });
  const scheduled = await run({ prompt: 'a [black:red:2] cat' });
  const plain = await run({ prompt: 'a black cat' });
  const strong = await run({ prompt: 'a (black:1.6) cat' });
  const pictures = [long, scheduled, plain, strong].map(({ rgba }) => Buffer.from(rgba).toString('base64'));
  expect(new Set(pictures).size).toBe(4);
});

test('an adapter tag that nobody chose is noted', async () => {
  const result = await run({ prompt: 'a cat <lora:ink:0.7>', steps: 1, width: 64, height: 64 });
  expect(result.notes).toEqual(['<lora:ink> in the prompt was left out: choose the adapter itself.']);
});

test.skipIf(missingProvider('cuda') === undefined)(
  'a provider that is not there falls back to the processor with a report (needs a machine without CUDA)',
  async () => {
    const notices: string[] = [];
    const compute = { provider: 'cuda', precision: 'fp32', threads: 2 } as const;
    const job = embeddedJob({ compute, steps: 1, width: 64, height: 64 });
    const result = await runJob(job, link(), freshMemory(notices));
    expect(result.providers['UNet']).toBe('cpu');
    expect(notices.join()).toMatch(/cuda could not take the UNet .* it runs on the processor/);
  },
);
