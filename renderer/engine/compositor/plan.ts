import type { PaintDocument } from '../document.ts';
import { blendModeIndex } from '../layers/blend-mode.ts';
import type { Layer } from '../layers/layer.ts';
import type { BlockCache } from './block-cache.ts';

/** Where an item's pixels come from. */
export type PlanNode =
  /** A layer's own tiles. */
  | { readonly kind: 'pixels'; readonly layer: Layer }
  /** A group composited by itself over nothing (W3C: isolated). */
  | { readonly kind: 'isolated'; readonly list: PlanList }
  /** A group whose layers blend with what lies under it, then mixed in by the group's opacity. */
  | { readonly kind: 'through'; readonly list: PlanList }
  /** The same as isolated, kept between frames. */
  | { readonly kind: 'cached'; readonly list: PlanList; readonly cache: BlockCache };

/** One thing to composite: a node with its opacity and mode, and the layers clipped to it, bottom to top. */
export interface PlanItem {
  readonly node: PlanNode;
  readonly opacity: number;
  /** Number of the blend mode. */
  readonly mode: number;
  readonly clips: readonly PlanItem[];
  /** Says what it is made of, but for pixels: equal signatures give equal results on equal pixels. */
  readonly signature: string;
  /** Every layer whose pixels are in it. */
  readonly layerIds: readonly string[];
}

/** Items bottom to top. */
export interface PlanList {
  readonly items: readonly PlanItem[];
  /** The state after the first `count` items, kept between frames. */
  readonly prefix?: { readonly count: number; readonly cache: BlockCache };
}

const PASS_THROUGH = blendModeIndex('pass-through');

function signatureOf(
  node: PlanNode,
  opacity: number,
  mode: number,
  clips: readonly PlanItem[],
  id: string,
): string {
  const inner =
    node.kind === 'pixels' ? id : `${node.kind}(${node.list.items.map((item) => item.signature).join(',')})`;
  const clipped = clips.length > 0 ? `[${clips.map((clip) => clip.signature).join(',')}]` : '';
  return `${inner}:${opacity}:${mode}${clipped}`;
}

function layerIdsOf(node: PlanNode, clips: readonly PlanItem[], id: string): string[] {
  const own = node.kind === 'pixels' ? [id] : node.list.items.flatMap((item) => item.layerIds);
  return [...own, ...clips.flatMap((clip) => clip.layerIds)];
}

function planLayer(
  document: PaintDocument,
  layer: Layer,
  clips: readonly PlanItem[],
  alone: boolean,
): PlanItem {
  const { record } = layer;
  const mode = blendModeIndex(record.blend);
  const through = record.kind === 'group' && mode === PASS_THROUGH && alone;
  const node: PlanNode =
    record.kind === 'group'
      ? { kind: through ? 'through' : 'isolated', list: { items: planSiblings(document, record.id) } }
      : { kind: 'pixels', layer };
  const effective = mode === PASS_THROUGH ? 0 : mode;
  return {
    node,
    opacity: record.opacity,
    mode: effective,
    clips,
    signature: signatureOf(node, record.opacity, effective, clips, record.id),
    layerIds: layerIdsOf(node, clips, record.id),
  };
}

function planSiblings(document: PaintDocument, parent: string | null): PlanItem[] {
  const siblings = document.layers.childrenOf(parent).map((id) => document.layers.get(id));
  const items: PlanItem[] = [];
  for (let i = 0; i < siblings.length;) {
    const base = siblings[i++] as Layer;
    const clips: PlanItem[] = [];
    // A clipped layer with nothing to be clipped to stands for itself.
    while (siblings[i]?.record.clipped) {
      const clipped = siblings[i++] as Layer;
      if (clipped.record.visible && clipped.record.opacity > 0)
        clips.push(planLayer(document, clipped, [], false));
    }
    if (!base.record.visible || base.record.opacity === 0) continue;
    const item = planLayer(document, base, clips, clips.length === 0);
    // A fully opaque pass-through group is its layers, standing where it stands.
    if (item.node.kind === 'through' && item.opacity === 1) items.push(...item.node.list.items);
    else items.push(item);
  }
  return items;
}

/**
 * What has to be composited to show a document, hidden layers left out, clipping and pass-through resolved: a clipped
 * layer belongs to the nearest unclipped sibling below it and vanishes with it; a pass-through group that takes part
 * in clipping counts as isolated and normal.
 */
export function planDocument(document: PaintDocument): PlanList {
  return { items: planSiblings(document, null) };
}
