import {
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  renameSync,
  readdirSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runJob } from '../../../main/inference/worker/run-job.ts';
import type { GenerateJob } from '../../../main/inference/protocol.ts';
import { describeFile } from '../../../main/models/describe-file.ts';
import { fitAdapter } from '../../../main/models/fit-adapter.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { writeFittingLora } from '../../fixtures/made-up-lora.ts';
import { type Spelling, writeOnnxFolder } from '../../fixtures/onnx-folder.ts';
import { openReference, referenceFolder } from '../../fixtures/reference-case.ts';
import { scratchFolder } from '../../fixtures/scratch-folder.ts';
import { relativeError } from '../../fixtures/vectors.ts';
import { embeddedJob, embeddedModel, freshMemory, link } from './worker-memory.ts';

const folder = scratchFolder();
const pixels = 128;

const optimum: Spelling = {
  timestep: { dtype: 'int64', shape: [] },
  values: 'float32',
  ids: 'int64',
  encoder: 'latent_parameters',
  dynamic: true,
  weights: 'external',
  batch: 2,
  settings: true,
};
/** Each says something in another way than the first. */
const spellings: Readonly<Record<string, Spelling>> = {
  'newest: a scalar time step': optimum,
  'a time step a row, in float32': { ...optimum, timestep: { dtype: 'float32', shape: ['batch_size'] } },
  'a list of steps, 32-bit ids, weights inside': {
    ...optimum,
    timestep: { dtype: 'int64', shape: ['steps'] },
    ids: 'int32',
    weights: 'inline',
  },
  'one row at a time': { ...optimum, batch: 1, dynamic: false, timestep: { dtype: 'float32', shape: [1] } },
  'sizes that are fixed': { ...optimum, dynamic: false, timestep: { dtype: 'float64', shape: [2] } },
};

async function write(name: string, spelling: Spelling, model = embeddedModel): Promise<string> {
  const target = path.join(folder, name);
  writeOnnxFolder(await openCheckpoint(model), target, pixels, spelling);
  return target;
}

const job = (model: string, changes: Partial<GenerateJob> = {}): GenerateJob =>
  embeddedJob({ model: { kind: 'folder', path: model }, ...changes });

describe('a folder of ONNX exports paints what its checkpoint paints', () => {
  let expected: Awaited<ReturnType<typeof runJob>>;
  beforeAll(async () => {
    expected = await runJob(embeddedJob(), link(), freshMemory());
  });

  it.each(Object.entries(spellings))('%s', async (name, spelling) => {
    const model = await write(name, spelling);
    const result = await runJob(job(model), link(), freshMemory());
    expect(relativeError(result.latent, expected.latent)).toBeLessThan(1e-3);
    expect(relativeError(result.rgba, expected.rgba)).toBeLessThan(0.01);
  });

  it('in float16, as near as float16 is', async () => {
    const model = await write('half', {
      ...optimum,
      values: 'float16',
      timestep: { dtype: 'float16', shape: [1] },
    });
    const result = await runJob(job(model), link(), freshMemory());
    expect(relativeError(result.latent, expected.latent)).toBeLessThan(2e-2);
  });

  it('where a download cache keeps the weights behind links', async () => {
    const model = await write('cached', optimum);
    const blobs = path.join(folder, 'blobs');
    mkdirSync(blobs);
    for (const part of ['unet', 'text_encoder', 'vae_decoder']) {
      for (const name of readdirSync(path.join(model, part)).filter((one) => one.startsWith('model.onnx'))) {
        const [from, to] = [path.join(model, part, name), path.join(blobs, `${part}-${name.length}`)];
        renameSync(from, to);
        symlinkSync(to, from);
      }
    }
    const result = await runJob(job(model), link(), freshMemory());
    expect(relativeError(result.latent, expected.latent)).toBeLessThan(1e-3);
  });
});

describe('an ONNX export', () => {
  const init = {
    image: {
      width: pixels,
      height: pixels,
      rgba: new Uint8Array(pixels * pixels * 4).map((_, i) => (i * 7) % 256),
    },
    strength: 0.5,
  };

  it('starts from a picture as its checkpoint does', async () => {
    const expected = await runJob(embeddedJob({ init }), link(), freshMemory());
    const model = await write('from-picture', optimum);
    const result = await runJob(job(model, { init }), link(), freshMemory());
    expect(relativeError(result.latent, expected.latent)).toBeLessThan(1e-3);
  });

  it('of the old kind starts from the mean, and without an encoder says what it lacks', async () => {
    const old = await write('old-encoder', { ...optimum, encoder: 'latent_sample' });
    const result = await runJob(job(old, { init }), link(), freshMemory());
    expect(result.latent.every(Number.isFinite)).toBe(true);
    const none = await write('no-encoder', { ...optimum, encoder: 'none' });
    await expect(runJob(job(none, { init }), link(), freshMemory())).rejects.toMatchObject({
      code: 'weights-missing',
      message: expect.stringMatching(/vae_encoder/),
    });
  });

  it('takes no adapters and says so', async () => {
    const model = await write('no-adapters', optimum);
    const lora = path.join(folder, 'ink.safetensors');
    await writeFittingLora(lora, embeddedModel);
    expect(await fitAdapter(model, lora)).toMatchObject({
      fits: false,
      usedKeys: 0,
      notice: { message: expect.stringMatching(/ONNX export/) },
    });
    const described = await describeFile(model);
    expect(described).toMatchObject({
      kind: 'checkpoint',
      details: [
        expect.stringMatching(/no adapters/),
        expect.anything(),
        expect.stringMatching(/scalar of int64/),
      ],
    });
    await expect(
      runJob(job(model, { adapters: [{ path: lora, strength: 1 }] }), link(), freshMemory()),
    ).rejects.toMatchObject({ message: expect.stringMatching(/ONNX export/) });
    await expect(runJob(job(model, { clipSkip: 2 }), link(), freshMemory())).rejects.toMatchObject({
      message: expect.stringMatching(/CLIP skip/),
    });
  });

  it('of one size refuses another with the one that it has', async () => {
    const model = await write('fixed', spellings['sizes that are fixed']!);
    await expect(runJob(job(model, { width: 256 }), link(), freshMemory())).rejects.toMatchObject({
      code: 'inference/size-unsupported',
      remedy: expect.stringMatching(/128 × 128/),
    });
    expect((await describeFile(model)).details.join()).toMatch(/128 × 128 px only/);
  });

  it('opens without settings beside it', async () => {
    const model = await write('bare', { ...optimum, settings: false, dynamic: false });
    const opened = await openCheckpoint(model);
    expect(opened).toMatchObject({ layout: 'onnx', family: 'sd1', missing: [] });
    expect(opened.vae?.config.channels.length).toBe(
      (await openCheckpoint(embeddedModel)).vae?.config.channels.length,
    );
  });

  it.each([
    [
      'no data beside it',
      'file-missing',
      (model: string) => rmSync(path.join(model, 'unet/model.onnx_data')),
    ],
    [
      'data cut short',
      'file-truncated',
      (model: string) => truncateSync(path.join(model, 'unet/model.onnx_data'), 999),
    ],
    [
      'a graph cut short',
      'header-invalid',
      (model: string) => truncateSync(path.join(model, 'unet/model.onnx'), 5000),
    ],
    [
      'a page in its place',
      'header-invalid',
      (model: string) => writeFileSync(path.join(model, 'unet/model.onnx'), '<!DOCTYPE html>'),
    ],
    [
      'nothing in it',
      'header-invalid',
      (model: string) => truncateSync(path.join(model, 'vae_decoder/model.onnx'), 0),
    ],
    [
      'the graph of another part',
      'tensor-missing',
      (model: string) =>
        renameSync(path.join(model, 'vae_decoder/model.onnx'), path.join(model, 'unet/model.onnx')),
    ],
  ] as const)('with %s says so', async (name, code, damage) => {
    const model = await write(`damaged ${name}`, optimum);
    damage(model);
    await expect(openCheckpoint(model)).rejects.toMatchObject({ code });
  });

  it('without a decoder opens, and says what it lacks when it is to paint', async () => {
    const model = await write('no-decoder', optimum);
    rmSync(path.join(model, 'vae_decoder'), { recursive: true });
    expect(await openCheckpoint(model)).toMatchObject({ missing: ['vae'] });
    await expect(runJob(job(model), link(), freshMemory())).rejects.toMatchObject({
      code: 'weights-missing',
    });
  });
});

describe.skipIf(referenceFolder === undefined)('an SDXL export (needs ../shared/reference)', () => {
  it('is given pooled text and sizes, and paints what its checkpoint paints', async () => {
    const reference = await openReference('sdxl-tiny', 'diffusers', 'F16');
    try {
      const expected = await runJob(job(reference.path), link(), freshMemory());
      const model = await write('sdxl', { ...optimum, settings: true }, reference.path);
      expect(await openCheckpoint(model)).toMatchObject({ family: 'sdxl' });
      const result = await runJob(job(model), link(), freshMemory());
      expect(relativeError(result.latent, expected.latent)).toBeLessThan(1e-3);
    } finally {
      reference.dispose();
    }
  });
});
