import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GenerateJob } from '../../../main/inference/protocol.ts';
import { runJob } from '../../../main/inference/worker/run-job.ts';
import { readSafetensorsHeader } from '../../../native-models/checkpoints/safetensors.ts';
import { referenceFolder } from '../../fixtures/reference-case.ts';
import {
  type Precision,
  readReferenceModel,
  type ReferenceModel,
  singleFileTensors,
  writeDiffusersFolder,
} from '../../fixtures/reference-model.ts';
import { scratchFolder } from '../../fixtures/scratch-folder.ts';
import { asSd2, withUsualHeads } from '../../fixtures/sd2-model.ts';
import { relativeError } from '../../fixtures/vectors.ts';
import { type WritableTensor, writeSafetensors } from '../../fixtures/write-safetensors.ts';
import { embeddedJob, freshMemory, link } from './worker-memory.ts';

const folder = scratchFolder();
let count = 0;
const place = (name: string): string => path.join(folder, `${count++}-${name}`);

async function paint(model: string, changes: Partial<GenerateJob> = {}): Promise<Float32Array> {
  const kind = model.endsWith('.safetensors') ? 'file' : 'folder';
  const small = {
    steps: 2,
    width: 32,
    height: 32,
    sampler: { id: 'euler' },
    model: { kind, path: model },
  } as const;
  return (await runJob(embeddedJob({ ...small, ...changes }), link(), freshMemory())).latent;
}

function inFolder(model: ReferenceModel, precision: Precision = 'F16'): string {
  const target = place('folder');
  writeDiffusersFolder(model, target, precision);
  return target;
}

type Tensors = [string, WritableTensor][];

function inFile(tensors: Tensors, metadata?: Readonly<Record<string, string>>): string {
  const file = place('model.safetensors');
  writeSafetensors(file, tensors, metadata);
  return file;
}

const UNET = 'model.diffusion_model.';
const VAE = 'first_stage_model.';
const half = (): Precision => 'F16';
const junk: Tensors = [
  ['alphas_cumprod', { dtype: 'F32', shape: [1], bytes: () => new Uint8Array(4) }],
  ['model_ema.decay', { dtype: 'F32', shape: [], bytes: () => new Uint8Array(4) }],
  [
    'cond_stage_model.transformer.text_model.embeddings.position_ids',
    { dtype: 'I64', shape: [1, 1], bytes: () => new Uint8Array(8) },
  ],
];

describe.skipIf(referenceFolder === undefined)(
  'the same Stable Diffusion 1 paints the same (needs ../shared/reference)',
  () => {
    let model: ReferenceModel;
    let expected: Float32Array;
    beforeAll(async () => {
      model = readReferenceModel(path.join(referenceFolder!, 'sd15-tiny.json'));
      expected = await paint(inFolder(model));
    });
    const same = async (file: string, changes?: Partial<GenerateJob>): Promise<void> =>
      expect(relativeError(await paint(file, changes), expected)).toBeLessThan(1e-5);

    it('as a single file with things in it that are no weights', async () => {
      await same(inFile([...singleFileTensors(model, half), ...junk]));
    });

    it('with averaged weights alone (EMA)', async () => {
      const averaged = singleFileTensors(model, half).map(([name, tensor]): Tensors[number] => [
        name.startsWith(UNET)
          ? `model_ema.diffusion_model${name.slice(UNET.length).replaceAll('.', '')}`
          : name,
        tensor,
      ]);
      await same(inFile([...averaged, ...junk]));
    });

    it('in mixed types, the text encoder without its outer module', async () => {
      const mixed = singleFileTensors(model, (name) => (name.startsWith(UNET) ? 'F16' : 'F32'));
      const renamed = mixed.map(([name, tensor]): Tensors[number] => [
        name.replace('cond_stage_model.transformer.text_model.', 'cond_stage_model.transformer.'),
        tensor,
      ]);
      await same(inFile(renamed));
    });

    it('in bfloat16 as in the float32 that it rounds to', async () => {
      const rounded = await paint(inFile(singleFileTensors(model, () => 'rounded')));
      const stored = await paint(inFile(singleFileTensors(model, () => 'BF16')));
      expect(relativeError(stored, rounded)).toBeLessThan(1e-5);
    });

    it('as a folder of fp16 variants, its UNet in shards', async () => {
      const target = inFolder(model);
      for (const part of ['unet', 'vae', 'text_encoder']) {
        for (const name of readdirSync(path.join(target, part)).filter((one) => one.endsWith('.safetensors')))
          renameSync(
            path.join(target, part, name),
            path.join(target, part, name.replace('.safetensors', '.fp16.safetensors')),
          );
      }
      await same(target);
      await shardUnet(model, target);
      await same(target);
    });

    it('pruned of its autoencoder, with one beside it in any layout', async () => {
      const all = singleFileTensors(model, half);
      const pruned = inFile(all.filter(([name]) => !name.startsWith(VAE)));
      const own = all.filter(([name]) => name.startsWith(VAE));
      await same(pruned, { vae: inFile(own) });
      await same(pruned, {
        vae: inFile(own.map(([name, tensor]): Tensors[number] => [name.slice(VAE.length), tensor])),
      });
      await same(pruned, { vae: path.join(inFolder(model), 'vae') });
      await expect(paint(pruned)).rejects.toMatchObject({
        message: expect.stringMatching(/autoencoder|VAE/),
      });
    });

    it('with nine input channels of which five weigh nothing', async () => {
      const widened = singleFileTensors(model, half).map(([name, tensor]): Tensors[number] => {
        if (name !== `${UNET}input_blocks.0.0.weight`) return [name, tensor];
        const [out = 0, channels = 0, ...kernel] = tensor.shape;
        const area = 2 * kernel.reduce((a, b) => a * b, 1);
        const bytes = (): Uint8Array => {
          const [narrow, wide] = [tensor.bytes(), new Uint8Array(out * 9 * area)];
          for (let o = 0; o < out; o++)
            wide.set(narrow.subarray(o * channels * area, (o + 1) * channels * area), o * 9 * area);
          return wide;
        };
        return [name, { ...tensor, shape: [out, 9, ...kernel], bytes }];
      });
      await same(inFile(widened));
    });

    it('in eight-bit floats is refused in a sentence', async () => {
      const eight = singleFileTensors(model, half).map(([name, tensor]): Tensors[number] => {
        const size = tensor.shape.reduce((a, b) => a * b, 1);
        return [name, { dtype: 'F8_E4M3', shape: tensor.shape, bytes: () => new Uint8Array(size) }];
      });
      await expect(paint(inFile(eight))).rejects.toMatchObject({
        name: 'ModelError',
        message: expect.stringMatching(/F8_E4M3/),
        remedy: expect.stringMatching(/fp16|F16|half/i),
      });
    });
  },
);

/** Splits a folder's UNet into two files and a list of what lies where. */
async function shardUnet(model: ReferenceModel, target: string): Promise<void> {
  const unet = path.join(target, 'unet');
  const whole = readdirSync(unet).find((name) => name.endsWith('.safetensors'))!;
  const names = [...(await readSafetensorsHeader(path.join(unet, whole))).tensors.keys()];
  const again = place('again');
  writeDiffusersFolder(model, again);
  mkdirSync(path.join(again, 'shards'));
  const source = await readSafetensorsHeader(path.join(again, 'unet', 'diffusion_pytorch_model.safetensors'));
  const { readTensorBytes } = await import('../../../native-models/checkpoints/safetensors.ts');
  const files: Record<string, string> = {};
  for (const half of [0, 1]) {
    const file = `diffusion_pytorch_model.fp16-0000${half + 1}-of-00002.safetensors`;
    const own = names.filter((_, i) => i % 2 === half);
    const tensors: Tensors = [];
    for (const name of own) {
      const stored = source.tensors.get(name)!;
      const bytes = await readTensorBytes(source.file, stored);
      tensors.push([name, { dtype: 'F16', shape: stored.shape, bytes: () => bytes }]);
      files[name] = file;
    }
    writeSafetensors(path.join(unet, file), tensors);
  }
  renameSync(path.join(unet, whole), path.join(again, 'shards', whole));
  const index = { metadata: {}, weight_map: files };
  writeFileSync(
    path.join(unet, 'diffusion_pytorch_model.safetensors.index.fp16.json'),
    JSON.stringify(index),
  );
}

describe.skipIf(referenceFolder === undefined)('SDXL (needs ../shared/reference)', () => {
  it('as a single file paints what its folder paints', async () => {
    const model = withUsualHeads(readReferenceModel(path.join(referenceFolder!, 'sdxl-tiny.json')));
    const file = inFile(singleFileTensors(model, half));
    expect(relativeError(await paint(file), await paint(inFolder(model)))).toBeLessThan(1e-5);
  });
});

describe.skipIf(referenceFolder === undefined)('Stable Diffusion 2 (needs ../shared/reference)', () => {
  it('in OpenCLIP’s names paints what its folder paints, predicting velocity unless it says otherwise', async () => {
    const sd1 = readReferenceModel(path.join(referenceFolder!, 'sd15-tiny.json'));
    const painted: Float32Array[] = [];
    for (const type of ['v_prediction', 'epsilon'] as const) {
      const model = asSd2(sd1, type);
      const expected = await paint(inFolder(model));
      const tensors = singleFileTensors(model, half);
      const said = type === 'epsilon' ? { 'modelspec.prediction_type': 'epsilon' } : undefined;
      expect(relativeError(await paint(inFile(tensors, said)), expected)).toBeLessThan(1e-5);
      if (type === 'epsilon') {
        const file = inFile(tensors);
        writeFileSync(
          file.replace('.safetensors', '.yaml'),
          'model:\n  params:\n    beta_schedule: linear\n',
        );
        expect(relativeError(await paint(file), expected)).toBeLessThan(1e-5);
      }
      painted.push(expected);
    }
    expect(relativeError(painted[0]!, painted[1]!)).toBeGreaterThan(1e-2);
  });
});
