import { BlockCache, type CacheBudget } from './block-cache.ts';
import type { PlanItem, PlanList, PlanNode } from './plan.ts';

/** What a list starts from: nothing, or for a pass-through group what lies under it. */
interface StartState {
  readonly key: string;
  readonly layerIds: readonly string[];
}

const FROM_NOTHING: StartState = { key: '', layerIds: [] };

/** The state that items lead to. */
function stateAfter(start: StartState, items: readonly PlanItem[]): StartState {
  return {
    key: `${start.key}below ${items.map((entry) => entry.signature).join(',')}|`,
    layerIds: [...start.layerIds, ...items.flatMap((entry) => entry.layerIds)],
  };
}

/** As cheap to composite as a kept picture would be. */
function isPlain(item: PlanItem): boolean {
  return item.node.kind === 'pixels' && item.mode === 0 && item.clips.length === 0 && !item.mask;
}

/**
 * Puts caches into a plan around one layer: what lies below it becomes one kept state, runs of normal layers above it
 * become one kept picture each (source-over is associative), other groups above it are kept too. Painting on that
 * layer then costs what it covers, however many layers there are.
 */
export class PlanCaches {
  readonly #budget: CacheBudget;
  #kept = new Map<string, BlockCache>();
  #next = new Map<string, BlockCache>();
  #states: BlockCache[] = [];

  constructor(budget: CacheBudget) {
    this.#budget = budget;
  }

  /** Every cache in use. */
  get caches(): Iterable<BlockCache> {
    return this.#kept.values();
  }

  /** The kept states among them; where one has to be made, the whole block has to be. */
  get states(): readonly BlockCache[] {
    return this.#states;
  }

  /** The plan with caches; those of the plan before that still fit stay, with what they hold. */
  around(plan: PlanList, activeLayerId: string | null): PlanList {
    this.#next = new Map();
    this.#states = [];
    const out = activeLayerId === null ? plan : this.#list(plan, activeLayerId, FROM_NOTHING);
    for (const [key, cache] of this.#kept) if (!this.#next.has(key)) cache.clear();
    this.#kept = this.#next;
    return out;
  }

  #list(list: PlanList, active: string, start: StartState): PlanList {
    const at = list.items.findIndex((item) => item.layerIds.includes(active));
    const item = list.items[at];
    if (!item) return list;
    const below = list.items.slice(0, at);
    const state = stateAfter(start, below);
    const items = [...below, this.#onPath(item, active, state), ...this.#above(list.items.slice(at + 1))];
    if (below.length < 2 && below.every(isPlain)) return { items };
    const cache = this.#cache(state.key, state.layerIds);
    this.#states.push(cache);
    return { items, prefix: { count: at, cache } };
  }

  /** A list whose result is kept as a state. */
  #whole({ items }: PlanList, start: StartState): PlanList {
    const state = stateAfter(start, items);
    const cache = this.#cache(state.key, state.layerIds);
    this.#states.push(cache);
    return { items, prefix: { count: items.length, cache } };
  }

  #onPath(item: PlanItem, active: string, state: StartState): PlanItem {
    const { node } = item;
    if (node.kind !== 'isolated' && node.kind !== 'through') return item;
    const inside = node.list.items.some((entry) => entry.layerIds.includes(active));
    // Something clipped to it, or its own mask, is worked on: what it holds stays as it is.
    if (node.kind === 'isolated' && !inside) return { ...item, node: this.#keep(node) };
    const start = node.kind === 'through' ? state : FROM_NOTHING;
    const list = inside ? this.#list(node.list, active, start) : this.#whole(node.list, start);
    return { ...item, node: { ...node, list } };
  }

  #above(items: readonly PlanItem[]): PlanItem[] {
    const out: PlanItem[] = [];
    let run: PlanItem[] = [];
    const close = (): void => {
      const only = run.length === 1 ? run[0] : undefined;
      if (only && isPlain(only)) out.push(only);
      else if (run.length > 0) out.push(this.#merge(run));
      run = [];
    };
    for (const item of items) {
      // Only source-over is associative.
      if (item.mode === 0 && item.node.kind !== 'through' && item.node.kind !== 'adjust') run.push(item);
      else {
        close();
        out.push(item.node.kind === 'isolated' ? { ...item, node: this.#keep(item.node) } : item);
      }
    }
    close();
    return out;
  }

  #merge(run: readonly PlanItem[]): PlanItem {
    const signature = `merged(${run.map((item) => item.signature).join(',')})`;
    const layerIds = run.flatMap((item) => item.layerIds);
    const node: PlanNode = { kind: 'cached', list: { items: run }, cache: this.#cache(signature, layerIds) };
    return { node, opacity: 1, mode: 0, fill: 1, mask: null, clips: [], signature, layerIds };
  }

  #keep(node: PlanNode & { kind: 'isolated' }): PlanNode {
    const signature = `group(${node.list.items.map((item) => item.signature).join(',')})`;
    const layerIds = node.list.items.flatMap((item) => item.layerIds);
    return { kind: 'cached', list: node.list, cache: this.#cache(signature, layerIds) };
  }

  #cache(key: string, layerIds: readonly string[]): BlockCache {
    const cache =
      this.#kept.get(key) ?? this.#next.get(key) ?? new BlockCache(new Set(layerIds), this.#budget);
    this.#next.set(key, cache);
    return cache;
  }
}
