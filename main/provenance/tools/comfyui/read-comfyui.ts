import type { FoundSettings } from '../../../../preload/contract/index.ts';
import { shown } from '../../json-fields.ts';
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
  const positive = readWords(graph, first.positive);
  const negative = readWords(graph, first.negative);
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
    if (lora !== null) adapters.unshift(readLora(graph, each, lora));
    name ??= file;
    if (lora !== null || file !== null) graph.understand(each);
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

function readLora(graph: ComfyGraph, node: ComfyNode, file: string): FoundSettings['adapters'][number] {
  const strength = graph.number(node, 'strength_model') ?? 1;
  const words = graph.number(node, 'strength_clip');
  return {
    name: stem(file),
    hash: null,
    strength,
    textStrength: words === null || words === strength ? null : words,
  };
}

function readSize(
  graph: ComfyGraph,
  { node }: Pass,
): { width: number | null; height: number | null; fromPicture: boolean } {
  for (const each of upstream(graph, node)) {
    const [width, height] = [graph.whole(each, 'width'), graph.whole(each, 'height')];
    const empty = /empty/i.test(each.type);
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
