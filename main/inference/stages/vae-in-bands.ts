import { buildVaeDecoderMiddle } from '../../../native-models/architectures/vae-decoder.ts';
import { buildVaeEncoderMiddle } from '../../../native-models/architectures/vae-encoder.ts';
import {
  type Band,
  buildVaePass,
  decoderPasses,
  encoderPasses,
  type VaePass,
} from '../../../native-models/architectures/vae-bands.ts';
import type { BuiltModel } from '../../../native-models/onnx/encode-model.ts';
import type { ComputeSettings } from '../protocol.ts';
import { createNetwork, type Feed, type Network } from '../sessions/network.ts';
import { type GroupStatistics, groupStatistics } from './group-statistics.ts';
import { join } from './join-arrays.ts';
import type { LatentShape } from './latent-scale.ts';
import { type OpenedModel, weightBytes } from './opened-model.ts';

/** Bytes that the maps of one band may take. */
const BAND_BYTES = 64 * 2 ** 20;

/** What an autoencoder in bands runs on. */
export interface BandUse {
  readonly model: OpenedModel;
  readonly compute: ComputeSettings;
  /** Takes a sentence where a provider fell back. */
  readonly notes: Set<string>;
  /** Bytes that the maps of one band may take; left out: a few times what a processor's caches hold. */
  readonly bandBytes?: number;
  /** Awaited before each band; a throw ends the run there. */
  readonly beforeBand?: () => Promise<void>;
}

/** A feature map `[channels, height, width]`. */
interface FeatureMap {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

/**
 * Decodes a latent (in the decoder's scale) as the whole graph would, but for rounding: the graph is cut before every
 * convolution, each cut is computed in bands of rows with the rows beside them, and normalisations are given the statistics
 * of the whole map. Two maps of the largest layer are held, in place of the five or more of a run of the whole.
 *
 * @returns `[imageChannels, height · f, width · f]`
 */
export async function decodeInBands(
  latent: Float32Array,
  { height, width }: LatentShape,
  use: BandUse,
): Promise<Float32Array> {
  const { vae } = use.model;
  const middle = await runOnce(buildVaeDecoderMiddle(vae, { batch: 1, height, width }), use, {
    latent: { data: latent },
  });
  const values = middle.get('y') ?? new Float32Array();
  const start = { channels: vae.config.channels.at(-1) ?? 1, height, width, values };
  return (await runPasses(start, decoderPasses(vae.config), use)).values;
}

/**
 * Encodes a picture as the whole graph would, but for rounding; see {@link decodeInBands}.
 *
 * @param planes `[imageChannels, height · f, width · f]`
 * @returns mean, then logarithm of the variance: `[2 · latentChannels, height, width]`
 */
export async function encodeInBands(
  planes: Float32Array,
  { height, width }: LatentShape,
  use: BandUse,
): Promise<Float32Array> {
  const { vae, cell } = use.model;
  const picture = {
    channels: vae.config.imageChannels,
    height: height * cell,
    width: width * cell,
    values: planes,
  };
  const features = await runPasses(picture, encoderPasses(vae.config), use);
  const moments = await runOnce(buildVaeEncoderMiddle(vae, { batch: 1, height, width }), use, {
    x: { data: features.values },
  });
  return join([moments.get('mean') ?? new Float32Array(), moments.get('logvar') ?? new Float32Array()]);
}

/**
 * Bytes that a picture in bands holds at most: three maps of its largest layer, and a band.
 *
 * @param shape of the latent
 */
export function bandMemory({ vae, cell }: OpenedModel, { height, width }: LatentShape): number {
  const { channels } = vae.config;
  const largest = Math.max(
    ...channels.map(
      (count, i) => (Math.max(count, channels[i + 1] ?? 0) * (height * cell) * (width * cell)) / 4 ** i,
    ),
  );
  return 3 * 4 * largest + 2 * BAND_BYTES;
}

async function runPasses(start: FeatureMap, passes: readonly VaePass[], use: BandUse): Promise<FeatureMap> {
  let map = start;
  let kept = start;
  /** A map that nobody reads any more. */
  let spare: Float32Array = new Float32Array();
  for (const pass of passes) {
    const given = map;
    const length = pass.outer * given.height * given.width * SCALE[pass.kind] ** 2;
    // A block's input is read for the last time here, band by band, so that the output can take its place.
    const inPlace = pass.added?.channels === pass.outer && kept !== start;
    const into = inPlace ? kept.values : spare.length === length ? spare : new Float32Array(length);
    spare = inPlace ? given.values : new Float32Array();
    map = await runPass(given, kept, pass, into, use);
    // What comes before the next block is what its second half adds.
    if (pass.added !== undefined || pass.norm === undefined) kept = map;
  }
  return map;
}

const SCALE = { conv: 1, up: 2, down: 0.5 } as const;

async function runPass(
  map: FeatureMap,
  kept: FeatureMap,
  pass: VaePass,
  values: Float32Array,
  use: BandUse,
): Promise<FeatureMap> {
  const scale = SCALE[pass.kind];
  const [height, width] = [map.height * scale, map.width * scale];
  const out = { channels: pass.outer, height, width, values };
  const { normGroups } = use.model.vae.config;
  const statistics =
    pass.norm === undefined ? undefined : groupStatistics(map.values, pass.inner, normGroups);
  const networks = new Map<string, Network>();
  try {
    for (const { from, to } of bandsOf(map, pass, use.bandBytes ?? BAND_BYTES)) {
      await use.beforeBand?.();
      const [top, bottom] = [from === 0, to === map.height];
      // The row below is all that a step of two sees beyond its band.
      const first = top || pass.kind === 'down' ? from : from - 1;
      const last = bottom ? to : to + 1;
      const band = { rows: last - first, width: map.width, top, bottom };
      const network = await networkOf(networks, pass, band, use);
      const result = await network.run({
        x: { data: cutRows(map, first, last) },
        ...feedsOf(statistics),
        ...(pass.added ? { kept: { data: cutRows(kept, from, to) } } : {}),
      });
      putRows(out, result.get('y') ?? new Float32Array(), from * scale, to * scale);
    }
  } finally {
    for (const network of networks.values()) await network.release();
  }
  return out;
}

/** Bands of rows of the input, even in number where every second row is dropped. */
function bandsOf(
  { height, width }: FeatureMap,
  pass: VaePass,
  bytes: number,
): { from: number; to: number }[] {
  const scale = SCALE[pass.kind] ** 2;
  // Input, normalised, activated, output, added.
  const row = 4 * width * (3 * pass.inner + Math.ceil(2 * pass.outer * scale));
  const step = pass.kind === 'down' ? 2 : 1;
  const most = Math.max(step, Math.floor(bytes / row / step) * step);
  const count = Math.ceil(height / most);
  const rows = Math.ceil(height / count / step) * step;
  return Array.from({ length: Math.ceil(height / rows) }, (_, i) => ({
    from: i * rows,
    to: Math.min(height, (i + 1) * rows),
  }));
}

async function networkOf(
  networks: Map<string, Network>,
  pass: VaePass,
  band: Band,
  use: BandUse,
): Promise<Network> {
  const key = `${band.rows} ${band.top} ${band.bottom}`;
  const known = networks.get(key);
  if (known) return known;
  const network = await load(buildVaePass(use.model.vae, pass, band), use);
  networks.set(key, network);
  return network;
}

function load(graph: BuiltModel, { model, compute, notes }: BandUse): Promise<Network> {
  return createNetwork(
    'VAE',
    graph,
    weightBytes(model.vae.weights),
    compute,
    (message) => void notes.add(message),
  );
}

async function runOnce(
  graph: BuiltModel,
  use: BandUse,
  feeds: Readonly<Record<string, Feed>>,
): Promise<ReadonlyMap<string, Float32Array>> {
  const network = await load(graph, use);
  try {
    return await network.run(feeds);
  } finally {
    await network.release();
  }
}

function feedsOf(statistics: GroupStatistics | undefined): Record<string, Feed> {
  if (statistics === undefined) return {};
  return { mean: { data: statistics.mean }, inverse: { data: statistics.inverse } };
}

function cutRows({ channels, height, width, values }: FeatureMap, from: number, to: number): Float32Array {
  const count = (to - from) * width;
  const cut = new Float32Array(channels * count);
  for (let c = 0; c < channels; c += 1) {
    const start = (c * height + from) * width;
    cut.set(values.subarray(start, start + count), c * count);
  }
  return cut;
}

function putRows(map: FeatureMap, rows: Float32Array, from: number, to: number): void {
  const { channels, height, width, values } = map;
  const count = (to - from) * width;
  for (let c = 0; c < channels; c += 1) {
    values.set(rows.subarray(c * count, (c + 1) * count), (c * height + from) * width);
  }
}
