import { ModelError } from '../errors.ts';
import { adapterFamily } from './adapter-family.ts';
import { type AdapterSource, readValues } from './adapter-source.ts';
import { type AdapterTarget, ModuleIndex, type TargetModule } from './adapter-target.ts';
import { type LayerForm, layerForm, takesPart } from './layer-adapter.ts';
import { peftScale } from './peft-scale.ts';
import { type AdapterPart, splitKey } from './split-key.ts';

/** Keys of one layer's tensors by part. */
type PartKeys = ReadonlyMap<AdapterPart, string>;

/** The change that an adapter makes to one layer; its tensors are still in the file. */
export interface AdapterLayer {
  readonly module: TargetModule;
  /** What is changed: the weight, or the bias by a difference. */
  readonly parameter: 'weight' | 'bias';
  readonly form: LayerForm;
  /** Alpha over rank: what the product of the factors, and a bias beside it, are multiplied by. */
  readonly scale: number;
  readonly keys: PartKeys;
}

/** A key that changes nothing, and why. */
interface UnusedKey {
  readonly key: string;
  readonly reason: string;
}

/** What fits of an adapter file, and what does not. */
interface AdapterReport {
  /** The family that the file is for, as far as it can be told. */
  readonly family: string | null;
  readonly keys: number;
  readonly usedKeys: number;
  readonly unused: readonly UnusedKey[];
  /** One sentence for a person, such as "0 of 264 keys fit SD 1.x; it is for SDXL." */
  readonly summary: string;
  /** Layers whose change has no rank form and is merged as a whole, by algorithm. */
  readonly denseLayers: Readonly<Record<string, number>>;
}

/** An adapter file read against a model. */
export interface Adapter {
  readonly source: AdapterSource;
  readonly layers: readonly AdapterLayer[];
  readonly report: AdapterReport;
}

/** Keys of one adapter file that are looked at; SDXL's largest have about 7,000. */
const MOST_KEYS = 100_000;

interface Group {
  readonly module: string;
  readonly keys: Map<AdapterPart, string>;
}

function groupKeys(source: AdapterSource, unused: UnusedKey[]): Group[] {
  const groups = new Map<string, Group>();
  for (const key of source.tensors.keys()) {
    const split = splitKey(key);
    if ('reason' in split) {
      unused.push({ key, reason: split.reason });
      continue;
    }
    const group = groups.get(split.module) ?? { module: split.module, keys: new Map() };
    groups.set(split.module, group);
    if (group.keys.has(split.part)) unused.push({ key, reason: `a second ${split.part} of one layer` });
    else group.keys.set(split.part, key);
  }
  return [...groups.values()];
}

async function readScalar(source: AdapterSource, key: string): Promise<number> {
  if ((source.tensors.get(key)?.shape ?? []).some((n) => n !== 1)) {
    throw new ModelError('adapter-unsupported', `its ${key} is not one number`, 'Get the adapter again.');
  }
  const { values } = await readValues(source, key);
  return values[0] ?? Number.NaN;
}

async function readScale(
  source: AdapterSource,
  keys: PartKeys,
  form: LayerForm,
  module: TargetModule,
): Promise<number> {
  const wholeFactors = keys.has('lokr_w1') && keys.has('lokr_w2');
  if (form.algorithm === 'diff' || form.algorithm === 'ia3' || wholeFactors) return 1;
  const alphaKey = keys.get('alpha');
  const scale =
    alphaKey === undefined
      ? (peftScale(source, module, form.rank) ?? 1)
      : (await readScalar(source, alphaKey)) / form.rank;
  const scalarKey = keys.get('scalar');
  return scalarKey === undefined ? scale : scale * (await readScalar(source, scalarKey));
}

function shapesOf(source: AdapterSource, keys: PartKeys): Map<AdapterPart, readonly number[]> {
  return new Map([...keys].map(([part, key]) => [part, source.tensors.get(key)?.shape ?? []]));
}

async function readGroup(source: AdapterSource, group: Group, module: TargetModule): Promise<AdapterLayer[]> {
  const keys = new Map(group.keys);
  const [whole, scaled] = [keys.get('diff_bias'), keys.get('up_bias')];
  keys.delete('diff_bias');
  keys.delete('up_bias');
  const layers: AdapterLayer[] = [];
  if (whole !== undefined) layers.push(biasLayer(source, module, whole, 1));
  if (keys.size === 0) return layers;
  const form = layerForm(shapesOf(source, keys), module.shape);
  const read = new Map([...keys].filter(([part]) => takesPart(form, part)));
  const scale = await readScale(source, read, form, module);
  if (scaled !== undefined && whole === undefined && form.algorithm === 'lora' && !form.decomposed)
    layers.push(biasLayer(source, module, scaled, scale));
  return [...layers, { module, parameter: 'weight', form, scale, keys: read }];
}

function biasLayer(source: AdapterSource, module: TargetModule, key: string, scale: number): AdapterLayer {
  const shape = source.tensors.get(key)?.shape ?? [];
  if (shape.length !== 1 || shape[0] !== module.shape[0]) {
    throw new ModelError('adapter-unsupported', 'its bias is of another length', 'Get the adapter again.');
  }
  const form: LayerForm = { algorithm: 'diff', rank: 1, decomposed: false, pairRank: null };
  return { module, parameter: 'bias', form, scale, keys: new Map([['diff', key]]) };
}

function summarise(used: number, total: number, target: AdapterTarget, family: string | null): string {
  const fit = `${used} of ${total} keys fit ${target.family}`;
  if (used === total) return `All ${total} keys fit ${target.family}.`;
  if (family !== null && family !== target.family) return `${fit}; it is for ${family}.`;
  return `${fit}.`;
}

/**
 * Whether a layer's change is to be fed as a pair of factors rather than merged into the weight: LoRA
 * and LoCon always, LoHa and LoKr where the exact product is of low enough a rank, never DoRA.
 */
export function hasRankForm(layer: AdapterLayer): boolean {
  return layer.form.pairRank !== null;
}

/**
 * Reads an adapter file against a model: kohya, diffusers, PEFT, OneTrainer, LyCORIS and ComfyUI names;
 * LoRA, LoCon, LoHa, LoKr, DoRA, (IA)³ and plain differences. Weights stay in the file until
 * `readPair` or `readDelta` asks for them.
 *
 * @param target the model, or an index built of it before.
 * @throws ModelError `adapter-unsupported` if the file holds too many keys. A file of which nothing
 *   fits is no error: the report says so.
 */
export async function readAdapter(
  source: AdapterSource,
  target: AdapterTarget | ModuleIndex,
): Promise<Adapter> {
  const total = source.tensors.size;
  if (total > MOST_KEYS) {
    throw new ModelError(
      'adapter-unsupported',
      `The adapter has ${total} tensors; the limit is ${MOST_KEYS}.`,
      'This is not a LoRA: open it as a checkpoint.',
    );
  }
  const index = target instanceof ModuleIndex ? target : new ModuleIndex(target);
  const family = adapterFamily(source);
  const unused: UnusedKey[] = [];
  const layers: AdapterLayer[] = [];
  const taken = new Map<string, string>();
  const leaveOut = (group: Group, reason: string): void => {
    for (const key of group.keys.values()) unused.push({ key, reason });
  };
  for (const group of groupKeys(source, unused)) {
    const module = index.find(group.module);
    if (!module) {
      leaveOut(group, `the model has no layer ${group.module}`);
      continue;
    }
    const name = `${module.component}/${module.name}`;
    const before = taken.get(name);
    if (before !== undefined) {
      leaveOut(group, `${name} is changed by ${before} already`);
      continue;
    }
    try {
      const read = await readGroup(source, group, module);
      layers.push(...read);
      taken.set(name, group.module);
      const used = new Set(read.flatMap((layer) => [...layer.keys.values()]));
      for (const key of group.keys.values()) {
        if (!used.has(key)) unused.push({ key, reason: 'not part of how the rest of this layer is stored' });
      }
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      leaveOut(group, error.message);
    }
  }
  const usedKeys = total - unused.length;
  const denseLayers: Record<string, number> = {};
  for (const layer of layers) {
    if (hasRankForm(layer)) continue;
    const { algorithm, decomposed } = layer.form;
    const label = decomposed ? `${algorithm}+dora` : algorithm;
    denseLayers[label] = (denseLayers[label] ?? 0) + 1;
  }
  const summary = summarise(usedKeys, total, index.target, family);
  return { source, layers, report: { family, keys: total, usedKeys, unused, summary, denseLayers } };
}
