import { stackPairs, type WeightedPair } from '../../../native-models/adapters/stack-adapters.ts';
import { adapterInputNames, type AdapterSite } from '../../../native-models/architectures/adapter-sites.ts';
import type { Feed } from '../../inference/sessions/network.ts';
import { values } from './machine-rate.ts';

/** Pairs by site, as a LoRA that was read into memory. */
export type MadeUpAdapter = ReadonlyMap<string, WeightedPair>;

/** A LoRA of a rank on every site. Its values are small, so that the network's stay finite. */
export function madeUpAdapter(sites: readonly AdapterSite[], rank: number): MadeUpAdapter {
  return new Map(
    sites.map((site) => {
      const { name, kind, inFeatures, outFeatures, kernel } = site;
      const shape = shapeOf(site);
      const a = values(rank * inFeatures * kernel[0] * kernel[1]);
      return [
        name,
        { pair: { kind, rank, shape, a, b: values(rank * outFeatures), scale: 1e-4 }, strength: 1 },
      ];
    }),
  );
}

/** The inputs of a network for one adapter at a strength: what changes with a swap. */
export function adapterFeeds(
  sites: readonly AdapterSite[],
  adapter: MadeUpAdapter,
  strength: number,
): Record<string, Feed> {
  const feeds: Record<string, Feed> = {};
  for (const site of sites) {
    const { name, kind, inFeatures, outFeatures, kernel } = site;
    const own = adapter.get(name);
    const pairs = own === undefined ? [] : [{ pair: own.pair, strength }];
    const { rank, a, b } = stackPairs({ kind, shape: shapeOf(site) }, pairs);
    const names = adapterInputNames(name);
    const isConv = kind === 'conv';
    feeds[names.a] = { data: a, shape: isConv ? [rank, inFeatures, ...kernel] : [inFeatures, rank] };
    feeds[names.b] = { data: b, shape: isConv ? [outFeatures, rank, 1, 1] : [rank, outFeatures] };
  }
  return feeds;
}

function shapeOf({ kind, inFeatures, outFeatures, kernel }: AdapterSite): readonly number[] {
  return kind === 'conv' ? [outFeatures, inFeatures, ...kernel] : [outFeatures, inFeatures];
}
