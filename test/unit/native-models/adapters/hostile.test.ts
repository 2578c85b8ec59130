import { describe, expect, it } from 'vitest';
import { readDelta } from '../../../../native-models/adapters/dense-delta.ts';
import { readPair } from '../../../../native-models/adapters/low-rank-pair.ts';
import { hasRankForm, readAdapter } from '../../../../native-models/adapters/read-adapter.ts';
import { f32, memorySource, type MemoryTensor, oneLayer } from './memory-source.ts';

const P = 'lora_unet_layer';
const scalar = (value: number): MemoryTensor => f32([], Float32Array.of(value));
const good = (): Record<string, MemoryTensor> => ({
  [`${P}.lora_down.weight`]: f32([2, 8]),
  [`${P}.lora_up.weight`]: f32([6, 2]),
  [`${P}.alpha`]: scalar(1),
});
const bare = (dtype: string, shape: number[]): MemoryTensor => ({ dtype, shape, bytes: new Uint8Array() });

const reasons = async (tensors: Record<string, MemoryTensor>): Promise<string> => {
  const { layers, report } = await readAdapter(memorySource(tensors), oneLayer([6, 8]));
  expect(layers).toEqual([]);
  expect(report.usedKeys).toBe(0);
  expect(report.unused).toHaveLength(Object.keys(tensors).length);
  return report.unused.map(({ reason }) => reason).join('\n');
};

describe('files that do not fit', () => {
  it.each<[string, Record<string, MemoryTensor>, RegExp]>([
    [
      'rank 0',
      { ...good(), [`${P}.lora_down.weight`]: f32([0, 8]), [`${P}.lora_up.weight`]: f32([6, 0]) },
      /rank 0/,
    ],
    ['rank 10^6', { ...good(), [`${P}.lora_down.weight`]: bare('F16', [1e6, 8]) }, /rank 1000000/],
    ['alpha NaN', { ...good(), [`${P}.alpha`]: scalar(NaN) }, /finite/],
    ['alpha infinite', { ...good(), [`${P}.alpha`]: scalar(Infinity) }, /finite/],
    ['alpha a matrix', { ...good(), [`${P}.alpha`]: f32([2, 2]) }, /one number/],
    ['another width', { ...good(), [`${P}.lora_down.weight`]: f32([2, 9]) }, /\[2, 9\].*\[2, 8\]/],
    ['another height', { ...good(), [`${P}.lora_up.weight`]: f32([7, 2]) }, /\[7, 2\].*\[6, 2\]/],
    ['up without down', { [`${P}.lora_up.weight`]: f32([6, 2]) }, /down is missing/],
    ['alpha alone', { [`${P}.alpha`]: scalar(1) }, /no known kind/],
    ['an unknown layer', { 'lora_unet_other.lora_down.weight': f32([2, 8]) }, /no layer lora_unet_other/],
    ['OFT', { [`${P}.oft_blocks`]: f32([2, 8]) }, /OFT/],
    ['no adapter at all', { 'first_stage_model.x': f32([2]) }, /not a name/],
    [
      'a LoKr that does not divide',
      { [`${P}.lokr_w1`]: f32([4, 3]), [`${P}.lokr_w2`]: f32([2, 3]) },
      /do not divide/,
    ],
    ['a LoKr of nothing', { [`${P}.lokr_w1`]: f32([0, 0]), [`${P}.lokr_w2`]: f32([2, 3]) }, /do not divide/],
    ['a DoRA scale of another length', { ...good(), [`${P}.dora_scale`]: f32([5, 1]) }, /DoRA/],
    ['a difference of another size', { [`${P}.diff`]: f32([6, 7]) }, /difference/],
  ])('%s', async (_, tensors, reason) => {
    expect(await reasons(tensors)).toMatch(reason);
  });

  it('uses the rest of a file of which a part does not fit', async () => {
    const tensors = { ...good(), 'lora_unet_other.lora_down.weight': f32([2, 8]), junk: f32([1]) };
    const { layers, report } = await readAdapter(memorySource(tensors), oneLayer([6, 8]));
    expect(layers).toHaveLength(1);
    expect(report.unused.map(({ key }) => key).toSorted()).toEqual([
      'junk',
      'lora_unet_other.lora_down.weight',
    ]);
    expect(report.summary).toBe('3 of 5 keys fit SD 1.x.');
  });

  it('changes a layer once, whatever names it goes by', async () => {
    const tensors = {
      ...good(),
      'unet.layer.lora_A.weight': f32([2, 8]),
      'unet.layer.lora_B.weight': f32([6, 2]),
    };
    const { layers, report } = await readAdapter(memorySource(tensors), oneLayer([6, 8]));
    expect(layers).toHaveLength(1);
    expect(report.unused.map(({ reason }) => reason)).toEqual(
      Array(2).fill(expect.stringContaining('already')),
    );
  });

  it('finds numbers that are none when the weights are read', async () => {
    const tensors = { ...good(), [`${P}.lora_up.weight`]: f32([6, 2], new Float32Array(12).fill(NaN)) };
    const source = memorySource(tensors);
    const { layers } = await readAdapter(source, oneLayer([6, 8]));
    await expect(readPair(source, layers[0]!)).rejects.toMatchObject({ code: 'adapter-unsupported' });
    await expect(readDelta(source, layers[0]!, new Float32Array(48), 1)).rejects.toMatchObject({
      code: 'adapter-unsupported',
    });
  });

  it('refuses a base or a strength that is none', async () => {
    const source = memorySource(good());
    const { layers } = await readAdapter(source, oneLayer([6, 8]));
    await expect(readDelta(source, layers[0]!, new Float32Array(47), 1)).rejects.toThrow(RangeError);
    await expect(readDelta(source, layers[0]!, new Float32Array(48), NaN)).rejects.toThrow(RangeError);
  });
});

type Shapes = Record<string, number[]>;
/** Files that fit a layer of 6 × 8, by the parts of it. */
const TEMPLATES: readonly Shapes[] = [
  { 'lora_down.weight': [2, 8], 'lora_up.weight': [6, 2], alpha: [] },
  { 'lora_down.weight': [2, 8], 'lora_up.weight': [6, 2], dora_scale: [6, 1] },
  { hada_w1_a: [6, 2], hada_w1_b: [2, 8], hada_w2_a: [6, 2], hada_w2_b: [2, 8], alpha: [] },
  { lokr_w1: [2, 4], lokr_w2_a: [3, 1], lokr_w2_b: [1, 2], alpha: [] },
  { lokr_w1_a: [3, 1], lokr_w1_b: [1, 2], lokr_w2: [2, 4] },
  { diff: [6, 8], diff_b: [6] },
  { weight: [6], on_input: [] },
];

it('takes 3,000 mutated files: a result or a reason for every key, never anything else', async () => {
  let state = 12_345;
  const pick = <T>(list: readonly T[]): T => {
    state = (state * 48_271) % 2_147_483_647;
    return list[state % list.length]!;
  };
  let fitted = 0;
  let refused = 0;
  for (let run = 0; run < 3000; run += 1) {
    const shapes: Shapes = { ...pick(TEMPLATES) };
    for (let change = pick([0, 1, 2]); change > 0; change -= 1) {
      const part = pick(Object.keys(shapes));
      const other = pick(Object.keys(pick(TEMPLATES)));
      const dims = [...(shapes[part] ?? [])];
      if (dims.length > 0) dims[pick([...dims.keys()])] = pick([0, 1, 2, 3, 6, 8, 48]);
      pick([
        () => (shapes[part] = dims),
        () => delete shapes[part],
        () => (shapes[other] = shapes[part] ?? []),
        () => (shapes[part] = [...dims, pick([1, 2])]),
        () => (shapes[part] = dims.toReversed()),
      ])();
    }
    const value = (dims: number[]) => (dims.length === 0 ? scalar(pick([0, 1, 2, -1, NaN])) : f32(dims));
    const tensors = Object.fromEntries(
      Object.entries(shapes).map(([part, dims]) => [`${P}.${part}`, value(dims)]),
    );
    const source = memorySource(tensors);
    const { layers, report } = await readAdapter(source, oneLayer([6, 8]));
    expect(report.usedKeys + report.unused.length).toBe(report.keys);
    refused += report.unused.length > 0 ? 1 : 0;
    for (const layer of layers) {
      const count = layer.parameter === 'bias' ? 6 : 48;
      const base = new Float32Array(count).fill(0.5);
      const delta = await readDelta(source, layer, base, 1).catch((error: unknown) => error);
      if (delta instanceof Error) {
        expect(delta.name).toBe('ModelError');
      } else {
        fitted += 1;
        expect(delta).toHaveLength(count);
        expect((delta as Float32Array).every(Number.isFinite)).toBe(true);
      }
      if (hasRankForm(layer)) await readPair(source, layer);
    }
  }
  expect(fitted).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(500);
});
