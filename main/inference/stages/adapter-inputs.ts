import type { AdapterComponent } from '../../../native-models/adapters/module-names.ts';
import { stackPairs } from '../../../native-models/adapters/stack-adapters.ts';
import {
  adapterInputNames,
  type AdapterSite,
  listAdapterSites,
} from '../../../native-models/architectures/adapter-sites.ts';
import type { AdapterSites } from '../../../native-models/architectures/build-options.ts';
import type { AdapterChoice } from '../protocol.ts';
import type { Feed } from '../sessions/network.ts';
import {
  adapterKey,
  componentWeights,
  isTransformerSite,
  loadAdapter,
  type LoadedAdapter,
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

  /**
   * The inputs of a network.
   *
   * @param share how much of the run is done, 0 … 1; undefined for text encoders, which run before.
   */
  async feeds(component: AdapterComponent, share?: number): Promise<AdapterFeeds> {
    if (this.reach === 'none') return NO_FEEDS;
    const strengths = this.#chosen.map(({ choice }) => strengthAt(choice, share));
    const key = `${component}/${strengths.join()}`;
    const feeds = this.#feeds.get(key) ?? (await this.#stack(component, strengths));
    this.#feeds.set(key, feeds);
    return feeds;
  }

  async #stack(component: AdapterComponent, strengths: readonly number[]): Promise<AdapterFeeds> {
    const active = [];
    for (const [i, { loaded }] of this.#chosen.entries()) {
      const strength = strengths[i] ?? 0;
      if (strength !== 0) active.push(await loaded.pairs(component, strength));
    }
    const feeds: Record<string, Feed> = {};
    for (const site of this.#sitesOf(component)) {
      const pairs = active.flatMap((sites) => sites.get(site.name) ?? []);
      const { inFeatures: inner, outFeatures: out, kernel, kind } = site;
      const shape = kind === 'conv' ? [out, inner, ...kernel] : [out, inner];
      const { rank, a, b } = stackPairs({ kind, shape }, pairs);
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

function strengthAt(choice: AdapterChoice, share: number | undefined): number {
  if (share === undefined) return choice.textStrength ?? choice.strength;
  const on = share >= (choice.start ?? 0) && share < (choice.end ?? 1);
  return on ? choice.strength : 0;
}
