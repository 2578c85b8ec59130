import path from 'node:path';
import { ModelError } from '../errors.ts';
import { type GraphFile, readGraphFile } from '../onnx/graph-file.ts';
import type { Checkpoint, Component, ComponentName, GraphName, TextEncoderComponent } from './checkpoint.ts';
import { readModelJson } from './component-files.ts';
import { exists, openSchedule, wordsOf } from './folder-parts.ts';
import type { UnetConfig, VaeConfig } from './component-configs.ts';
import { checkGraph, fixedDimension, type GraphRules } from './onnx-signature.ts';
import { parseExportedTextConfig, parseExportedUnetConfig, parseExportedVaeConfig } from './onnx-configs.ts';
import { Weights } from './weights.ts';

/** Whether a diffusers folder holds its UNet as a graph and not as weights. */
export async function isOnnxFolder(folder: string): Promise<boolean> {
  const weights = ['diffusion_pytorch_model.safetensors', 'diffusion_pytorch_model.fp16.safetensors'];
  const others = ['diffusion_pytorch_model.safetensors.index.json'];
  for (const name of [...weights, ...others]) {
    if (await exists(path.join(folder, 'unet', name))) return false;
  }
  return exists(path.join(folder, 'unet', 'model.onnx'));
}

/** What each graph of an export is given and gives, as Optimum, Olive and diffusers' own converter name it. */
const RULES: Readonly<Record<GraphName, GraphRules>> = {
  unet: {
    inputs: ['sample', 'timestep', 'encoder_hidden_states'],
    optional: ['text_embeds', 'time_ids', 'timestep_cond'],
    outputs: [['out_sample', 'sample']],
  },
  text_encoder: { inputs: ['input_ids'], optional: ['attention_mask'], outputs: [['last_hidden_state']] },
  text_encoder_2: { inputs: ['input_ids'], optional: ['attention_mask'], outputs: [['text_embeds']] },
  vae_decoder: { inputs: ['latent_sample'], optional: [], outputs: [['sample']] },
  vae_encoder: { inputs: ['sample'], optional: [], outputs: [['latent_parameters', 'latent_sample']] },
};

/**
 * Opens a folder of ONNX exports (Optimum, Olive): `model_index.json` and a `model.onnx` for each part. What the graphs
 * take and give is read off the graphs; what they do not tell is read from the settings beside them, as far as there
 * are any.
 *
 * @throws {ModelError} when a part is missing, is no graph, or asks for what is not known here.
 */
export async function openOnnxFolder(folder: string): Promise<Checkpoint> {
  const files: Checkpoint['files'][number][] = [];
  const read = async (name: GraphName): Promise<GraphFile> => {
    const graph = await readGraphFile(path.join(folder, name, 'model.onnx'));
    checkGraph(name, graph, RULES[name]);
    files.push(...graph.files);
    return graph;
  };
  const unetGraph = await read('unet');
  const unetConfig = parseExportedUnetConfig(await settings(folder, 'unet'), unetGraph);
  const sdxl = unetConfig.addedConditions !== undefined;
  const unet: Component<UnetConfig> = {
    config: unetConfig,
    weights: new Weights('unet', new Map()),
    graphs: { unet: unetGraph },
  };

  const missing: ComponentName[] = [];
  const textEncoders: TextEncoderComponent[] = [];
  for (const name of sdxl ? (['text_encoder', 'text_encoder_2'] as const) : (['text_encoder'] as const)) {
    if (await exists(path.join(folder, name, 'model.onnx'))) {
      textEncoders.push(await textEncoder(folder, name, await read(name), sdxl));
    } else missing.push(name);
  }
  const vae = await vaeOf(folder, read, sdxl ? 0.13025 : 0.18215);
  if (vae === undefined) missing.push('vae');

  const scheduler = await openSchedule(folder);
  return {
    path: folder,
    layout: 'onnx',
    family: sdxl ? 'sdxl' : unetConfig.crossAttentionDim === 1024 ? 'sd2' : 'sd1',
    inpainting: unetConfig.inChannels === unetConfig.outChannels * 2 + 1,
    predictionType: scheduler.predictionType,
    scheduler,
    textEncoders,
    unet,
    vae,
    missing,
    files,
    metadata: new Map(),
  };
}

async function textEncoder(
  folder: string,
  name: 'text_encoder' | 'text_encoder_2',
  graph: GraphFile,
  sdxl: boolean,
): Promise<TextEncoderComponent> {
  const hidden = [...graph.outputs.keys()].some((output) => output.startsWith('hidden_states.'));
  if (sdxl && !hidden) {
    throw new ModelError(
      'tensor-missing',
      `The ${name} gives no hidden states, of which SDXL takes the last but one.`,
      'Export the model again with hidden states (Optimum does so), or get its .safetensors version.',
    );
  }
  const config = parseExportedTextConfig(await settings(folder, name), name, graph);
  return {
    config,
    weights: new Weights(name, new Map()),
    graphs: { [name]: graph },
    ...(await wordsOf(folder, name, config)),
  };
}

async function vaeOf(
  folder: string,
  read: (name: GraphName) => Promise<GraphFile>,
  scalingFactor: number,
): Promise<Component<VaeConfig> | undefined> {
  if (!(await exists(path.join(folder, 'vae_decoder', 'model.onnx')))) return undefined;
  const decoder = await read('vae_decoder');
  const json = (await settings(folder, 'vae_decoder')) ?? (await settings(folder, 'vae'));
  const encoder = (await exists(path.join(folder, 'vae_encoder', 'model.onnx')))
    ? { vae_encoder: await read('vae_encoder') }
    : {};
  return {
    config: parseExportedVaeConfig(json, decoder, scalingFactor),
    weights: new Weights('vae', new Map()),
    graphs: { vae_decoder: decoder, ...encoder },
  };
}

/** Pixels that the graphs alone allow; undefined where both are free. */
export function fixedSize(checkpoint: Checkpoint, cell: number): { width?: number; height?: number } {
  const graph = checkpoint.unet.graphs?.unet;
  const side = (axis: 2 | 3): number | undefined => {
    const cells = graph && fixedDimension(graph.inputs.get('sample'), axis);
    return cells === undefined ? undefined : cells * cell;
  };
  const [height, width] = [side(2), side(3)];
  return { ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) };
}

/** A part's `config.json`, or undefined where there is none. */
async function settings(folder: string, part: string): Promise<unknown> {
  const file = path.join(folder, part, 'config.json');
  return (await exists(file)) ? readModelJson(file) : undefined;
}
