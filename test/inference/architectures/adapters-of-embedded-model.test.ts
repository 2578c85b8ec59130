import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  adapterInputNames,
  deltaInputName,
  listAdapterSites,
} from '../../../native-models/architectures/adapter-sites.ts';
import { buildClipText } from '../../../native-models/architectures/clip-text.ts';
import { buildUnet } from '../../../native-models/architectures/unet.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { decodeModel } from '../../../native-models/onnx/decode-model.ts';
import { runOnce, vector } from '../../fixtures/run-model.ts';
import { scratchFolder } from '../../fixtures/scratch-folder.ts';
import { fromHalfBits } from '../../fixtures/synthesise-weights.ts';
import { relativeError, type Vector } from '../../fixtures/vectors.ts';

const embedded = path.resolve(import.meta.dirname, '../../../native-models/embedded/model');
const folder = scratchFolder();
const wave = (count: number, step: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * step));
const ids = vector(
  [1, 32],
  BigInt64Array.from({ length: 32 }, (_, i) => BigInt(i === 31 ? 1250 : 10 + i)),
);

describe('an adapter of the embedded model', () => {
  it('does what adding its product to the weight in the file does', async () => {
    const site = 'down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_out.0';
    const copy = path.join(folder, 'merged');
    cpSync(embedded, copy, { recursive: true });
    const merged = await openCheckpoint(copy);
    const tensor = merged.unet.weights.find(`${site}.weight`)!;
    const [out = 0, inner = 0] = tensor.shape;
    const a = wave(inner * 2, 0.37).map((x) => x * 3);
    const b = wave(2 * out, 0.11).map((x) => x * 3);

    const file = readFileSync(tensor.file);
    const bits = new Uint16Array(
      file.buffer.slice(file.byteOffset + tensor.offset, file.byteOffset + tensor.offset + tensor.length),
    );
    const Half = Reflect.get(globalThis, 'Float16Array') as new (values: Float32Array) => {
      buffer: ArrayBuffer;
    };
    const changed = Float32Array.from(bits, fromHalfBits).map(
      (w, i) =>
        w +
        a[(i % inner) * 2]! * b[Math.floor(i / inner)]! +
        a[(i % inner) * 2 + 1]! * b[out + Math.floor(i / inner)]!,
    );
    file.set(new Uint8Array(new Half(changed).buffer), tensor.offset);
    writeFileSync(tensor.file, file);

    const base = await openCheckpoint(embedded);
    const call: Record<string, Vector> = {
      sample: vector([1, 16, 8, 8], wave(1024, 0.7)),
      timestep: vector([1], new Float32Array([500])),
      encoder_hidden_states: vector([1, 32, 192], wave(32 * 192, 0.3)),
    };
    const size = { batch: 1, height: 8, width: 8, contextTokens: 32 };
    const names = adapterInputNames(site);
    const viaInputs = await runOnce(buildUnet(base.unet, { ...size, adapters: new Set([site]) }), {
      ...call,
      [names.a]: vector([inner, 2], a),
      [names.b]: vector([2, out], b),
    });
    const viaWeight = await runOnce(buildUnet(merged.unet, size), call);
    const without = await runOnce(buildUnet(base.unet, size), call);
    expect(relativeError(viaInputs['out_sample']!, without['out_sample']!)).toBeGreaterThan(0.01);
    // The merged weight is rounded to float16, the inputs are not.
    expect(relativeError(viaInputs['out_sample']!, viaWeight['out_sample']!)).toBeLessThan(2e-3);

    const parameter = `${site}.weight`;
    const product = Float32Array.from({ length: out * inner }, (_, i) => {
      const [row, column] = [Math.floor(i / inner), i % inner];
      return a[column * 2]! * b[row]! + a[column * 2 + 1]! * b[out + row]!;
    });
    const viaDelta = await runOnce(buildUnet(base.unet, { ...size, deltas: new Set([parameter]) }), {
      ...call,
      [deltaInputName(parameter)]: vector([out, inner], product),
    });
    expect(relativeError(viaDelta['out_sample']!, viaInputs['out_sample']!)).toBeLessThan(1e-5);
  });

  it('changes nothing in the text encoder when it is zero', async () => {
    const encoder = (await openCheckpoint(embedded)).textEncoders[0]!;
    const sites = listAdapterSites(encoder.weights);
    expect(sites.length).toBe(3 * 6);
    const zeros = sites.flatMap(({ name, inFeatures, outFeatures }): [string, Vector][] => {
      const { a, b } = adapterInputNames(name);
      return [
        [a, vector([inFeatures, 1], new Float32Array(inFeatures))],
        [b, vector([1, outFeatures], new Float32Array(outFeatures))],
      ];
    });
    const adapted = await runOnce(buildClipText(encoder, { batch: 1, adapters: 'all' }), {
      input_ids: ids,
      ...Object.fromEntries(zeros),
    });
    const plain = await runOnce(buildClipText(encoder, { batch: 1 }), { input_ids: ids });
    expect(relativeError(adapted['last_hidden_state']!, plain['last_hidden_state']!)).toBeLessThan(1e-5);
  });
});

describe('a text encoder', () => {
  it('takes embeddings of its own in place of tokens', async () => {
    const encoder = (await openCheckpoint(embedded)).textEncoders[0]!;
    const graph = buildClipText(encoder, { batch: 1, embeddingInputs: true });
    const none = {
      embedding_mask: vector([1, 32, 1], new Float32Array(32)),
      embedding_values: vector([1, 32, 192], new Float32Array(32 * 192)),
    };
    const plain = await runOnce(buildClipText(encoder, { batch: 1 }), { input_ids: ids });
    const masked = await runOnce(graph, { input_ids: ids, ...none });
    expect(relativeError(masked['last_hidden_state']!, plain['last_hidden_state']!)).toBeLessThan(1e-5);

    // The row of token 20, read from the file, put where token 15 stood.
    const table = encoder.weights.find('text_model.embeddings.token_embedding.weight')!;
    const file = readFileSync(table.file);
    const row = Float32Array.from({ length: 192 }, (_, i) =>
      fromHalfBits(file.readUInt16LE(table.offset + (20 * 192 + i) * 2)),
    );
    const mask = new Float32Array(32).fill(1, 5, 6);
    const values = new Float32Array(32 * 192);
    values.set(row, 5 * 192);
    const replaced = await runOnce(graph, {
      input_ids: ids,
      embedding_mask: vector([1, 32, 1], mask),
      embedding_values: vector([1, 32, 192], values),
    });
    const other = ids.data.slice() as BigInt64Array;
    other[5] = 20n;
    const expected = await runOnce(buildClipText(encoder, { batch: 1 }), {
      input_ids: vector([1, 32], other),
    });
    expect(relativeError(replaced['last_hidden_state']!, expected['last_hidden_state']!)).toBeLessThan(1e-5);
  });

  it('skips layers at its end', async () => {
    const encoder = (await openCheckpoint(embedded)).textEncoders[0]!;
    const shorter = { ...encoder, config: { ...encoder.config, layers: encoder.config.layers - 1 } };
    const skipped = await runOnce(buildClipText(encoder, { batch: 1, clipSkip: 2 }), { input_ids: ids });
    const cut = await runOnce(buildClipText(shorter, { batch: 1 }), { input_ids: ids });
    expect(relativeError(skipped['last_hidden_state']!, cut['last_hidden_state']!)).toBeLessThan(1e-5);
    const last = await runOnce(buildClipText(encoder, { batch: 1 }), { input_ids: ids });
    expect(relativeError(skipped['pooled']!, last['pooled']!)).toBeLessThan(1e-5);
  });

  it('is the same beside its layers and in their weights, where a picture has cells enough for that', async () => {
    const { unet } = await openCheckpoint(embedded);
    const size = { batch: 2, height: 16, width: 16, contextTokens: 32, adapters: 'all' } as const;
    const call: Record<string, Vector> = {
      sample: vector([2, 16, 16, 16], wave(8192, 0.7)),
      timestep: vector([2], new Float32Array([500, 20])),
      encoder_hidden_states: vector([2, 32, 192], wave(2 * 32 * 192, 0.3)),
    };
    const rank = 3;
    for (const { name, kind, inFeatures, outFeatures, kernel } of listAdapterSites(unet.weights)) {
      const names = adapterInputNames(name);
      const a = wave(rank * inFeatures * kernel[0] * kernel[1], 0.37).map((x) => x * 0.05);
      const b = wave(rank * outFeatures, 0.11).map((x) => x * 0.05);
      const conv = kind === 'conv';
      call[names.a] = vector(conv ? [rank, inFeatures, ...kernel] : [inFeatures, rank], a);
      call[names.b] = vector(conv ? [outFeatures, rank, 1, 1] : [rank, outFeatures], b);
    }
    const cheaper = buildUnet(unet, { ...size, adapterPlace: 'cheaper' });
    const inWeights = decodeModel(cheaper.modelBytes).nodes.filter(({ operator }) => operator === 'Gemm');
    expect(inWeights.some(({ inputs }) => inputs[2]?.name.includes('Reshape'))).toBe(true);
    expect(inWeights.some(({ inputs }) => inputs[2]?.name.includes('Cast'))).toBe(true);
    const beside = await runOnce(buildUnet(unet, size), call);
    const placed = await runOnce(cheaper, call);
    expect(relativeError(placed['out_sample']!, beside['out_sample']!)).toBeLessThan(1e-5);
  });
});
