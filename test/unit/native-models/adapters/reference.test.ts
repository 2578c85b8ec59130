import { describe, expect, it } from 'vitest';
import {
  type AdapterSource,
  openAdapterFile,
  readValues,
} from '../../../../native-models/adapters/adapter-source.ts';
import { readDelta } from '../../../../native-models/adapters/dense-delta.ts';
import { pairProduct, readPair } from '../../../../native-models/adapters/low-rank-pair.ts';
import { hasRankForm, readAdapter } from '../../../../native-models/adapters/read-adapter.ts';
import { sharedPath } from '../../../fixtures/reference-folder.ts';
import { oneLayer } from './memory-source.ts';

const file = sharedPath('reference', 'adapters.safetensors');
const opened = file ? await openAdapterFile(file) : null;
const cases: Array<{ name: string }> = opened ? JSON.parse(opened.metadata.get('cases')!) : [];

/** The tensors of one case, named as in a kohya file. */
function caseSource(all: AdapterSource, name: string): AdapterSource {
  const prefix = `${name}/adapter/`;
  const original = (key: string): string => key.replace('lora_unet_layer.', prefix);
  const tensors = [...all.tensors].filter(([key]) => key.startsWith(prefix));
  return {
    metadata: new Map(),
    tensors: new Map(tensors.map(([key, tensor]) => [key.replace(prefix, 'lora_unet_layer.'), tensor])),
    read: (key) => all.read(original(key)),
  };
}

function relativeError(actual: Float32Array, expected: Float32Array): number {
  const scale = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return expected.reduce((max, value, i) => Math.max(max, Math.abs(value - (actual[i] ?? NaN))), 0) / scale;
}

describe.skipIf(!opened)(
  'adapters against LyCORIS (skipped where reference/adapters.safetensors is missing)',
  () => {
    it.each(cases)('$name', async ({ name }) => {
      const base = await readValues(opened!, `${name}/base`);
      const source = caseSource(opened!, name);
      const { layers, report } = await readAdapter(source, oneLayer(base.shape));
      expect(report.unused).toEqual([]);
      expect(layers).toHaveLength(1);
      const layer = layers[0]!;
      const strengths = [...opened!.tensors.keys()].filter((key) => key.startsWith(`${name}/merged@`));
      expect(strengths.length).toBeGreaterThan(0);
      for (const key of strengths) {
        const strength = Number(key.split('@')[1]);
        const { values: expected } = await readValues(opened!, key);
        const delta = await readDelta(source, layer, base.values, strength, 'as-lycoris-merges');
        const merged = base.values.map((value, i) => value + delta[i]!);
        expect(relativeError(merged, expected), `strength ${strength}`).toBeLessThan(2e-6);
        if (!hasRankForm(layer)) continue;
        const pair = await readPair(source, layer, 'as-lycoris-merges');
        const product = pairProduct(pair).map((value, i) => base.values[i]! + strength * pair.scale * value);
        expect(relativeError(product, expected), `pair at ${strength}`).toBeLessThan(2e-6);
      }
    });
  },
);
