import path from 'node:path';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adapterInputNames } from '../../../native-models/architectures/adapter-sites.ts';
import { buildUnet } from '../../../native-models/architectures/unet.ts';
import type { Checkpoint } from '../../../native-models/checkpoints/checkpoint.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { predictMemory } from '../../../native-models/onnx/liveness.ts';
import { GraphBuilder } from '../../../native-models/onnx/graph-builder.ts';
import { measureOverallError, type RunOnce } from '../../../native-models/quantise/measure-error.ts';
import { type QuantisedLinears, quantiseLinears } from '../../../native-models/quantise/quantise-linears.ts';
import { fromInt4, toInt4 } from '../../../native-models/quantise/scheme.ts';
import { openReference, referenceFolder } from '../../fixtures/reference-case.ts';
import { runOnce, vector } from '../../fixtures/run-model.ts';
import { scratchFolder } from '../../fixtures/scratch-folder.ts';
import { numbers } from '../../unit/native-models/adapters/memory-source.ts';

const folder = scratchFolder();

const run: RunOnce = async (model, inputs) => {
  const vectors = Object.entries(inputs).map(
    ([name, data]) => [name, vector(model.inputs.get(name)!.shape.map(Number), data)] as const,
  );
  return Object.values(await runOnce(model, Object.fromEntries(vectors)))[0]!;
};

async function quantised(
  { unet, path: source }: Checkpoint,
  scheme: 'int8' | 'int4',
): Promise<QuantisedLinears> {
  return quantiseLinears({ weights: unet.weights, scheme, source, component: 'unet', folder });
}

/** Errors stated in the documentation, with room for other processors' rounding. */
const bars = { int8: 0.02, int4: 0.2 } as const;

async function check(checkpoint: Checkpoint, scheme: 'int8' | 'int4'): Promise<void> {
  const linears = await quantised(checkpoint, scheme);
  const report = await measureOverallError(checkpoint.unet, linears, run);
  expect(report.overall).toBeGreaterThan(1e-4);
  expect(report.overall).toBeLessThan(bars[scheme]);
  expect(report.left).toEqual([]);
  expect(JSON.parse(readFileSync(linears.reportFile, 'utf8'))).toEqual(report);
  const known = await quantised(checkpoint, scheme);
  expect(await measureOverallError(checkpoint.unet, known, () => expect.unreachable())).toEqual(report);
}

describe.each(['int8', 'int4'] as const)('a denoiser whose linear layers are %s', (scheme) => {
  it('of the embedded model stays within the stated error', async () => {
    const model = path.resolve(import.meta.dirname, '../../../native-models/embedded/model');
    await check(await openCheckpoint(model), scheme);
  });

  it.skipIf(referenceFolder === undefined)(
    'of sd15-tiny stays within the stated error (needs ../shared/reference)',
    async () => {
      const reference = await openReference('sd15-tiny', 'single file', 'F16');
      try {
        await check(reference.checkpoint, scheme);
      } finally {
        reference.dispose();
      }
    },
  );
});

describe('a denoiser with fewer bits', () => {
  const model = path.resolve(import.meta.dirname, '../../../native-models/embedded/model');
  const size = { batch: 1, height: 8, width: 8, contextTokens: 77 };

  it('takes adapters as before, maps fewer bytes and writes nothing beside the model', async () => {
    const { unet } = await openCheckpoint(model);
    const { form } = await quantised(await openCheckpoint(model), 'int4');
    const exact = predictMemory(buildUnet(unet, size).modelBytes);
    const small = predictMemory(buildUnet(unet, { ...size, linear: form }).modelBytes);
    expect(small.mappedWeights).toBeLessThan(exact.mappedWeights);
    const built = buildUnet(unet, { ...size, linear: form, adapters: 'all' });
    const site = [...built.inputs.keys()].find((name) => name.endsWith('to_q.lora_A'))!.slice(0, -7);
    const inputs = Object.fromEntries(
      [...built.inputs].map(([name, { shape }]) => {
        const dims = shape.map((d) => (typeof d === 'number' ? d : 1));
        return [name, vector(dims, new Float32Array(dims.reduce((a, b) => a * b, 1)))];
      }),
    );
    const { shape } = inputs['sample']!;
    inputs['sample'] = vector(shape, numbers(inputs['sample']!.data.length));
    const without = await runOnce(built, inputs);
    const { a, b } = adapterInputNames(site);
    for (const name of [a, b]) inputs[name] = vector(inputs[name]!.shape, numbers(inputs[name]!.data.length));
    const changed = await runOnce(built, inputs);
    expect(changed['out_sample']).not.toEqual(without['out_sample']);
  });
});

it('multiplies blocks of 4 bits as the float64 oracle does', async () => {
  const [rows, columns] = [48, 80];
  const matrix = numbers(rows * columns, 3);
  const x = numbers(5 * columns, 4);
  const stored = toInt4(matrix, rows, columns);
  const graph = new GraphBuilder();
  const input = graph.input('x', 'float32', [5, columns]);
  const values = graph.input('w', 'uint8', [rows, 3, 16]);
  const scales = graph.input('s', 'float32', [rows * 3]);
  const attributes = { K: columns, N: rows, bits: 4, block_size: 32 };
  graph.output('y', graph.op('com.microsoft.MatMulNBits', [input, values, scales], attributes));
  const { ort } = await import('../../../main/inference/sessions/onnxruntime.ts');
  const session = await ort.InferenceSession.create(graph.build('product').modelBytes);
  const { y } = await session.run({
    x: new ort.Tensor('float32', x, [5, columns]),
    w: new ort.Tensor('uint8', stored.values, [rows, 3, 16]),
    s: new ort.Tensor('float32', stored.scales, [rows * 3]),
  });
  await session.release();
  const back = fromInt4(stored, rows, columns);
  for (let i = 0; i < 5; i++) {
    for (let r = 0; r < rows; r++) {
      let sum = 0;
      for (let c = 0; c < columns; c++) sum += x[i * columns + c]! * back[r * columns + c]!;
      expect((y!.data as Float32Array)[i * rows + r]).toBeCloseTo(sum, 4);
    }
  }
});
