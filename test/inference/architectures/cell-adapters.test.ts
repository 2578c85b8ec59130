import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { adapterInputNames, listAdapterSites } from '../../../native-models/architectures/adapter-sites.ts';
import { attend } from '../../../native-models/architectures/attention.ts';
import { Layers } from '../../../native-models/architectures/layers.ts';
import { buildUnet } from '../../../native-models/architectures/unet.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { Weights } from '../../../native-models/checkpoints/weights.ts';
import type { BuiltModel } from '../../../native-models/onnx/encode-model.ts';
import { GraphBuilder } from '../../../native-models/onnx/graph-builder.ts';
import { runOnce, vector } from '../../fixtures/run-model.ts';
import { relativeError, type Vector } from '../../fixtures/vectors.ts';

const embedded = path.resolve(import.meta.dirname, '../../../native-models/embedded/model');

function wave(shape: readonly number[], step: number): Vector {
  const count = shape.reduce((a, b) => a * b, 1);
  return vector(
    shape,
    Float32Array.from({ length: count }, (_, i) => Math.sin(1 + i * step)),
  );
}

const [CELLS, TOKENS, HEADS, SIZE, RANK] = [6, 5, 2, 4, 3];
const WIDTH = HEADS * SIZE;
const call = {
  query: wave([1, CELLS, WIDTH], 0.7),
  key: wave([1, TOKENS, WIDTH], 0.31),
  value: wave([1, TOKENS, WIDTH], 0.53),
  'key down': wave([1, TOKENS, RANK], 0.9),
  'key up': wave([RANK, WIDTH], 0.23),
  'value down': wave([1, TOKENS, RANK], 0.41),
  'value up': wave([RANK, WIDTH], 0.61),
  mask: vector(
    [1, CELLS, RANK],
    Float32Array.from({ length: CELLS * RANK }, (_, i) => [1, 0, 0.5, 0.2][i % 4] ?? 0),
  ),
};

/** Attention as each cell would compute it with keys and values of its own, in float64. */
function byDefinition(): Float64Array {
  const at = (of: keyof typeof call, row: number, column: number): number =>
    call[of].data[row * (call[of].shape.at(-1) ?? 1) + column] as number;
  const own = (of: 'key' | 'value', cell: number, token: number, column: number): number => {
    let sum = at(of, token, column);
    for (let r = 0; r < RANK; r++)
      sum += at(`${of} down`, token, r) * at('mask', cell, r) * at(`${of} up`, r, column);
    return sum;
  };
  const out = new Float64Array(CELLS * WIDTH);
  for (let cell = 0; cell < CELLS; cell++) {
    for (let head = 0; head < HEADS; head++) {
      const columns = Array.from({ length: SIZE }, (_, i) => head * SIZE + i);
      const scores = Array.from({ length: TOKENS }, (_, token) =>
        columns.reduce((sum, c) => sum + at('query', cell, c) * own('key', cell, token, c), 0),
      );
      const powers = scores.map((score) => Math.exp(score / Math.sqrt(SIZE)));
      const total = powers.reduce((a, b) => a + b, 0);
      for (const c of columns) {
        out[cell * WIDTH + c] = powers.reduce(
          (sum, power, token) => sum + (power / total) * own('value', cell, token, c),
          0,
        );
      }
    }
  }
  return out;
}

describe('adapters of text by cells', () => {
  it.each(['fused', { maxScoreBytes: 64 }] as const)(
    'give each cell keys and values of its own, with attention %j',
    async (attention) => {
      const graph = new GraphBuilder();
      const layers = new Layers(graph, new Weights('test', new Map()), { batch: 1, attention });
      const input = (name: keyof typeof call) => graph.input(name, 'float32', call[name].shape);
      const [query, key, value, mask] = [input('query'), input('key'), input('value'), input('mask')];
      const added = {
        key: { down: input('key down'), up: input('key up'), mask },
        value: { down: input('value down'), up: input('value up'), mask },
      };
      graph.output('out', attend(layers, query, key, value, HEADS, added));
      const { out } = await runOnce(graph.build('attention'), call);
      expect(relativeError(out!, Float32Array.from(byDefinition()))).toBeLessThan(1e-5);
    },
  );

  it('weighted by 1 at every cell are what they are without weights, at every layer of a UNet', async () => {
    const { unet } = await openCheckpoint(embedded);
    const size = { batch: 1, height: 8, width: 8, contextTokens: 32 };
    const given: Record<string, Vector> = {
      sample: wave([1, 16, 8, 8], 0.7),
      timestep: vector([1], new Float32Array([400])),
      encoder_hidden_states: wave([1, 32, 192], 0.3),
    };
    for (const { name, kind, inFeatures, outFeatures, kernel } of listAdapterSites(unet.weights)) {
      const { a, b } = adapterInputNames(name);
      const scaled = (shape: readonly number[], step: number): Vector => {
        const { data } = wave(shape, step);
        return vector(
          shape,
          (data as Float32Array).map((value) => 0.05 * value),
        );
      };
      given[a] = scaled(kind === 'conv' ? [RANK, inFeatures, ...kernel] : [inFeatures, RANK], 0.37);
      given[b] = scaled(kind === 'conv' ? [outFeatures, RANK, 1, 1] : [RANK, outFeatures], 0.43);
    }
    const plain = await runOnce(buildUnet(unet, { ...size, adapters: 'all' }), given);
    const built = buildUnet(unet, { ...size, adapters: 'all', adapterMasks: 'cells' });
    const weighted = async (weight: number) =>
      (await runOnce(built, { ...given, ...weights(built, weight) }))['out_sample']!;
    expect(relativeError(await weighted(1), plain['out_sample']!)).toBeLessThan(1e-4);
    const none = await runOnce(buildUnet(unet, size), ownInputs(given));
    expect(relativeError(await weighted(0), none['out_sample']!)).toBeLessThan(1e-4);
    expect(relativeError(none['out_sample']!, plain['out_sample']!)).toBeGreaterThan(1e-2);
  });
});

function weights({ inputs }: BuiltModel, weight: number): Record<string, Vector> {
  return Object.fromEntries(
    [...inputs]
      .filter(([name]) => name.startsWith('adapter_mask'))
      .map(([name, { shape }]) => {
        const fixed = shape.map((d) => (typeof d === 'number' ? d : RANK));
        return [name, vector(fixed, new Float32Array(fixed.reduce((a, b) => a * b, 1)).fill(weight))];
      }),
  );
}

/** A UNet's own inputs, without those of adapters. */
function ownInputs({ sample, timestep, encoder_hidden_states }: Readonly<Record<string, Vector>>) {
  return { sample: sample!, timestep: timestep!, encoder_hidden_states: encoder_hidden_states! };
}
