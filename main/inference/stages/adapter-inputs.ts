import { createHash } from 'node:crypto';
import path from 'node:path';
import type { AdapterComponent } from '../../../native-models/adapters/module-names.ts';
import { rankBucket, stackPairs, type WeightedPair } from '../../../native-models/adapters/stack-adapters.ts';
import {
  adapterInputNames,
  type AdapterSite,
  deltaInputName,
  listAdapterSites,
} from '../../../native-models/architectures/adapter-sites.ts';
import type { AdapterSites } from '../../../native-models/architectures/build-options.ts';
import { ModelError } from '../../../native-models/errors.ts';
import type { AdapterChoice } from '../protocol.ts';
import type { Feed, Network } from '../sessions/network.ts';
import { maskFeeds, type PairShape, widenPair } from './adapter-regions.ts';
import {
  adapterKey,
  componentWeights,
  isTransformerSite,
  loadAdapter,
  type LoadedAdapter,
  type SitePairs,
} from './load-adapter.ts';
import type { OpenedModel } from './opened-model.ts';

/** Adapters that stay in memory between jobs. */
const MOST_LOADED = 8;

/** Which layers of a network have inputs: none, those of transformers, or all. */
export type AdapterReach = 'none' | 'transformers' | 'all';

/** The inputs of a network by name. */
export type AdapterFeeds = Readonly<Record<string, Feed>>;

const NO_FEEDS: AdapterFeeds = {};

/**
 * The adapters of one job as inputs of its networks. Which layers have inputs does not depend on the
 * files but for their reach, so that a swap meets the session that is loaded.
 */
export class ActiveAdapters {
  readonly reach: AdapterReach;
  /** Whether some adapter acts in a part of the picture only. */
  readonly regional: boolean;
  readonly #model: OpenedModel;
  readonly #chosen: readonly { readonly choice: AdapterChoice; readonly loaded: LoadedAdapter }[];
  readonly #sites = new Map<AdapterComponent, readonly AdapterSite[]>();
  readonly #feeds = new Map<string, AdapterFeeds>();

  private constructor(
    model: OpenedModel,
    chosen: readonly { readonly choice: AdapterChoice; readonly loaded: LoadedAdapter }[],
  ) {
    this.#model = model;
    this.#chosen = chosen;
    const everywhere = chosen.some(({ loaded }) => loaded.changesConvolutions);
    this.reach = chosen.length === 0 ? 'none' : everywhere ? 'all' : 'transformers';
    this.regional = chosen.some(({ choice }) => choice.region !== undefined);
  }

  /**
   * Reads the files that are not in `known` yet, least recently used ones making room.
   *
   * @param notes takes a sentence for each adapter of which something is not used.
   * @throws ModelError when a file cannot be read or nothing of it fits.
   */
  static async load(
    choices: readonly AdapterChoice[],
    model: OpenedModel,
    known: Map<string, LoadedAdapter>,
    notes: Set<string>,
  ): Promise<ActiveAdapters> {
    const chosen = [];
    for (const choice of choices) {
      const key = await adapterKey(choice.path, model);
      const loaded = known.get(key) ?? (await loadAdapter(choice.path, model));
      known.delete(key);
      known.set(key, loaded);
      if (loaded.note !== undefined) notes.add(loaded.note);
      if (choice.region && loaded.rank === undefined) throw noRegionForDense(choice);
      if (choice.region && changesMore(loaded)) notes.add(onlyInRegion(choice));
      chosen.push({ choice, loaded });
    }
    for (const key of known.keys()) {
      if (known.size <= Math.max(MOST_LOADED, choices.length)) break;
      known.delete(key);
    }
    return new ActiveAdapters(model, chosen);
  }

  /** The layers of a network that have inputs, as graph builders take them. */
  sites(component: AdapterComponent): AdapterSites {
    if (this.reach !== 'transformers') return this.reach;
    return new Set(this.#sitesOf(component).map(({ name }) => name));
  }

  /** Biases and norms of a network that have inputs, by full name: those that its adapters change. */
  deltas(component: AdapterComponent): ReadonlySet<string> {
    return new Set(this.#everywhere.flatMap(({ loaded }) => [...loaded.vectors(component).keys()]));
  }

  /** What of the adapters decides a network's graph, for keys. */
  key(component: AdapterComponent): string {
    const reach = this.regional && component === 'unet' ? `${this.reach}+cells` : this.reach;
    const deltas = [...this.deltas(component)].toSorted();
    return deltas.length === 0
      ? reach
      : `${reach}+${createHash('sha256').update(deltas.join()).digest('hex').slice(0, 16)}`;
  }

  /**
   * The inputs of the UNet.
   *
   * @param inputs of the network as it was built.
   * @param share how much of the run is done, 0 … 1.
   */
  async unetFeeds(inputs: Network['inputs'], share: number): Promise<AdapterFeeds> {
    if (!this.regional) return this.feeds('unet', inputs, share);
    const strengths = this.#chosen.map(({ choice }) => strengthAt(choice, share));
    const key = `unet/${inputs.get('sample')?.shape.join('x')}/${strengths.join()}`;
    const feeds = this.#feeds.get(key) ?? {
      ...(await this.#stackByRegion(inputs, strengths)),
      ...this.#vectorFeeds('unet', inputs, share),
    };
    this.#feeds.set(key, feeds);
    return feeds;
  }

  /**
   * The inputs of a network whose adapters act everywhere.
   *
   * @param inputs of the network as it was built.
   * @param share how much of the run is done, 0 … 1; undefined for text encoders, which run before.
   */
  async feeds(component: AdapterComponent, inputs: Network['inputs'], share?: number): Promise<AdapterFeeds> {
    if (this.reach === 'none') return NO_FEEDS;
    const strengths = this.#chosen.map(({ choice }) => strengthAt(choice, share));
    const key = `${component}/${strengths.join()}`;
    const feeds = this.#feeds.get(key) ?? {
      ...(await this.#stack(component, strengths)),
      ...this.#vectorFeeds(component, inputs, share),
    };
    this.#feeds.set(key, feeds);
    return feeds;
  }

  /** Every adapter has the same columns at every site, which a mask can weight. */
  async #stackByRegion(inputs: Network['inputs'], strengths: readonly number[]): Promise<AdapterFeeds> {
    const columns = this.#chosen.map(({ choice: { region }, loaded: { rank = 1 } }) => ({ rank, region }));
    const sets: SitePairs[] = [];
    for (const [i, { loaded }] of this.#chosen.entries()) {
      sets.push(await loaded.pairs('unet', strengths[i] ?? 0));
    }
    const pairsAt = (site: AdapterSite): WeightedPair[] =>
      sets.map((set, i) => widenPair(set.get(site.name), shapeOf(site), columns[i]?.rank ?? 1));
    const total = rankBucket(columns.reduce((sum, { rank }) => sum + rank, 0));
    return { ...this.#feedsOf('unet', pairsAt), ...maskFeeds(inputs, columns, total) };
  }

  async #stack(component: AdapterComponent, strengths: readonly number[]): Promise<AdapterFeeds> {
    const active: SitePairs[] = [];
    for (const [i, { loaded }] of this.#chosen.entries()) {
      const strength = strengths[i] ?? 0;
      if (strength !== 0) active.push(await loaded.pairs(component, strength));
    }
    return this.#feedsOf(component, (site) => active.flatMap((sites) => sites.get(site.name) ?? []));
  }

  /** What is added to biases and norms. A part of a network that was not built takes none. */
  #vectorFeeds(
    component: AdapterComponent,
    inputs: Network['inputs'],
    share: number | undefined,
  ): Record<string, Feed> {
    const feeds: Record<string, { data: Float32Array }> = {};
    for (const { choice, loaded } of this.#everywhere) {
      const strength = strengthAt(choice, share);
      for (const [parameter, values] of loaded.vectors(component)) {
        const name = deltaInputName(parameter);
        if (!inputs.has(name)) continue;
        const before = feeds[name]?.data;
        feeds[name] = { data: values.map((value, i) => strength * value + (before?.[i] ?? 0)) };
      }
    }
    return feeds;
  }

  /** Adapters without a region: biases and norms belong to no cell. */
  get #everywhere() {
    return this.#chosen.filter(({ choice }) => choice.region === undefined);
  }

  #feedsOf(component: AdapterComponent, pairsAt: (site: AdapterSite) => WeightedPair[]): AdapterFeeds {
    const feeds: Record<string, Feed> = {};
    for (const site of this.#sitesOf(component)) {
      const { inFeatures: inner, outFeatures: out, kernel, kind } = site;
      const { rank, a, b } = stackPairs(shapeOf(site), pairsAt(site));
      const names = adapterInputNames(site.name);
      feeds[names.a] = { data: a, shape: kind === 'conv' ? [rank, inner, ...kernel] : [inner, rank] };
      feeds[names.b] = { data: b, shape: kind === 'conv' ? [out, rank, 1, 1] : [rank, out] };
    }
    return feeds;
  }

  #sitesOf(component: AdapterComponent): readonly AdapterSite[] {
    const known = this.#sites.get(component);
    if (known) return known;
    const weights = componentWeights(this.#model)[component];
    const all = weights ? listAdapterSites(weights) : [];
    const sites = this.reach === 'all' ? all : all.filter(({ name }) => isTransformerSite(name));
    this.#sites.set(component, sites);
    return sites;
  }
}

function shapeOf({ kind, inFeatures, outFeatures, kernel }: AdapterSite): PairShape {
  const shape = [outFeatures, inFeatures];
  return { kind, shape: kind === 'conv' ? [...shape, ...kernel] : shape };
}

function noRegionForDense({ path: file }: AdapterChoice): ModelError {
  return new ModelError(
    'adapter-unsupported',
    `${path.basename(file)} cannot be limited to a region: some of its changes have no rank form.`,
    'Let it act everywhere, or choose a LoRA.',
  );
}

/** Whether it changes what no region limits. */
function changesMore(loaded: LoadedAdapter): boolean {
  return loaded.changesText || loaded.vectors('unet').size > 0;
}

function onlyInRegion({ path: file }: AdapterChoice): string {
  return `${path.basename(file)} acts in a part of the picture: what it changes of the text encoder, of biases and of norms belongs to no part and is left out.`;
}

/** @param share how much of the run is done; undefined for text encoders, which regions leave alone. */
function strengthAt(choice: AdapterChoice, share: number | undefined): number {
  if (share === undefined) return choice.region ? 0 : (choice.textStrength ?? choice.strength);
  const on = share >= (choice.start ?? 0) && share < (choice.end ?? 1);
  return on ? choice.strength : 0;
}
