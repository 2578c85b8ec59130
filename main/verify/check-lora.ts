import { join } from 'node:path';
import { z } from 'zod';
import { openAdapterFile } from '../../native-models/adapters/adapter-source.ts';
import { readPair } from '../../native-models/adapters/low-rank-pair.ts';
import { readAdapter } from '../../native-models/adapters/read-adapter.ts';
import { adapterInputNames, listAdapterSites } from '../../native-models/architectures/adapter-sites.ts';
import { buildUnet } from '../../native-models/architectures/unet.ts';
import { unetCall } from './check-networks.ts';
import { toHalfBits } from './half-float.ts';
import type { MadeUpCase } from './made-up-case.ts';
import { madeUpWeights } from './made-up-weights.ts';
import { readReferenceJson } from './read-reference-json.ts';
import type { Vector } from './read-vectors.ts';
import { outputOf, runNetwork } from './run-network.ts';
import { relativeError } from './verify-row.ts';
import { type HalfTensor, writeSafetensors } from './write-safetensors.ts';

const listSchema = z.array(z.tuple([z.string(), z.array(z.number().int().positive())]));

/**
 * Error of the denoiser with the reference's LoRA: written as a kohya file, read as a user's, fed as graph inputs.
 */
export async function loraError(one: MadeUpCase): Promise<number> {
  const { lora } = one.settings;
  if (one.loraFile === null || lora === undefined)
    throw new Error('The reference does not describe its LoRA.');
  const source = await openAdapterFile(await writeLora(one, one.loraFile, lora.alpha));
  const { unet } = one.checkpoint;
  const sites = listAdapterSites(unet.weights);
  const { layers, report } = await readAdapter(source, { family: one.name, sites: { unet: sites } });
  if (report.unused.length > 0) throw new Error(report.summary);

  const feeds: Record<string, Vector> = {};
  for (const layer of layers) {
    const { a, b, kind, rank, shape, scale } = await readPair(source, layer);
    const [out = 1, inner = 1, ...kernel] = shape;
    const names = adapterInputNames(layer.module.name);
    const scaled = b.map((value) => value * scale * lora.strength);
    feeds[names.a] = { shape: kind === 'conv' ? [rank, inner, ...kernel] : [inner, rank], data: a };
    feeds[names.b] = { shape: kind === 'conv' ? [out, rank, 1, 1] : [rank, out], data: scaled };
  }
  const { size, inputs } = await unetCall(one);
  const adapters = new Set(layers.map((layer) => layer.module.name));
  const expected = await one.vectors.floats('lora.out');
  const errors: number[] = [];
  // Small pictures have their adapters beside the layers, large ones in the weights: both must be right.
  for (const adapterPlace of ['beside', 'cheaper'] as const) {
    const built = buildUnet(unet, { ...size, adapters, adapterPlace });
    const outputs = await runNetwork(built, unet.weights, { ...inputs, ...feeds });
    errors.push(relativeError(outputOf(outputs, 'out_sample'), expected));
  }
  return Math.max(...errors);
}

/** The listed matrices by the reference's formula, and the alpha that each layer of a kohya file has. */
async function writeLora(one: MadeUpCase, listFile: string, alpha: number): Promise<string> {
  const list = await readReferenceJson(listFile, listSchema);
  const named = new Set(list.map(([key]) => key));
  const modules = new Set([...named].map((key) => key.slice(0, key.indexOf('.'))));
  const matrices = list.map(([name, shape]): HalfTensor => ({
    name,
    shape,
    bits: () => toHalfBits(madeUpWeights(name, shape, one.model.salt)),
  }));
  const alphas = [...modules]
    .filter((module) => !named.has(`${module}.alpha`))
    .map((module): HalfTensor => ({ name: `${module}.alpha`, shape: [], bits: () => toHalfBits([alpha]) }));
  const path = join(one.scratch, 'lora.safetensors');
  await writeSafetensors(path, [...matrices, ...alphas]);
  return path;
}
