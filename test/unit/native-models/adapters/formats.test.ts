import { describe, expect, it } from 'vitest';
import { adapterMetadata } from '../../../../native-models/adapters/adapter-metadata.ts';
import { readDelta } from '../../../../native-models/adapters/dense-delta.ts';
import { pairProduct, readPair } from '../../../../native-models/adapters/low-rank-pair.ts';
import { hasRankForm, readAdapter } from '../../../../native-models/adapters/read-adapter.ts';
import { rankBucket, stackPairs } from '../../../../native-models/adapters/stack-adapters.ts';
import { decodeValues, elementCount, multiply } from '../../../../native-models/adapters/tensor.ts';
import { readTextualInversion } from '../../../../native-models/adapters/textual-inversion.ts';
import { f32, memorySource, type MemoryTensor, numbers, oneLayer } from './memory-source.ts';

const P = 'lora_unet_layer';
const scalar = (value: number): MemoryTensor => f32([], Float32Array.of(value));

async function only(tensors: Record<string, MemoryTensor>, shape: number[]) {
  const source = memorySource(tensors);
  const { layers, report } = await readAdapter(source, oneLayer(shape));
  return { source, layers, report, layer: layers[0]! };
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i += 1) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(1e-5);
}

/** Straight from the definitions, in float64, index by index. */
describe('published formulas', () => {
  const [out, inner, rank] = [6, 8, 2];
  const value = (t: Float32Array, row: number, column: number, width: number): number =>
    t[row * width + column]!;

  it('LoHa: alpha / rank (w1a w1b) ⊙ (w2a w2b)', async () => {
    const [w1a, w2a] = [numbers(out * rank, 1), numbers(out * rank, 2)];
    const [w1b, w2b] = [numbers(rank * inner, 3), numbers(rank * inner, 4)];
    const { source, layer } = await only(
      {
        [`${P}.hada_w1_a`]: f32([out, rank], w1a),
        [`${P}.hada_w1_b`]: f32([rank, inner], w1b),
        [`${P}.hada_w2_a`]: f32([out, rank], w2a),
        [`${P}.hada_w2_b`]: f32([rank, inner], w2b),
        [`${P}.alpha`]: scalar(1),
      },
      [out, inner],
    );
    const dot = (a: Float32Array, b: Float32Array, o: number, i: number): number =>
      Array.from({ length: rank }, (_, r) => value(a, o, r, rank) * value(b, r, i, inner)).reduce(
        (x, y) => x + y,
      );
    const expected = Array.from({ length: out * inner }, (_, at) => {
      const [o, i] = [Math.floor(at / inner), at % inner];
      return (1 / rank) * dot(w1a, w1b, o, i) * dot(w2a, w2b, o, i) * 0.7;
    });
    expectClose(await readDelta(source, layer, new Float32Array(out * inner), 0.7), expected);
    expect(hasRankForm(layer)).toBe(false);
  });

  it('LoKr: w1 ⊗ w2', async () => {
    const [w1, w2] = [numbers(2 * 4, 5), numbers(3 * 2, 6)];
    const { source, layer } = await only(
      { [`${P}.lokr_w1`]: f32([2, 4], w1), [`${P}.lokr_w2`]: f32([3, 2], w2), [`${P}.alpha`]: scalar(1e10) },
      [out, inner],
    );
    const expected = Array.from({ length: out * inner }, (_, at) => {
      const [o, i] = [Math.floor(at / inner), at % inner];
      return value(w1, Math.floor(o / 3), Math.floor(i / 2), 4) * value(w2, o % 3, i % 2, 2);
    });
    expectClose(await readDelta(source, layer, new Float32Array(out * inner), 1), expected);
  });

  it('DoRA: m (W + ΔW) / ‖W + ΔW‖, by rows as PEFT saves it', async () => {
    const [down, up, base] = [numbers(rank * inner, 7), numbers(out * rank, 8), numbers(out * inner, 9)];
    const magnitude = Float32Array.from({ length: out }, (_, o) => 1 + o / 10);
    const { source, layer } = await only(
      {
        'layer.lora_A.weight': f32([rank, inner], down),
        'layer.lora_B.weight': f32([out, rank], up),
        'layer.lora_magnitude_vector': f32([out], magnitude),
      },
      [out, inner],
    );
    const product = multiply(up, down, out, rank, inner);
    const merged = base.map((weight, i) => weight + product[i]!);
    const expected = Array.from(merged, (weight, at) => {
      const o = Math.floor(at / inner);
      const norm = Math.hypot(...merged.subarray(o * inner, (o + 1) * inner));
      return (magnitude[o]! * weight) / norm - base[at]!;
    });
    expectClose(await readDelta(source, layer, base, 1), expected);
    expect(hasRankForm(layer)).toBe(false);
  });

  it('(IA)³: the weight times a vector, on the output or on the input', async () => {
    const base = numbers(out * inner, 10);
    for (const onInput of [0, 1]) {
      const vector = numbers(onInput ? inner : out, 11);
      const { source, layer } = await only(
        { [`${P}.weight`]: f32(onInput ? [inner] : [out, 1], vector), [`${P}.on_input`]: scalar(onInput) },
        [out, inner],
      );
      const expected = base.map(
        (weight, at) => weight * vector[onInput ? at % inner : Math.floor(at / inner)]!,
      );
      expectClose(await readDelta(source, layer, base, 1), expected);
    }
  });

  it('differences, of weights and of biases', async () => {
    const [diff, bias] = [numbers(out * inner, 12), numbers(out, 13)];
    const { source, layers } = await only(
      { [`${P}.diff`]: f32([out, inner], diff), [`${P}.diff_b`]: f32([out], bias) },
      [out, inner],
    );
    expect(layers).toHaveLength(2);
    for (const layer of layers) {
      const expected = (layer.parameter === 'bias' ? bias : diff).map((x) => x * 0.5);
      expectClose(await readDelta(source, layer, new Float32Array(expected.length), 0.5), expected);
    }
  });

  it('a bias beside the factors (PEFT lora_bias): y = Wx + alpha / rank (B A x + b)', async () => {
    const bias = numbers(out, 14);
    for (const names of [
      { down: `${P}.lora_A.weight`, up: `${P}.lora_B.weight`, bias: `${P}.lora_B.bias` },
      { down: `${P}.lora_down.weight`, up: `${P}.lora_up.weight`, bias: `${P}.lora_up.bias` },
    ]) {
      const { source, layers, report } = await only(
        {
          [names.down]: f32([rank, inner], numbers(rank * inner, 15)),
          [names.up]: f32([out, rank], numbers(out * rank, 16)),
          [names.bias]: f32([out], bias),
          [`${P}.alpha`]: scalar(6),
        },
        [out, inner],
      );
      expect(report.unused).toEqual([]);
      const layer = layers.find(({ parameter }) => parameter === 'bias')!;
      const expected = bias.map((x) => x * 0.5 * (6 / rank));
      expectClose(await readDelta(source, layer, new Float32Array(out), 0.5), expected);
    }
  });

  it('a bias alone, or beside what is no LoRA, belongs to nothing', async () => {
    const { layers, report } = await only({ [`${P}.lora_up.bias`]: f32([out]) }, [out, inner]);
    expect(layers).toEqual([]);
    expect(report).toMatchObject({ usedKeys: 0, unused: [{ key: `${P}.lora_up.bias` }] });
  });
});

describe('exact pairs of LoHa and LoKr', () => {
  const P3 = (part: string, shape: number[], seed: number) =>
    [`${P}.${part}`, f32(shape, numbers(elementCount(shape), seed))] as const;
  it.each<[string, number[], ReadonlyArray<readonly [string, number[]]>, number]>([
    [
      'LoHa',
      [48, 64],
      [
        ['hada_w1_a', [48, 2]],
        ['hada_w1_b', [2, 64]],
        ['hada_w2_a', [48, 2]],
        ['hada_w2_b', [2, 64]],
      ],
      4,
    ],
    [
      'LoHa, convolution',
      [48, 32, 3, 3],
      [
        ['hada_w1_a', [48, 2]],
        ['hada_w1_b', [2, 288]],
        ['hada_w2_a', [48, 2]],
        ['hada_w2_b', [2, 288]],
      ],
      4,
    ],
    [
      'LoHa with cores',
      [48, 32, 3, 3],
      [
        ['hada_t1', [2, 2, 3, 3]],
        ['hada_t2', [2, 2, 3, 3]],
        ['hada_w1_a', [2, 48]],
        ['hada_w1_b', [2, 32]],
        ['hada_w2_a', [2, 48]],
        ['hada_w2_b', [2, 32]],
      ],
      4,
    ],
    [
      'LoKr',
      [48, 64],
      [
        ['lokr_w1', [4, 8]],
        ['lokr_w2_a', [12, 3]],
        ['lokr_w2_b', [3, 8]],
      ],
      12,
    ],
    [
      'LoKr, both products',
      [48, 64],
      [
        ['lokr_w1_a', [6, 2]],
        ['lokr_w1_b', [2, 8]],
        ['lokr_w2_a', [8, 2]],
        ['lokr_w2_b', [2, 8]],
      ],
      4,
    ],
    [
      'LoKr, tall',
      [64, 48],
      [
        ['lokr_w1', [8, 2]],
        ['lokr_w2_a', [8, 2]],
        ['lokr_w2_b', [2, 24]],
      ],
      4,
    ],
    [
      'LoKr with a core',
      [48, 32, 3, 3],
      [
        ['lokr_w1', [4, 2]],
        ['lokr_t2', [2, 2, 3, 3]],
        ['lokr_w2_a', [2, 12]],
        ['lokr_w2_b', [2, 16]],
      ],
      4,
    ],
    [
      'LoKr, convolution',
      [48, 32, 3, 3],
      [
        ['lokr_w1', [2, 4]],
        ['lokr_w2_a', [24, 3]],
        ['lokr_w2_b', [3, 72]],
      ],
      6,
    ],
  ])('%s', async (_, shape, parts, rank) => {
    const tensors = Object.fromEntries(parts.map(([part, dims], i) => P3(part, dims, i + 50)));
    const { source, layer, report } = await only({ ...tensors, [`${P}.alpha`]: scalar(1) }, shape);
    expect(report.unused).toEqual([]);
    expect(hasRankForm(layer)).toBe(true);
    const pair = await readPair(source, layer);
    expect(pair.rank).toBe(rank);
    const delta = await readDelta(source, layer, new Float32Array(elementCount(shape)), 1);
    expectClose(
      pairProduct(pair).map((x) => x * pair.scale),
      delta,
    );
  });

  it('are not taken where they would be nearly as large as the layer', async () => {
    const tensors = { [`${P}.lokr_w1`]: f32([2, 2]), [`${P}.lokr_w2`]: f32([24, 32]) };
    const { layer, report } = await only(tensors, [48, 64]);
    expect(hasRankForm(layer)).toBe(false);
    expect(report.denseLayers).toEqual({ lokr: 1 });
  });
});

describe('stacking', () => {
  const [out, inner] = [5, 7];

  it.each(['linear', 'conv'] as const)('acts as the sum of the pairs: %s', async (kind) => {
    const shape = kind === 'conv' ? [out, inner, 3, 3] : [out, inner];
    const area = kind === 'conv' ? 9 : 1;
    const pairs = await Promise.all(
      [3, 5].map(async (rank, i) => {
        const tensors = {
          [`${P}.lora_down.weight`]: f32(
            kind === 'conv' ? [rank, inner, 3, 3] : [rank, inner],
            numbers(rank * inner * area, i + 20),
          ),
          [`${P}.lora_up.weight`]: f32(
            kind === 'conv' ? [out, rank, 1, 1] : [out, rank],
            numbers(out * rank, i + 30),
          ),
          [`${P}.alpha`]: scalar(rank / 2),
        };
        const { source, layer } = await only(tensors, shape);
        return { pair: await readPair(source, layer), strength: 0.4 + i };
      }),
    );
    const stacked = stackPairs({ kind, shape }, pairs);
    expect(stacked.rank).toBe(8);
    const whole = pairProduct({ kind, shape, rank: stacked.rank, a: stacked.a, b: stacked.b, scale: 1 });
    const [first, second] = pairs.map(({ pair, strength }) =>
      pairProduct(pair).map((x) => x * pair.scale * strength),
    );
    expectClose(
      whole,
      first!.map((x, i) => x + second![i]!),
    );
  });

  it('is rank 1 of zeros without adapters, and shares a rank if asked', () => {
    const site = { kind: 'linear', shape: [out, inner] } as const;
    expect(stackPairs(site, [])).toEqual({ rank: 1, a: new Float32Array(inner), b: new Float32Array(out) });
    expect(stackPairs(site, [], 32).rank).toBe(32);
  });

  it('rounds ranks up to few sizes', () => {
    expect([0, 1, 2, 4, 5, 17, 64, 160, 200, 257, 320, 1280].map(rankBucket)).toEqual([
      1, 1, 4, 4, 8, 32, 64, 160, 224, 288, 320, 1280,
    ]);
  });

  it('refuses what does not fit', async () => {
    const { source, layer } = await only(
      { [`${P}.lora_down.weight`]: f32([2, inner]), [`${P}.lora_up.weight`]: f32([out, 2]) },
      [out, inner],
    );
    const pair = await readPair(source, layer);
    expect(() => stackPairs({ kind: 'linear', shape: [out, 9] }, [{ pair, strength: 1 }])).toThrow(
      RangeError,
    );
    expect(() => stackPairs({ kind: 'linear', shape: [out, inner] }, [{ pair, strength: NaN }])).toThrow(
      RangeError,
    );
  });
});

describe('number formats', () => {
  it('reads halves of both kinds exactly', () => {
    const halves = new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x8000, 0x3555).buffer);
    expect([...decodeValues('x', 'F16', halves)]).toEqual([1, -2, 2 ** -24, 65_504, -0, 0.333251953125]);
    const brain = new Uint8Array(Uint16Array.of(0x3f80, 0xc000, 0x4049).buffer);
    expect([...decodeValues('x', 'BF16', brain)]).toEqual([1, -2, 3.140625]);
    expect([...decodeValues('x', 'F64', new Uint8Array(Float64Array.of(0.1).buffer))]).toEqual([
      Math.fround(0.1),
    ]);
    expect(() => decodeValues('x', 'C64', new Uint8Array(8))).toThrow(/C64/);
  });

  it('reads eight bits of both kinds: least, one, largest, and what is no number', () => {
    const fine = decodeValues('x', 'F8_E4M3', Uint8Array.of(0x01, 0x08, 0x38, 0xb9, 0x7e, 0x7f, 0x80));
    expect([...fine]).toEqual([2 ** -9, 2 ** -6, 1, -1.125, 448, Number.NaN, -0]);
    const wide = decodeValues('x', 'F8_E5M2', Uint8Array.of(0x01, 0x04, 0x3c, 0xbd, 0x7b, 0x7c, 0x7e));
    expect([...wide]).toEqual([2 ** -16, 2 ** -14, 1, -1.25, 57_344, Infinity, Number.NaN]);
  });

  it('reads from bytes that do not begin at a multiple of their size', () => {
    const bytes = new Uint8Array(9);
    bytes.set(new Uint8Array(Float32Array.of(1.5, -2).buffer), 1);
    expect([...decodeValues('x', 'F32', bytes.subarray(1))]).toEqual([1.5, -2]);
  });

  it('takes an adapter of mixed types', async () => {
    const half = (shape: number[]): MemoryTensor => ({
      dtype: 'F16',
      shape,
      bytes: new Uint8Array(new Uint16Array(shape[0]! * shape[1]!).fill(0x3c00).buffer),
    });
    const { source, layer } = await only(
      {
        [`${P}.lora_down.weight`]: half([2, 4]),
        [`${P}.lora_up.weight`]: f32([3, 2], new Float32Array(6).fill(1)),
        [`${P}.alpha`]: { dtype: 'BF16', shape: [], bytes: new Uint8Array(Uint16Array.of(0x4000).buffer) },
      },
      [3, 4],
    );
    expect(layer.scale).toBe(1);
    expect([...pairProduct(await readPair(source, layer))]).toEqual(Array(12).fill(2));
  });
});

describe('textual inversions', () => {
  it('reads A1111, diffusers and SDXL files', async () => {
    const a1111 = await readTextualInversion(memorySource({ emb_params: f32([3, 768]) }));
    expect(a1111).toMatchObject({ length: 3, family: 'SD 1.x', token: null, second: null });
    const diffusers = await readTextualInversion(memorySource({ '<ink-wash>': f32([1024]) }));
    expect(diffusers).toMatchObject({ length: 1, family: 'SD 2.x', token: '<ink-wash>' });
    const sdxl = await readTextualInversion(memorySource({ clip_g: f32([2, 1280]), clip_l: f32([2, 768]) }));
    expect(sdxl).toMatchObject({ length: 2, family: 'SDXL', token: null });
    expect(sdxl.first!.shape).toEqual([2, 768]);
    expect(sdxl.second!.shape).toEqual([2, 1280]);
  });

  it('refuses what is none', async () => {
    const bad: Array<Record<string, MemoryTensor>> = [
      {},
      { a: f32([2, 4]), b: f32([2, 4]) },
      { emb_params: f32([0, 768]) },
      { emb_params: f32([200, 768]) },
      { emb_params: f32([1, 2, 3]) },
      { emb_params: f32([1, 2], Float32Array.of(NaN, 1)) },
      { clip_l: f32([2, 768]), clip_g: f32([3, 1280]) },
    ];
    for (const tensors of bad) {
      await expect(readTextualInversion(memorySource(tensors))).rejects.toMatchObject({ name: 'ModelError' });
    }
  });
});

describe('metadata', () => {
  it('reads title and trigger words', () => {
    const metadata = adapterMetadata(
      memorySource(
        {},
        {
          ss_output_name: 'inkwash_v2',
          ss_network_dim: '32',
          ss_network_alpha: '16.0',
          ss_sd_model_name: 'base.safetensors',
          ss_tag_frequency: JSON.stringify({ '10_ink': { ink: 40, ' boat ': 3 }, '5_more': { boat: 50 } }),
          'modelspec.title': 'Ink wash',
          'modelspec.trigger_phrase': 'inkwash style, ink',
        },
      ),
    );
    expect(metadata).toMatchObject({ title: 'Ink wash', baseModel: 'base.safetensors', rank: 32, alpha: 16 });
    expect(metadata.triggerWords).toEqual(['inkwash style', 'ink', 'boat']);
  });

  it('cuts a title that no card could show', () => {
    const { title } = adapterMetadata(memorySource({}, { 'modelspec.title': 'x'.repeat(100_000) }));
    expect(title).toHaveLength(200);
  });

  it('survives nonsense', () => {
    for (const json of ['', '{', '[]', 'null', '{"a": 3}', '{"a": {"b": "c"}}', '{"a": {"b": -1e999}}']) {
      const { triggerWords } = adapterMetadata(
        memorySource({}, { ss_tag_frequency: json, ss_network_dim: json }),
      );
      expect(triggerWords).toEqual([]);
    }
  });
});
