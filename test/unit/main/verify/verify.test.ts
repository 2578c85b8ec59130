import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toHalfBits } from '../../../../main/verify/half-float.ts';
import { madeUpWeights } from '../../../../main/verify/made-up-weights.ts';
import { verifyReference } from '../../../../main/verify/verify-reference.ts';
import { relativeError, type VerifyRow } from '../../../../main/verify/verify-row.ts';

describe('float16', () => {
  const Half = Reflect.get(globalThis, 'Float16Array') as new (values: ArrayLike<number>) => {
    buffer: ArrayBuffer;
  };

  test.skipIf(Half === undefined)('is rounded as the engine rounds (needs Float16Array, Node 24)', () => {
    const values: number[] = [
      0,
      -0,
      65_504,
      65_519.99,
      65_520,
      1e9,
      -1e9,
      2 ** -24,
      2 ** -25,
      2 ** -26,
      6e-8,
    ];
    for (let i = 0; i < 200_000; i++) values.push(Math.sin(i) * 10 ** ((i % 13) - 8));
    // Just between two neighbours, where ties go to even, across every exponent.
    for (let e = -24; e < 16; e++) for (let f = 0; f < 64; f++) values.push(2 ** e * (1 + (f + 0.5) / 1024));
    expect(toHalfBits(values)).toEqual(new Uint16Array(new Half(values).buffer));
  });
});

/** A file without tensors. */
function safetensors(metadata: Record<string, string>): Buffer {
  const header = Buffer.from(JSON.stringify({ __metadata__: metadata }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header]);
}

test('made-up weights are what the formula says, worked out by hand for the first element', () => {
  // crc32('a') = 0xe8b7be43; with salt 1, index 0, in whole numbers.
  const h = (() => {
    let x = 0xe8b7be44n;
    const mask = 0xffffffffn;
    x ^= x >> 16n;
    x = (x * 0x85ebca6bn) & mask;
    x ^= x >> 13n;
    x = (x * 0xc2b2ae35n) & mask;
    x ^= x >> 16n;
    return Number(x >> 8n) / 2 ** 23 - 1;
  })();
  expect(madeUpWeights('a', [1], 1)).toEqual(Float64Array.of(0.1 * h));
  expect(madeUpWeights('a', [1, 3], 1)[0]).toBe(h);
  expect(madeUpWeights('a', [1, 12], 1)[0]).toBe(0.5 * h);
  for (const [name, shape, middle, spread] of [
    ['norm.weight', [4096], 1, 0.2],
    ['norm.bias', [4096], 0, 0.1],
    ['token_embedding.weight', [64, 64], 0, 0.5],
  ] as const) {
    const values = madeUpWeights(name, shape, 3);
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length - middle)).toBeLessThan(
      spread / 10,
    );
    expect(Math.max(...values) - middle).toBeGreaterThan(spread * 0.99);
    expect(Math.max(...values) - middle).toBeLessThanOrEqual(spread);
  }
});

test.each<[number[], number[], number]>([
  [[1, 2], [1, 2], 0],
  [[1, 2.5], [1, 2], 0.25],
  [[0, 0], [0, 0], 0],
  [[1, 0], [0, 0], Infinity],
  [[1], [1, 2], Infinity],
  [[Number.NaN, 2], [1, 2], Infinity],
])('relative error of %j against %j is %d', (actual, expected, error) => {
  expect(relativeError(actual, expected)).toBe(error);
});

describe('a reference folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'impasto-reference-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const host = { run: () => Promise.reject(new Error('no picture was to be run')) };
  const verify = async (): Promise<VerifyRow[]> => Array.fromAsync(verifyReference(folder, host));

  /** torch.manual_seed(0); torch.randn(3), as every PyTorch prints it. */
  const torchZero = [1.5409960746765137, -0.293428897857666, -2.1787893772125244];
  const philoxZero = [-0.924662471, -0.425343961, -2.6438458];
  const noise = (values: number[]) => [{ seed: 0, n: 3, philox: philoxZero, torch_cpu: values }];

  test('within the bar is ok, beyond it a miss', async () => {
    writeFileSync(join(folder, 'noise.json'), JSON.stringify(noise(torchZero)));
    const good = await verify();
    expect(good.find(({ name }) => name.includes('torch-cpu'))).toMatchObject({ verdict: 'ok', note: '' });
    writeFileSync(join(folder, 'noise.json'), JSON.stringify(noise([1.55, ...torchZero.slice(1)])));
    const bad = await verify();
    expect(bad.find(({ name }) => name.includes('torch-cpu'))?.verdict).toBe('miss');
  });

  test('one token that differs is a miss', async () => {
    const ids = [49_406, 320, 2368, ...Array<number>(74).fill(49_407)];
    const cases = [
      { prompt: 'a cat', ids },
      { prompt: 'a cat', ids: ids.with(2, 1) },
      { prompt: 'a cat', ids, bpe: [320] },
    ];
    writeFileSync(join(folder, 'clip_tokens.json'), JSON.stringify(cases));
    expect((await verify()).map(({ verdict }) => verdict)).toEqual(['ok', 'miss', 'miss']);
  });

  test('a sampler that does not exist fails its row and not the others', async () => {
    const one = {
      config: {},
      steps: 1,
      timesteps: [1],
      sigmas: [],
      init_noise_sigma: 1,
      x_init: [0],
      noise_used: [],
      trajectory: [[0]],
    };
    const betas = { start: 0.00085, end: 0.012, schedule: 'scaled_linear', train_steps: 1000 };
    const cases = [
      { sampler: 'MagicScheduler', ...one },
      { sampler: 'DDIMScheduler', ...one },
    ];
    writeFileSync(join(folder, 'samplers.json'), JSON.stringify({ betas, cases }));
    const rows = await verify();
    expect(rows.map(({ verdict }) => verdict)).toEqual(['failed', 'miss']);
    expect(rows[0]?.note).toContain('MagicScheduler');
  });

  test('a file that cannot be read is a row that failed; the rest is still verified', async () => {
    writeFileSync(join(folder, 'noise.json'), JSON.stringify(noise(torchZero)));
    writeFileSync(join(folder, 'samplers.json'), '{"cases": 7}');
    writeFileSync(join(folder, 'x-vectors.safetensors'), 'short');
    const rows = await verify();
    expect(rows.filter(({ verdict }) => verdict === 'ok')).toHaveLength(2);
    expect(rows.filter(({ verdict }) => verdict === 'failed').map(({ name }) => name)).toEqual([
      'samplers.json',
      'x opened (single file)',
      'x opened (diffusers)',
    ]);
  });

  test('what is there but says nothing fails, and says so', async () => {
    writeFileSync(join(folder, 'noise.json'), '[]');
    writeFileSync(join(folder, 'clip_tokens.json'), '[]');
    writeFileSync(join(folder, 'adapters.safetensors'), safetensors({ cases: '[{"name":"lora"}]' }));
    writeFileSync(join(folder, 'lost.json'), JSON.stringify({ salt: 1, tensors: [] }));
    writeFileSync(join(folder, 'notes.json'), JSON.stringify({ author: 'somebody' }));
    writeFileSync(join(folder, 'notes.txt'), 'nobody reads this');
    const rows = await verify();
    expect(rows.map(({ name, verdict, note }) => `${name}, ${verdict}: ${note}`)).toEqual([
      'noise.json, failed: It holds nothing to compare.',
      'clip_tokens.json, failed: It holds nothing to compare.',
      'adapters lora, failed: lora has no merged weight to compare with.',
      'lost, failed: There is no lost-vectors.safetensors to compare the model with.',
    ]);
  });

  test.each([
    ['a list that is none', { cases: '{' }, /^The list of cases is not a reference file \(.+\)\.$/],
    ['cases without names', { cases: '[{}]' }, /^The list of cases is not a reference file \(0\.name: /],
    ['nothing at all', {}, /^It holds nothing to compare\.$/],
  ])('adapters with %s fail with a sentence', async (_, metadata, sentence) => {
    writeFileSync(join(folder, 'adapters.safetensors'), safetensors(metadata));
    const [row, ...others] = await verify();
    expect(others).toEqual([]);
    expect(row).toMatchObject({ verdict: 'failed', note: expect.stringMatching(sentence) as string });
  });

  test('a folder that holds nothing of the kind is refused', async () => {
    await expect(verify()).rejects.toMatchObject({ code: 'verify/nothing-to-verify' });
    rmSync(folder, { recursive: true });
    await expect(verify()).rejects.toMatchObject({ code: 'verify/nothing-to-verify' });
    folder = mkdtempSync(join(tmpdir(), 'impasto-reference-'));
  });
});
