import { isRecord, type JsonRecord, parseJson, toWhole } from '../../json-fields.ts';
import { ComfyGraph, type ComfyNode } from './graph.ts';

/** Inputs of a node in the order of its widgets; null is a widget of the window alone. */
const WIDGETS: Readonly<Record<string, readonly (string | null)[]>> = {
  KSampler: ['seed', null, 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise'],
  KSamplerAdvanced: [
    'add_noise',
    'noise_seed',
    null,
    'steps',
    'cfg',
    'sampler_name',
    'scheduler',
    'start_at_step',
    'end_at_step',
    'return_with_leftover_noise',
  ],
  SamplerCustom: ['add_noise', 'noise_seed', null, 'cfg'],
  KSamplerSelect: ['sampler_name'],
  BasicScheduler: ['scheduler', 'steps', 'denoise'],
  KarrasScheduler: ['steps', 'sigma_max', 'sigma_min', 'rho'],
  ExponentialScheduler: ['steps', 'sigma_max', 'sigma_min'],
  RandomNoise: ['noise_seed', null],
  CFGGuider: ['cfg'],
  CLIPTextEncode: ['text'],
  CLIPSetLastLayer: ['stop_at_clip_layer'],
  CheckpointLoaderSimple: ['ckpt_name'],
  UNETLoader: ['unet_name', 'weight_dtype'],
  VAELoader: ['vae_name'],
  LoraLoader: ['lora_name', 'strength_model', 'strength_clip'],
  LoraLoaderModelOnly: ['lora_name', 'strength_model'],
  EmptyLatentImage: ['width', 'height', 'batch_size'],
  EmptySD3LatentImage: ['width', 'height', 'batch_size'],
  LatentUpscale: ['upscale_method', 'width', 'height', 'crop'],
  LatentUpscaleBy: ['upscale_method', 'scale_by'],
  ControlNetLoader: ['control_net_name'],
  ControlNetApply: ['strength'],
  ControlNetApplyAdvanced: ['strength', 'start_percent', 'end_percent'],
  LoadImage: ['image', null],
  SaveImage: ['filename_prefix'],
  PrimitiveNode: ['value', null],
};
/** Modes of nodes that did not run: never, and bypassed. */
const ASLEEP: ReadonlySet<unknown> = new Set([2, 4]);

/**
 * The graph of ComfyUI's `workflow`, the file of its window, as far as the order of widgets is known; for pictures whose
 * `prompt` was taken away. Null for text that is none.
 */
export function parseWorkflow(text: string): ComfyGraph | null {
  const json = parseJson(text);
  if (!isRecord(json) || !Array.isArray(json['nodes'])) return null;
  const links = new Map<number, [string, number]>();
  for (const link of Array.isArray(json['links']) ? json['links'] : []) {
    if (!Array.isArray(link)) continue;
    const id = toWhole(link[0]);
    if (id !== null) links.set(id, [String(link[1]), toWhole(link[2]) ?? 0]);
  }
  const nodes = json['nodes'].filter(isRecord).flatMap((node) => toNode(node, links) ?? []);
  return nodes.length === 0 ? null : new ComfyGraph(nodes);
}

function toNode(node: JsonRecord, links: ReadonlyMap<number, [string, number]>): ComfyNode | null {
  const { id, type, mode, inputs, widgets_values: values } = node;
  if (typeof type !== 'string' || ASLEEP.has(mode)) return null;
  const read: Record<string, unknown> = isRecord(values) ? { ...values } : {};
  if (Array.isArray(values)) {
    const names = WIDGETS[type] ?? values.map((_, i) => `widget ${i + 1}`);
    for (const [i, name] of names.entries()) if (name !== null) read[name] = values[i];
  }
  for (const input of Array.isArray(inputs) ? inputs.filter(isRecord) : []) {
    const from = links.get(toWhole(input['link']) ?? -1);
    if (from && typeof input['name'] === 'string') read[input['name']] = from;
  }
  return { id: String(id), type, inputs: read };
}
