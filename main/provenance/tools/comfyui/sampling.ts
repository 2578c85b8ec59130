import type { FoundSettings } from '../../../../preload/contract/index.ts';
import { foundSampler } from '../../settings-draft.ts';
import type { ComfyGraph, ComfyNode, Link } from './graph.ts';

/** One pass of denoising, from whatever nodes make it up. */
export interface Pass {
  readonly node: ComfyNode;
  readonly seed: number | null;
  /** The seed as written, for one that is too large. */
  readonly seedText: string | null;
  readonly steps: number | null;
  readonly guidance: number | null;
  readonly sampler: FoundSettings['sampler'];
  /** 1 from pure noise. */
  readonly denoise: number;
  readonly model: ComfyNode | null;
  readonly positive: Link | null;
  readonly negative: Link | null;
  readonly latent: ComfyNode | null;
}

/** Schedulers that are nodes of their own. */
const SCHEDULER_NODES: Readonly<Record<string, string>> = {
  KarrasScheduler: 'karras',
  ExponentialScheduler: 'exponential',
};

/** True for nodes that denoise: ComfyUI's own and those that follow their names. */
export function isSampler({ type, inputs }: ComfyNode): boolean {
  return /sampler/i.test(type) && ('latent_image' in inputs || 'steps' in inputs || 'sigmas' in inputs);
}

/** Reads a node that denoises. */
export function readPass(graph: ComfyGraph, node: ComfyNode): Pass {
  const model = graph.link(node, 'model')?.node ?? null;
  const plain = {
    node,
    model,
    positive: graph.link(node, 'positive'),
    negative: graph.link(node, 'negative'),
    latent: graph.link(node, 'latent_image', 'latent', 'samples')?.node ?? null,
  };
  const custom = graph.link(node, 'sigmas');
  if (custom) return { ...plain, ...readCustom(graph, node, custom.node, plain) };
  const steps = graph.whole(node, 'steps');
  const start = graph.whole(node, 'start_at_step') ?? 0;
  const advanced = 'start_at_step' in node.inputs;
  return {
    ...plain,
    ...seedOf(graph, node),
    steps,
    guidance: graph.number(node, 'cfg'),
    sampler: foundSampler(graph.text(node, 'sampler_name'), graph.text(node, 'scheduler')),
    denoise: advanced ? 1 - start / Math.max(1, steps ?? 1) : (graph.number(node, 'denoise') ?? 1),
  };
}

/** SamplerCustom and SamplerCustomAdvanced: noise, guider, sampler and sigmas are nodes of their own. */
function readCustom(
  graph: ComfyGraph,
  node: ComfyNode,
  sigmas: ComfyNode,
  plain: Pick<Pass, 'model' | 'positive' | 'negative'>,
): Pick<
  Pass,
  'seed' | 'seedText' | 'steps' | 'guidance' | 'sampler' | 'denoise' | 'model' | 'positive' | 'negative'
> {
  const guider = graph.link(node, 'guider')?.node ?? node;
  const noise = graph.link(node, 'noise')?.node ?? node;
  const select = graph.link(node, 'sampler')?.node;
  for (const part of [sigmas, guider, noise, select]) if (part) graph.understand(part);
  const schedule = graph.text(sigmas, 'scheduler') ?? SCHEDULER_NODES[sigmas.type] ?? null;
  return {
    ...seedOf(graph, noise),
    steps: graph.whole(sigmas, 'steps'),
    // A guider without a scale evaluates the prompt alone.
    guidance: graph.number(guider, 'cfg') ?? (guider === node ? null : 1),
    sampler: foundSampler(select ? graph.text(select, 'sampler_name') : null, schedule),
    denoise: graph.number(sigmas, 'denoise') ?? 1,
    model: plain.model ?? graph.link(guider, 'model')?.node ?? graph.link(sigmas, 'model')?.node ?? null,
    positive: plain.positive ?? graph.link(guider, 'positive', 'conditioning'),
    negative: plain.negative ?? graph.link(guider, 'negative'),
  };
}

function seedOf(graph: ComfyGraph, node: ComfyNode): Pick<Pass, 'seed' | 'seedText'> {
  const name = 'noise_seed' in node.inputs ? 'noise_seed' : 'seed';
  const written = graph.value(node, name);
  return {
    seed: graph.whole(node, name),
    seedText: typeof written === 'string' || typeof written === 'number' ? String(written) : null,
  };
}
