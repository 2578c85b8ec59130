import type { FoundSettings } from '../../../../preload/contract/index.ts';
import { stem } from '../../settings-draft.ts';
import type { ComfyGraph, ComfyNode, Link } from './graph.ts';

/** What a branch of conditioning comes down to. */
export interface Words {
  readonly text: string;
  readonly controls: FoundSettings['controls'];
  /** Layer of the text encoder, from its end. */
  readonly clipSkip: number | null;
}

/** Inputs that bring conditioning in, in the order in which their texts are joined. */
const BRANCHES = [
  'conditioning',
  'conditioning_1',
  'conditioning_2',
  'conditioning_to',
  'conditioning_from',
] as const;
const TEXTS = ['text', 'text_g', 'text_l', 'clip_l', 't5xxl', 'prompt', 'positive', 'string'] as const;
/** How deep conditioning may be nested. */
const MAX_DEPTH = 200;

/**
 * Follows conditioning to its texts, over combinations and ControlNets.
 * @param side of loaders that hold both prompts themselves
 */
export function readWords(graph: ComfyGraph, link: Link | null, side: 'positive' | 'negative'): Words {
  const texts: string[] = [];
  const controls: FoundSettings['controls'] = [];
  const seen = new Set<string>();
  let clipSkip: number | null = null;

  const walk = (at: Link | null, depth: number): void => {
    if (at === null || depth > MAX_DEPTH || seen.has(`${at.node.id}/${at.output}`)) return;
    seen.add(`${at.node.id}/${at.output}`);
    const { node, output } = at;
    graph.understand(node);
    // What is zeroed out says nothing.
    if (node.type === 'ConditioningZeroOut') return;
    const control = graph.link(node, 'control_net')?.node;
    if (control) controls.push(readControl(graph, node, control));
    const own = TEXTS.map((name) =>
      name in node.inputs && graph.link(node, 'clip') ? graph.text(node, name) : null,
    );
    // A loader that holds checkpoint and prompts gives both sides of the conditioning.
    if ('ckpt_name' in node.inputs) own.push(graph.text(node, side));
    for (const text of new Set(own)) if (text !== null) texts.push(text);
    for (const each of graph.chain(graph.link(node, 'clip')?.node ?? null, 'clip')) {
      const layer = graph.whole(each, 'stop_at_clip_layer');
      if (layer !== null && layer < 0) {
        graph.understand(each);
        clipSkip ??= -layer;
      }
    }
    // Nodes with both branches give the negative one second.
    const both = graph.link(node, output === 1 ? 'negative' : 'positive');
    if (both) walk(both, depth + 1);
    for (const name of BRANCHES) walk(graph.link(node, name), depth + 1);
  };

  walk(link, 0);
  return { text: texts.join(', '), controls, clipSkip };
}

function readControl(graph: ComfyGraph, apply: ComfyNode, net: ComfyNode): FoundSettings['controls'][number] {
  const loader = [...graph.chain(net, 'control_net')].at(-1) ?? net;
  graph.understand(loader);
  return {
    name: stem(graph.text(loader, 'control_net_name') ?? ''),
    strength: graph.number(apply, 'strength') ?? 1,
    start: graph.number(apply, 'start_percent'),
    end: graph.number(apply, 'end_percent'),
  };
}
