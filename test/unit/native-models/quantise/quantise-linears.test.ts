import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readSafetensorsHeader } from '../../../../native-models/checkpoints/safetensors.ts';
import { tensorRef, Weights } from '../../../../native-models/checkpoints/weights.ts';
import { GraphBuilder } from '../../../../native-models/onnx/graph-builder.ts';
import { quantisedBytes } from '../../../../native-models/quantise/quantised-file.ts';
import {
  quantiseLinears,
  type QuantiseRequest,
} from '../../../../native-models/quantise/quantise-linears.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';
import { writeSafetensors } from '../../../fixtures/write-safetensors.ts';
import { f32, numbers } from '../adapters/memory-source.ts';

const root = scratchFolder();
let count = 0;

/** A network of a transformer's linear layer, a time layer, a norm and a convolution; and the cache's folder. */
async function request(
  changes: Partial<QuantiseRequest> = {},
  matrix = numbers(24 * 40),
): Promise<QuantiseRequest> {
  const folder = path.join(root, String(count++));
  mkdirSync(folder);
  const file = path.join(folder, 'model.safetensors');
  const tensor = (shape: number[], values?: Float32Array) => {
    const { bytes } = f32(shape, values);
    return { dtype: 'F32' as const, shape, bytes: () => bytes };
  };
  writeSafetensors(file, [
    ['block.attn1.to_q.weight', tensor([24, 40], matrix)],
    ['block.ff.net.2.weight', tensor([8, 96])],
    ['time_embedding.linear_1.weight', tensor([8, 8])],
    ['block.norm.weight', tensor([24])],
    ['conv_in.weight', tensor([4, 4, 3, 3])],
  ]);
  const header = await readSafetensorsHeader(file);
  const tensors = [...header.tensors].map(
    ([name, stored]) => [name, tensorRef(name, header, stored)] as const,
  );
  return {
    weights: new Weights('unet', new Map(tensors)),
    scheme: 'int8',
    source: 'a'.repeat(64),
    component: 'unet',
    folder: path.join(folder, 'cache', 'quantised'),
    ...changes,
  };
}

it.each(['int8', 'int4'] as const)(
  'stores the linear layers in %s once, in as many bytes as it said',
  async (scheme) => {
    const asked = await request({ scheme });
    const seen: number[] = [];
    const first = await quantiseLinears({ ...asked, onLayer: (done, of) => seen.push(done / of) });
    expect(seen).toEqual([0.5, 1]);
    const files = readdirSync(asked.folder).toSorted();
    expect(files).toHaveLength(2);
    const weights = path.join(
      asked.folder,
      files.find((name) => name.endsWith('.safetensors'))!,
    );
    expect(statSync(weights).size).toBe(first.bytes);
    expect(quantisedBytes(asked.weights, scheme)).toBe(first.bytes);

    const { layers, overall } = first.report;
    expect(Object.keys(layers)).toEqual(['block.attn1.to_q', 'block.ff.net.2']);
    expect(overall).toBeNull();
    const bar = scheme === 'int8' ? 0.006 : 0.09;
    for (const error of Object.values(layers)) {
      expect(error.weight).toBeGreaterThan(bar / 10);
      expect(error.weight).toBeLessThan(bar);
      expect(error.output).toBeLessThan(bar * 2);
    }

    const before = statSync(weights).mtimeMs;
    const again = await quantiseLinears({ ...asked, onLayer: () => expect.unreachable('it is stored') });
    expect(again.report).toEqual(first.report);
    expect(statSync(weights).mtimeMs).toBe(before);
  },
);

it('keeps checkpoints, networks and schemes apart', async () => {
  const asked = await request();
  await quantiseLinears(asked);
  await quantiseLinears({ ...asked, scheme: 'int4' });
  await quantiseLinears({ ...asked, component: '../text_encoder' });
  await quantiseLinears({ ...asked, source: '../../outside' });
  expect(readdirSync(asked.folder)).toHaveLength(8);
});

it.each<[string, (file: string) => void]>([
  ['cut short', (file) => truncateSync(file, 100)],
  ['something else', (file) => writeFileSync(file, 'hello')],
  [
    'of another header',
    (file) => {
      const bytes = readFileSync(file);
      bytes.write('X', 12);
      writeFileSync(file, bytes);
    },
  ],
])('makes a stored file again that is %s', async (_, damage) => {
  const asked = await request();
  await quantiseLinears(asked);
  const name = readdirSync(asked.folder).find((entry) => entry.endsWith('.safetensors'))!;
  const file = path.join(asked.folder, name);
  const whole = readFileSync(file);
  damage(file);
  let layers = 0;
  await quantiseLinears({ ...asked, onLayer: () => (layers += 1) });
  expect(layers).toBe(2);
  expect(readFileSync(file).equals(whole)).toBe(true);
});

it('makes it again when the report is gone or damaged', async () => {
  const asked = await request();
  const { reportFile, report } = await quantiseLinears(asked);
  writeFileSync(reportFile, '{"layers": 1}');
  expect((await quantiseLinears(asked)).report).toEqual(report);
});

it('leaves nothing behind when it is stopped', async () => {
  const asked = await request();
  const stop = new AbortController();
  const stopped = quantiseLinears({ ...asked, signal: stop.signal, onLayer: () => stop.abort() });
  await expect(stopped).rejects.toThrow(/abort/i);
  expect(readdirSync(asked.folder)).toEqual([]);
});

it('leaves a layer as it is that holds values that are no numbers', async () => {
  const matrix = numbers(24 * 40);
  matrix[7] = Number.NaN;
  const { form, report } = await quantiseLinears(await request({}, matrix));
  expect(report.left).toEqual(['block.attn1.to_q']);
  expect(Object.keys(report.layers)).toEqual(['block.ff.net.2']);
  const graph = new GraphBuilder();
  expect(form(graph, 'block.attn1.to_q', graph.input('x', 'float32', [2, 40]), 24)).toBeUndefined();
  expect(form(graph, 'time_embedding.linear_1', graph.input('t', 'float32', [1, 8]), 8)).toBeUndefined();
  expect(form(graph, 'block.ff.net.2', graph.input('y', 'float32', [2, 96]), 8)?.shape).toEqual([2, 8]);
});

it('says that the file of the model has become shorter', async () => {
  const asked = await request();
  truncateSync(path.join(asked.folder, '../../model.safetensors'), 2000);
  await expect(quantiseLinears(asked)).rejects.toMatchObject({ code: 'file-truncated' });
  expect(readdirSync(asked.folder)).toEqual([]);
});
