import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createNoise, restoreNoise } from '../../../../native-models/noise/create-noise.ts';
import type { NoiseKind } from '../../../../native-models/noise/noise-generator.ts';
import { sharedPath } from '../../../fixtures/reference-folder.ts';

interface NoiseCase {
  seed: number;
  n: number;
  philox: number[];
  philox_next8: number[];
  torch_cpu: number[];
}

const file = sharedPath('reference', 'noise.json');

describe.skipIf(!file)('noise against reference/noise.json (skipped where it is missing)', () => {
  const cases = file ? (JSON.parse(readFileSync(file, 'utf8')) as NoiseCase[]) : [];

  it.each(cases)('seed $seed, $n values', (c) => {
    const philox = createNoise('philox', c.seed);
    // Nine printed digits name one float32, so Philox is compared by its bits.
    expect([...philox.normal(c.n).subarray(0, c.philox.length)]).toEqual(c.philox.map(Math.fround));
    expect([...philox.normal(8)]).toEqual(c.philox_next8.map(Math.fround));
    expect([...createNoise('torch-cpu', c.seed).normal(c.n).subarray(0, c.torch_cpu.length)]).toEqual(
      c.torch_cpu,
    );
  });
});

describe.each<NoiseKind>(['philox', 'torch-cpu'])('%s', (kind) => {
  it('goes on from a stored state with the same bits', () => {
    for (const count of [1, 3, 15, 16, 100, 1000]) {
      const first = createNoise(kind, 7);
      first.normal(count);
      const second = restoreNoise(structuredClone(first.state));
      expect(second.normal(count)).toEqual(first.normal(count));
      expect(second.normal(33)).toEqual(first.normal(33));
    }
  });

  it('leaves a state that was read untouched by later draws', () => {
    const noise = createNoise(kind, 7);
    noise.normal(3);
    const { state } = noise;
    const expected = noise.normal(50);
    expect(restoreNoise(state).normal(50)).toEqual(expected);
  });

  it('has mean 0, variance 1 and no infinite value', () => {
    const values = createNoise(kind, 99).normal(200_000);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it('refuses counts and seeds that are none', () => {
    const noise = createNoise(kind, 1);
    for (const count of [-1, 1.5, NaN, Infinity, 1e12]) expect(() => noise.normal(count)).toThrow(RangeError);
    for (const seed of [NaN, 0.5, Infinity, 2n ** 64n, -(2n ** 64n) - 1n]) {
      expect(() => createNoise(kind, seed)).toThrow(RangeError);
    }
    expect(noise.normal(0)).toHaveLength(0);
  });
});

it('tells 64-bit seeds apart with Philox', () => {
  expect(createNoise('philox', 2n ** 40n + 5n).normal(4)).not.toEqual(createNoise('philox', 5).normal(4));
  expect(createNoise('philox', -1).normal(4)).toEqual(createNoise('philox', 2n ** 64n - 1n).normal(4));
});

it('keeps the second half of a Box–Muller pair for the next small torch draw', () => {
  const whole = createNoise('torch-cpu', 3).normal(4);
  const halves = createNoise('torch-cpu', 3);
  expect([...halves.normal(1), ...halves.normal(3)]).toEqual([...whole]);
});

it('refuses damaged states', () => {
  const state = createNoise('torch-cpu', 1).state;
  if (state.kind !== 'torch-cpu') throw new Error('wrong kind');
  expect(() => restoreNoise({ ...state, words: new Uint32Array(3) })).toThrow(RangeError);
  expect(() => restoreNoise({ ...state, index: 700 })).toThrow(RangeError);
  expect(() => restoreNoise({ kind: 'philox', seed: 'x', draws: 0 })).toThrow(RangeError);
  expect(() => restoreNoise({ kind: 'philox', seed: '1', draws: -1 })).toThrow(RangeError);
});

/** SHA-256 of the float32 bytes of draws made one after the other by PyTorch 1.13 (`torch.randn`, CPU, AVX2). */
describe('long draws against PyTorch', () => {
  it.each<[number, number[], string]>([
    [0, [64, 5, 3, 20], '7da1d3a3ec288038651a2be107c7e3225b559351ce6bff019086e3d83b8a51bf'],
    [7, [100003], '5eb5e92227a3e308981c80b442de6a6b2849d8938892d5a60bffb88143204f05'],
    [123456789012, [40, 15, 16, 17], '4a4534f3983d9a8ec2c0c50a99154f685c67375087bd67d498150b7e5d13fef1'],
    [42, [4096, 31], '614782b334701bfa28f7667627221711673305953995c8e42283deba5464ee5f'],
  ])('seed %i, draws of %j', (seed, counts, expected) => {
    const noise = createNoise('torch-cpu', seed);
    const hash = createHash('sha256');
    for (const count of counts) hash.update(noise.normal(count));
    expect(hash.digest('hex')).toBe(expected);
  });
});
