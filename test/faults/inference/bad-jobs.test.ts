import { cpSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createInferenceHost } from '../../../main/inference/host/create-inference-host.ts';
import type { InferenceHost } from '../../../main/inference/host/inference-host.ts';
import type { GenerateJob } from '../../../main/inference/protocol.ts';
import { embeddedJob, embeddedModel } from '../../inference/worker/worker-memory.ts';
import { launchFromSource } from './real-worker.ts';

let host: InferenceHost;
let scratch: string;

beforeAll(() => {
  host = createInferenceHost({ launch: launchFromSource });
  scratch = mkdtempSync(path.join(tmpdir(), 'impasto-bad-jobs-'));
  return async () => {
    await host.dispose();
    rmSync(scratch, { recursive: true });
  };
});

const white = { width: 128, height: 128, rgba: new Uint8Array(128 * 128 * 4).fill(255) };

const table: readonly (readonly [string, Partial<GenerateJob>, string, RegExp])[] = [
  ['width 0', { width: 0 }, 'inference/size-unsupported', /0 × 128/],
  ['width 100,000', { width: 100_000 }, 'inference/size-unsupported', /100000 × 128/],
  ['width NaN', { width: Number.NaN }, 'inference/size-unsupported', /NaN/],
  ['a size between cells', { height: 130 }, 'inference/size-unsupported', /multiples of 16/],
  ['steps 0', { steps: 0 }, 'inference/job-invalid', /steps is 0/],
  ['steps 1.5', { steps: 1.5 }, 'inference/job-invalid', /steps is 1.5/],
  ['guidance NaN', { guidance: Number.NaN }, 'inference/job-invalid', /guidance is NaN/],
  ['seed -1', { seed: -1 }, 'inference/job-invalid', /seed is -1/],
  [
    'strength NaN',
    { init: { image: white, strength: Number.NaN } },
    'inference/job-invalid',
    /strength is NaN/,
  ],
  ['strength 0', { init: { image: white, strength: 0 } }, 'model/config-invalid', /No step is left/],
  [
    'a picture of another size',
    { init: { image: { ...white, width: 64 }, strength: 0.5 } },
    'inference/job-invalid',
    /64 × 128/,
  ],
  [
    'a picture with too few bytes',
    { init: { image: { ...white, rgba: new Uint8Array(7) }, strength: 0.5 } },
    'inference/job-invalid',
    /7 bytes/,
  ],
  ['an unknown sampler', { sampler: { id: 'magic' } }, 'model/config-invalid', /no sampler called "magic"/],
  [
    'an unknown provider',
    { compute: { provider: 'tpu' as 'cpu', precision: 'fp32', threads: 1 } },
    'inference/job-invalid',
    /"tpu"/,
  ],
  [
    '0 threads',
    { compute: { provider: 'cpu', precision: 'fp32', threads: 0 } },
    'inference/job-invalid',
    /threads is 0/,
  ],
  ['a prompt of 100,000 characters', { prompt: 'a '.repeat(50_000) }, 'inference/prompt-too-long', /100000/],
  [
    'a missing folder',
    { model: { kind: 'folder', path: '/no/such/model' } },
    'model/file-missing',
    /no\/such\/model/,
  ],
  [
    'an initial latent of another size',
    { initialLatent: new Float32Array(3) },
    'inference/job-invalid',
    /3 values/,
  ],
];

test.each(table)('%s is refused in words', async (_, changes, code, message) => {
  const outcome = await host.run(embeddedJob(changes)).catch((error: unknown) => error);
  expect(outcome).toMatchObject({ code, message: expect.stringMatching(message) });
  expect((outcome as { remedy: string }).remedy).not.toBe('');
});

test('a truncated safetensors file is refused in words', async () => {
  const folder = path.join(scratch, 'truncated');
  cpSync(embeddedModel, folder, { recursive: true });
  truncateSync(path.join(folder, 'unet/diffusion_pytorch_model.safetensors'), 1_000_000);
  const outcome = host.run(embeddedJob({ model: { kind: 'folder', path: folder } }));
  await expect(outcome).rejects.toMatchObject({ code: expect.stringMatching(/^model\//) });
});

test('a header of 2^60 bytes is refused in words', async () => {
  const file = path.join(scratch, 'huge-header.safetensors');
  const bytes = Buffer.alloc(64);
  bytes.writeBigUInt64LE(2n ** 60n);
  writeFileSync(file, bytes);
  const outcome = host.run(embeddedJob({ model: { kind: 'file', path: file } }));
  await expect(outcome).rejects.toMatchObject({ code: expect.stringMatching(/^model\//) });
});

afterAll(async () => {
  // After all of that, the same worker still makes pictures.
  const result = await host.run(embeddedJob({ steps: 1, width: 64, height: 64 }));
  expect(result.rgba).toHaveLength(64 * 64 * 4);
});
