import { pairProduct } from '../../../native-models/adapters/low-rank-pair.ts';
import type { AdapterSite } from '../../../native-models/architectures/adapter-sites.ts';
import { deltaInputName } from '../../../native-models/architectures/adapter-sites.ts';
import { buildUnet, type UnetBuildOptions } from '../../../native-models/architectures/unet.ts';
import type { Component } from '../../../native-models/checkpoints/checkpoint.ts';
import type { UnetConfig } from '../../../native-models/checkpoints/component-configs.ts';
import type { BuiltModel } from '../../../native-models/onnx/encode-model.ts';
import type { Feed, Network } from '../../inference/sessions/network.ts';
import { adapterFeeds, type MadeUpAdapter } from './made-up-adapter.ts';

/** Layers whose weights are merged for the comparison: all of them would be the whole network once more. */
const compared = 6;
/** Strong enough that what the adapter adds is seen beside the network itself. */
const strength = 100;

/**
 * Largest difference, relative to the largest value, between an adapter as inputs and the same adapter merged into the
 * weights of its layers; null for a file of zeros, which says nothing whatever is added to it.
 */
export async function mergedError(
  unet: Component<UnetConfig>,
  size: UnetBuildOptions,
  feeds: Readonly<Record<string, Feed>>,
  { sites, adapter }: { readonly sites: readonly AdapterSite[]; readonly adapter: MadeUpAdapter },
  open: (graph: BuiltModel) => Promise<Network>,
): Promise<number | null> {
  const some = sites.filter((_, i) => i % Math.ceil(sites.length / compared) === 0);
  const merged: Record<string, Feed> = {};
  for (const { name } of some) {
    const pair = adapter.get(name)?.pair;
    if (pair === undefined) continue;
    const data = pairProduct(pair).map((value) => value * pair.scale * strength);
    merged[deltaInputName(`${name}.weight`)] = { data };
  }
  const names = new Set(some.map(({ name }) => name));
  const fed = await open(buildUnet(unet, { ...size, adapters: names }));
  const actual = (await fed.run({ ...feeds, ...adapterFeeds(some, adapter, strength) })).get('out_sample');
  const other = await open(
    buildUnet(unet, { ...size, deltas: new Set([...names].map((name) => `${name}.weight`)) }),
  );
  const expected = (await other.run({ ...feeds, ...merged })).get('out_sample') ?? new Float32Array();
  let [off, largest] = [0, 0];
  expected.forEach((value, i) => {
    off = Math.max(off, Math.abs(value - (actual?.[i] ?? Number.NaN)));
    largest = Math.max(largest, Math.abs(value));
  });
  return largest === 0 ? null : off / largest;
}
