import { z } from 'zod';
import {
  type AdapterSource,
  openAdapterFile,
  readValues,
} from '../../native-models/adapters/adapter-source.ts';
import type { AdapterTarget } from '../../native-models/adapters/adapter-target.ts';
import { readDelta } from '../../native-models/adapters/dense-delta.ts';
import { pairProduct, readPair } from '../../native-models/adapters/low-rank-pair.ts';
import { type Adapter, hasRankForm, readAdapter } from '../../native-models/adapters/read-adapter.ts';
import { StudioError } from '../../preload/contract/index.ts';
import { parseReference } from './read-reference-json.ts';
import { compareRow, relativeError, type VerifyRow } from './verify-row.ts';

const KOHYA = 'lora_unet_layer.';

/** A weight that the reference merged: the layer's name, and the strength. */
const MERGED = /^(.+)\/merged@/;

const casesSchema = z.array(z.object({ name: z.string() }));

/** Merges every layer of a reference as LyCORIS saved it, at each strength that it merged it with. */
export async function* checkAdapters(path: string): AsyncGenerator<VerifyRow> {
  const file = await openAdapterFile(path);
  const cases = parseReference(file.metadata.get('cases') ?? '[]', 'The list of cases', casesSchema);
  const listed = cases.map(({ name }) => name);
  const found = [...file.tensors.keys()].flatMap((key) => MERGED.exec(key)?.[1] ?? []);
  for (const name of new Set([...listed, ...found])) {
    const keys = [...file.tensors.keys()].filter((one) => one.startsWith(`${name}/merged@`));
    if (keys.length === 0)
      yield await compareRow(`adapters ${name}`, () => Promise.reject(nothingMerged(name)));
    for (const key of keys) yield await compareRow(`adapters ${key}`, () => mergeError(file, name, key));
  }
}

async function mergeError(file: AdapterSource, name: string, mergedKey: string): Promise<number> {
  const base = await readValues(file, `${name}/base`);
  const { values: expected } = await readValues(file, mergedKey);
  const strength = Number(mergedKey.slice(mergedKey.indexOf('@') + 1));
  const source = layerSource(file, `${name}/adapter/`);
  const { layers, report } = await readAdapter(source, oneLayer(base.shape));
  const layer = layers.find(({ parameter }) => parameter === 'weight');
  if (layer === undefined || report.unused.length > 0) throw notRead(report);
  const delta = await readDelta(source, layer, base.values, strength, 'as-lycoris-merges');
  const merged = relativeError(
    base.values.map((value, i) => value + (delta[i] ?? Number.NaN)),
    expected,
  );
  if (!hasRankForm(layer)) return merged;
  // What a graph is fed must come to the same as what is merged.
  const pair = await readPair(source, layer, 'as-lycoris-merges');
  const product = pairProduct(pair).map((value, i) => (base.values[i] ?? 0) + strength * pair.scale * value);
  return Math.max(merged, relativeError(product, expected));
}

function notRead({ summary, unused }: Adapter['report']): StudioError {
  const [first] = unused;
  const why = first === undefined ? summary : `${first.key.replace(KOHYA, '')}: ${first.reason}.`;
  return new StudioError('verify/adapter-not-read', why, 'This kind of adapter is not read.');
}

function nothingMerged(name: string): StudioError {
  return new StudioError(
    'verify/reference-invalid',
    `${name} has no merged weight to compare with.`,
    'Copy the reference folder again.',
  );
}

/** One case's tensors, named as in a kohya file for a UNet with a single layer. */
function layerSource(file: AdapterSource, prefix: string): AdapterSource {
  const own = [...file.tensors].filter(([key]) => key.startsWith(prefix));
  return {
    metadata: new Map(),
    tensors: new Map(own.map(([key, tensor]) => [key.replace(prefix, KOHYA), tensor])),
    read: (key) => file.read(key.replace(KOHYA, prefix)),
  };
}

function oneLayer(shape: readonly number[]): AdapterTarget {
  const [outFeatures = 1, inFeatures = 1, height = 1, width = 1] = shape;
  if (shape.length === 1) {
    return { family: 'SD 1.x', sites: {}, norms: { unet: new Map([['layer', outFeatures]]) } };
  }
  const kernel = [height, width] as const;
  const kind = shape.length === 4 ? 'conv' : 'linear';
  return { family: 'SD 1.x', sites: { unet: [{ name: 'layer', kind, inFeatures, outFeatures, kernel }] } };
}
