import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type AdapterSource, openAdapterFile } from '../../../native-models/adapters/adapter-source.ts';
import { ModuleIndex } from '../../../native-models/adapters/adapter-target.ts';
import { readDelta } from '../../../native-models/adapters/dense-delta.ts';
import { readPair } from '../../../native-models/adapters/low-rank-pair.ts';
import type { AdapterComponent } from '../../../native-models/adapters/module-names.ts';
import { type AdapterLayer, hasRankForm, readAdapter } from '../../../native-models/adapters/read-adapter.ts';
import type { WeightedPair } from '../../../native-models/adapters/stack-adapters.ts';
import { listAdapterSites, listNorms } from '../../../native-models/architectures/adapter-sites.ts';
import type { Weights } from '../../../native-models/checkpoints/weights.ts';
import { ModelError } from '../../../native-models/errors.ts';
import { fullRankPair } from './full-rank-pair.ts';
import type { OpenedModel } from './opened-model.ts';
import { readWeight } from './read-weight.ts';

/** Pairs by the diffusers name of their layer. */
export type SitePairs = ReadonlyMap<string, WeightedPair>;

/** An adapter file read for a model, its weights in memory. */
export interface LoadedAdapter {
  /** What of it is not used, in a sentence; undefined where all of it is. */
  readonly note: string | undefined;
  /** The largest rank of its pairs; undefined where some change has no rank form. */
  readonly rank: number | undefined;
  /** Whether it changes layers outside transformers. */
  readonly changesConvolutions: boolean;
  /** Whether it changes text encoders. */
  readonly changesText: boolean;
  /** What it adds to biases and norms of one network at full strength, by the parameter's full name. */
  vectors(component: AdapterComponent): ReadonlyMap<string, Float32Array>;
  /** The pairs of one network at a strength. */
  pairs(component: AdapterComponent, strength: number): Promise<SitePairs>;
}

const FAMILY_NAMES = { sd1: 'SD 1.x', sd2: 'SD 2.x', sdxl: 'SDXL' } as const;

/** Weights of a model's networks by the names that adapters know them by. */
export function componentWeights(model: OpenedModel): Partial<Record<AdapterComponent, Weights>> {
  const [first, second] = model.checkpoint.textEncoders;
  return {
    unet: model.checkpoint.unet.weights,
    ...(first ? { text_encoder: first.weights } : {}),
    ...(second ? { text_encoder_2: second.weights } : {}),
  };
}

/** True for layers of transformers and text encoders, which is all that most adapters change. */
export function isTransformerSite(site: string): boolean {
  return /attentions\.|self_attn|\.mlp\.|text_projection/.test(site);
}

/** Identity of an adapter for a model: changes with either file. */
export async function adapterKey(file: string, model: OpenedModel): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  return `${model.identity}/${file}/${found?.size ?? 0}/${found?.mtimeMs ?? 0}`;
}

/**
 * Reads an adapter against a model.
 *
 * @throws ModelError when it cannot be read, or nothing of it fits.
 */
export async function loadAdapter(file: string, model: OpenedModel): Promise<LoadedAdapter> {
  if (model.checkpoint.layout === 'onnx') throw exportTakesNone(file);
  const weights = componentWeights(model);
  const source = await openAdapterFile(file);
  const { layers, report } = await readAdapter(source, indexOf(model, weights));
  if (layers.length === 0) {
    throw new ModelError(
      'adapter-unsupported',
      `${path.basename(file)} does not fit this model: ${report.summary}`,
      'Choose an adapter made for this kind of model.',
    );
  }
  const usable = layers.filter(({ parameter, module }) => parameter === 'weight' || hasBias(module));
  const matrices = usable.filter((layer) => !isVector(layer));
  const vectors = await readVectors(
    source,
    usable.filter((layer) => isVector(layer)),
  );
  const ranked = new Map<AdapterComponent, Map<string, WeightedPair>>();
  for (const layer of matrices.filter(hasRankForm)) {
    const { component, name } = layer.module;
    const sites = ranked.get(component) ?? new Map<string, WeightedPair>();
    ranked.set(component, sites.set(name, { pair: await readPair(source, layer), strength: 1 }));
  }
  const dense = matrices.filter((layer) => !hasRankForm(layer));
  const left = layers.length - usable.length;
  const leftOut = left > 0 ? ` ${left} changes of biases that the model does not have are left out.` : '';
  const complete = left === 0 && report.usedKeys === report.keys;
  let denseAt: { readonly strength: number; readonly pairs: Map<AdapterLayer, WeightedPair> } | undefined;

  return {
    note: complete ? undefined : `${path.basename(file)}: ${report.summary}${leftOut}`,
    rank: dense.length > 0 ? undefined : largestRank(ranked),
    changesConvolutions: matrices.some(({ module }) => !isTransformerSite(module.name)),
    changesText: usable.some(({ module }) => module.component !== 'unet'),
    vectors: (component) => vectors.get(component) ?? new Map(),
    async pairs(component, strength) {
      const pairs = new Map<string, WeightedPair>();
      for (const [site, { pair }] of ranked.get(component) ?? []) pairs.set(site, { pair, strength });
      if (denseAt?.strength !== strength) denseAt = { strength, pairs: new Map() };
      for (const layer of dense.filter(({ module }) => module.component === component)) {
        const known = denseAt.pairs.get(layer) ?? (await densePair(layer, strength));
        denseAt.pairs.set(layer, known);
        pairs.set(layer.module.name, known);
      }
      return pairs;
    },
  };

  function hasBias({ component, name }: AdapterLayer['module']): boolean {
    return weights[component]?.find(`${name}.bias`) !== undefined;
  }

  /** DoRA is not linear in its strength, so the strength is worked in. */
  async function densePair(layer: AdapterLayer, strength: number): Promise<WeightedPair> {
    const { component, name, shape } = layer.module;
    const own = weights[component];
    if (own === undefined) throw new RangeError(`the model has no ${component}`);
    const base = await readWeight(own, name, shape);
    const delta = await readDelta(source, layer, base, strength);
    return { pair: fullRankPair(delta, shape), strength: 1 };
  }
}

function exportTakesNone(file: string): ModelError {
  return new ModelError(
    'adapter-unsupported',
    `${path.basename(file)} cannot be used with this model, which is an ONNX export and takes no adapters.`,
    'Use the .safetensors version of the model.',
  );
}

function largestRank(ranked: ReadonlyMap<AdapterComponent, SitePairs>): number {
  let largest = 1;
  for (const sites of ranked.values()) {
    for (const { pair } of sites.values()) largest = Math.max(largest, pair.rank);
  }
  return largest;
}

/** Biases and norms, which are added to as they are. */
function isVector({ parameter, module }: AdapterLayer): boolean {
  return parameter === 'bias' || module.shape.length === 1;
}

async function readVectors(
  source: AdapterSource,
  layers: readonly AdapterLayer[],
): Promise<ReadonlyMap<AdapterComponent, ReadonlyMap<string, Float32Array>>> {
  const found = new Map<AdapterComponent, Map<string, Float32Array>>();
  for (const layer of layers) {
    const { component, name, shape } = layer.module;
    const own = found.get(component) ?? new Map<string, Float32Array>();
    const delta = await readDelta(source, layer, new Float32Array(shape[0] ?? 0), 1);
    found.set(component, own.set(`${name}.${layer.parameter}`, delta));
  }
  return found;
}

const indices = new WeakMap<Weights, ModuleIndex>();

function indexOf(model: OpenedModel, weights: Partial<Record<AdapterComponent, Weights>>): ModuleIndex {
  const { checkpoint } = model;
  const known = indices.get(checkpoint.unet.weights);
  if (known) return known;
  const ofEach = <T>(list: (own: Weights) => T): Partial<Record<AdapterComponent, T>> =>
    Object.fromEntries(Object.entries(weights).map(([component, own]) => [component, list(own)]));
  const index = new ModuleIndex({
    family: FAMILY_NAMES[checkpoint.family],
    sites: ofEach(listAdapterSites),
    norms: ofEach(listNorms),
  });
  indices.set(checkpoint.unet.weights, index);
  return index;
}
