import type { FoundSettings } from '../../../../preload/contract/index.ts';
import { isRecord, shown, toNumber, toText } from '../../json-fields.ts';
import { emptySettings, stem, takeAdapters } from '../../settings-draft.ts';
import { readWords } from './conditioning.ts';
import { type ComfyGraph, type ComfyNode, parsePromptGraph } from './graph.ts';
import { isSampler, type Pass, readPass } from './sampling.ts';
import { parseWorkflow } from './workflow.ts';

/** Nodes between a picture and its making that have nothing to say. */
const PLUMBING =
  /^(SaveImage|PreviewImage|VAEDecode|VAEDecodeTiled|Reroute|Note|MarkdownNote|PrimitiveNode)$/;
/** Most passes that follow each other. */
const MAX_PASSES = 16;

/** Reads ComfyUI's `prompt`, the graph that ran, or failing that `workflow`, the graph of its window. */
export function readComfyUi(text: string, source: string): FoundSettings | null {
  const graph = parsePromptGraph(text) ?? parseWorkflow(text);
  const passes = graph === null ? [] : readPasses(graph);
  const [first] = passes;
  if (graph === null || first === undefined) return null;
  graph.understand(first.node);
  const positive = readWords(graph, first.positive, 'positive');
  const negative = readWords(graph, first.negative, 'negative');
  const { model, vae, adapters } = readModel(graph, first);
  const { width, height, fromPicture } = readSize(graph, first);
  const called = takeAdapters(positive.text);
  for (const node of graph.rest()) if (PLUMBING.test(node.type)) graph.understand(node);
  return {
    ...emptySettings('comfyui', source),
    prompt: called.prompt,
    negative: negative.text,
    sampler: first.sampler,
    steps: first.steps,
    guidance: first.guidance,
    seed: first.seed,
    noise: 'torch-cpu',
    width,
    height,
    strength: fromPicture ? first.denoise : null,
    clipSkip: positive.clipSkip,
    model,
    vae,
    adapters: [...adapters, ...called.adapters],
    controls: positive.controls,
    hires: readHires(graph, passes),
    unknown: unknownParts(graph, first),
  };
}

/** The passes that lead to the picture, the first one first. */
function readPasses(graph: ComfyGraph): Pass[] {
  const samplers = [...graph.nodes.values()].filter(isSampler);
  const last = samplers.find((node) => !samplers.some((other) => feeds(graph, node, other)));
  const passes: Pass[] = [];
  let at = last ?? null;
  while (at !== null && passes.length < MAX_PASSES) {
    const pass = readPass(graph, at);
    passes.unshift(pass);
    at = earlier(graph, pass.node, passes);
  }
  return passes;
}

/** The sampler whose picture or latent this one goes on from. */
function earlier(graph: ComfyGraph, node: ComfyNode, known: readonly Pass[]): ComfyNode | null {
  for (const each of upstream(graph, node)) {
    if (isSampler(each) && known.every((pass) => pass.node !== each)) return each;
  }
  return null;
}

function feeds(graph: ComfyGraph, node: ComfyNode, other: ComfyNode): boolean {
  return node !== other && [...upstream(graph, other)].includes(node);
}

/** Nodes whose latents and pictures a sampler begins with. */
function upstream(graph: ComfyGraph, node: ComfyNode): Iterable<ComfyNode> {
  const begin = graph.link(node, 'latent_image', 'latent', 'samples')?.node ?? null;
  return graph.chain(begin, 'samples', 'latent_image', 'latent', 'pixels', 'image', 'images');
}

function readModel(
  graph: ComfyGraph,
  { model, node }: Pass,
): Pick<FoundSettings, 'model' | 'vae' | 'adapters'> {
  const adapters: FoundSettings['adapters'] = [];
  let name: string | null = null;
  for (const each of graph.chain(model ?? node, 'model')) {
    const lora = graph.text(each, 'lora_name');
    const file = graph.text(each, 'ckpt_name') ?? graph.text(each, 'unet_name');
    const several = readLoras(each);
    if (lora !== null && lora !== 'None') adapters.unshift(readLora(graph, each, lora));
    adapters.unshift(...several);
    for (const stack of graph.chain(graph.link(each, 'lora_stack')?.node ?? null, 'lora_stack')) {
      adapters.unshift(...readLoras(stack));
      graph.understand(stack);
    }
    name ??= file;
    if (lora !== null || file !== null || several.length > 0) graph.understand(each);
  }
  const loader = [...graph.nodes.values()].find((each) => each.type === 'VAELoader');
  if (loader) graph.understand(loader);
  const vae = loader ? graph.text(loader, 'vae_name') : null;
  return {
    model: name === null ? null : { name: stem(name), hash: null },
    vae: vae === null ? null : stem(vae),
    adapters,
  };
}

/**
 * Adapters of nodes that hold several: `lora_1: { on, lora, strength }` (rgthree), or `lora_name_1` with its weights
 * (stackers; `switch_1` turns one off).
 */
function readLoras({ inputs }: ComfyNode): FoundSettings['adapters'] {
  return Object.entries(inputs).flatMap(([input, value]) => {
    if (isRecord(value) && 'lora' in value) {
      const file = toText(value['lora']);
      if (file === null || file === 'None' || value['on'] === false) return [];
      const strength = toNumber(value['strength']) ?? 1;
      return [adapterOf(file, strength, toNumber(value['strengthTwo']))];
    }
    const index = /^lora_(?:name_)?(\d{1,2})$/.exec(input)?.[1];
    const file = index === undefined ? null : toText(value);
    if (file === null || file === 'None' || inputs[`switch_${index}`] === 'Off') return [];
    const weight = (...names: string[]): number | null =>
      names.map((each) => toNumber(inputs[`${each}_${index}`])).find((each) => each !== null) ?? null;
    const strength = weight('model_weight', 'model_str', 'lora_wt', 'strength', 'lora_strength') ?? 1;
    return [adapterOf(file, strength, weight('clip_weight', 'clip_str'))];
  });
}

function adapterOf(file: string, strength: number, words: number | null): FoundSettings['adapters'][number] {
  return {
    name: stem(file),
    hash: null,
    strength,
    textStrength: words === null || words === strength ? null : words,
  };
}

function readLora(graph: ComfyGraph, node: ComfyNode, file: string): FoundSettings['adapters'][number] {
  const strength = graph.number(node, 'strength_model') ?? graph.number(node, 'lora_model_strength') ?? 1;
  const words = graph.number(node, 'strength_clip') ?? graph.number(node, 'lora_clip_strength');
  return adapterOf(file, strength, words);
}

function readSize(
  graph: ComfyGraph,
  { node }: Pass,
): { width: number | null; height: number | null; fromPicture: boolean } {
  for (const each of upstream(graph, node)) {
    const own = ['', 'empty_latent_'].map((before) => `${before}width`).find((name) => name in each.inputs);
    const [width, height] = [
      graph.whole(each, own ?? 'width'),
      graph.whole(each, (own ?? 'width').replace('width', 'height')),
    ];
    const empty = /empty/i.test(each.type) || own === 'empty_latent_width';
    if (empty) graph.understand(each);
    if (empty && width !== null && height !== null) return { width, height, fromPicture: false };
    if (each.type.startsWith('VAEEncode')) {
      graph.understand(each);
      return { width: null, height: null, fromPicture: true };
    }
  }
  return { width: null, height: null, fromPicture: false };
}

/** A later pass at a larger size; a refiner at the same size is none and is told among the unknown. */
function readHires(graph: ComfyGraph, passes: readonly Pass[]): FoundSettings['hires'] {
  const second = passes[1];
  if (second === undefined) return null;
  for (const each of upstream(graph, second.node)) {
    if (!/upscale/i.test(each.type)) continue;
    graph.understand(each);
    graph.understand(second.node);
    return {
      scale: graph.number(each, 'scale_by'),
      steps: second.steps,
      strength: second.denoise,
      upscaler: graph.text(each, 'upscale_method') ?? graph.text(each, 'model_name'),
    };
  }
  return null;
}

function unknownParts(graph: ComfyGraph, { seed, seedText }: Pass): FoundSettings['unknown'] {
  const large = seed === null && seedText !== null ? [{ name: 'seed', value: seedText }] : [];
  const nodes = graph.rest().map(({ id, type, inputs }) => ({
    name: `node ${id}, ${type}`,
    value: shown(inputs),
  }));
  return [...large, ...nodes];
}
