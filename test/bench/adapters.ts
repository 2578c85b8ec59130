/**
 * What adapters cost at 256 px with guidance: a step without them, a step with rank 32 on every layer
 * of the transformers, and what a swap with another strength adds to a job. The bars are for models of
 * full size; in the embedded one (the default) a layer is only a few times as wide as the rank.
 *
 *     node test/bench/adapters.ts [runs] [model]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listAdapterSites } from '../../native-models/architectures/adapter-sites.ts';
import { createNetworkCache } from '../../main/inference/sessions/network-cache.ts';
import { ActiveAdapters } from '../../main/inference/stages/adapter-inputs.ts';
import { isTransformerSite, type LoadedAdapter } from '../../main/inference/stages/load-adapter.ts';
import { loadUnet } from '../../main/inference/stages/load-unet.ts';
import { openModel } from '../../main/inference/stages/opened-model.ts';
import type { Feed } from '../../main/inference/sessions/network.ts';

const runs = Number(process.argv[2] ?? 30);
const rank = 32;
const folder = mkdtempSync(path.join(tmpdir(), 'impasto-bench-'));
const embedded = path.resolve(import.meta.dirname, '../../native-models/embedded/model');
const model = await openModel(process.argv[3] ?? embedded);
const { textEncoders, unet } = model.checkpoint;
const sites = listAdapterSites(unet.weights).filter(({ name }) => isTransformerSite(name));

/** A LoRA of small repeatable values on every layer of the transformers. */
function writeLora(name: string): string {
  const header: Record<string, unknown> = {};
  const parts: Float32Array[] = [];
  let offset = 0;
  const add = (key: string, shape: readonly number[]): void => {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1)).map(
      (_, i) => ((i * 0.618) % 1) * 0.02 - 0.01,
    );
    header[key] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
    parts.push(values);
  };
  for (const { name: site, kind, inFeatures, outFeatures, kernel } of sites) {
    const key = `lora_unet_${site.replaceAll('.', '_')}`;
    add(`${key}.lora_down.weight`, kind === 'conv' ? [rank, inFeatures, ...kernel] : [rank, inFeatures]);
    add(`${key}.lora_up.weight`, kind === 'conv' ? [outFeatures, rank, 1, 1] : [outFeatures, rank]);
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = path.join(folder, `${name}.safetensors`);
  writeFileSync(file, Buffer.concat([length, text, ...parts.map((part) => Buffer.from(part.buffer))]));
  return file;
}

const [first, second] = [writeLora('first'), writeLora('second')];
const networks = createNetworkCache(console.log);
const compute = { provider: 'cpu', precision: 'fp32', threads: 2 } as const;
const known = new Map<string, LoadedAdapter>();
const edge = 256 / model.cell;
const shape = { channels: unet.config.outChannels, height: edge, width: edge };
const text = { batch: 2, tokens: textEncoders[0]?.config.maxPositions ?? 77 };
const feeds: Record<string, Feed> = {
  sample: { data: new Float32Array(2 * unet.config.inChannels * edge ** 2) },
  timestep: { data: new Float32Array(2).fill(500) },
  encoder_hidden_states: { data: new Float32Array(2 * text.tokens * unet.config.crossAttentionDim) },
};

/** Milliseconds of a step, of all cores together too, and what came before it: reading, stacking, finding the session. */
async function step(
  file: string | null,
  strength: number,
): Promise<{ before: number; run: number; core: number }> {
  const start = performance.now();
  const choices = file === null ? [] : [{ path: file, strength }];
  const adapters = await ActiveAdapters.load(choices, model, known, new Set());
  const network = await loadUnet(
    model,
    shape,
    text,
    { adapters, control: false, regions: false, runs: 1 },
    networks,
    compute,
  );
  const inputs = { ...feeds, ...(await adapters.unetFeeds(network.inputs, 0)) };
  const ready = performance.now();
  const used = process.cpuUsage();
  await network.run(inputs);
  const run = performance.now() - ready;
  const { user, system } = process.cpuUsage(used);
  return { before: ready - start, run, core: (user + system) / 1000 };
}

const best = {
  plain: Infinity,
  plainCore: Infinity,
  adapted: Infinity,
  adaptedCore: Infinity,
  swap: Infinity,
};
await step(null, 0);
await step(first, 1);
await step(second, 1);
// In turns, so that a busy machine is busy for both, and each after one of its own network, which what the other left in
// the caches would slow.
for (let i = 0; i < runs; i += 1) {
  await step(null, 0);
  const plain = await step(null, 0);
  best.plain = Math.min(best.plain, plain.run);
  best.plainCore = Math.min(best.plainCore, plain.core);
  await step(i % 2 === 0 ? second : first, 0.5 + i / runs);
  const { before, run, core } = await step(i % 2 === 0 ? first : second, 0.5 + i / runs);
  best.adapted = Math.min(best.adapted, run);
  best.adaptedCore = Math.min(best.adaptedCore, core);
  best.swap = Math.min(best.swap, before);
}
rmSync(folder, { recursive: true });
console.log(`${sites.length} layers, rank ${rank}`);
console.log(`step without adapters ${best.plain.toFixed(1)} ms, with ${best.adapted.toFixed(1)} ms`);
const over = (a: number, b: number): string => `${((a / b - 1) * 100).toFixed(1)}%`;
console.log(
  `overhead ${over(best.adapted, best.plain)} of at most 10%, ${over(best.adaptedCore, best.plainCore)} by core-seconds`,
);
console.log(`swap and strength change ${best.swap.toFixed(1)} ms of at most 50 ms`);
