import { compileAdjustment, type ColourAdjuster } from '../adjust/adjust-colours.ts';
import type { PaintDocument } from '../document.ts';
import type { AdjustmentSettings } from '../layers/adjustment-settings.ts';
import { blendModeIndex } from '../layers/blend-mode.ts';
import type { Fill } from '../layers/fill.ts';
import { layerMask } from '../layers/layer-mask.ts';
import type { LayerRecord } from '../layers/layer-record.ts';
import type { Layer } from '../layers/layer.ts';
import type { BlockCache } from './block-cache.ts';
import type { BlendHow } from './composite-block.ts';
import { compileFill, type BlockFiller } from './fill-block.ts';
import { weakensSource } from './fill-opacity.ts';
import type { PlanMask } from './mask-block.ts';

/** Where an item's pixels come from. */
export type PlanNode =
  /** A layer's own tiles. */
  | { readonly kind: 'pixels'; readonly layer: Layer }
  /** A colour or gradient everywhere. */
  | { readonly kind: 'fill'; readonly fill: Fill; readonly filler: BlockFiller }
  /** What lies under it, with other colours. */
  | { readonly kind: 'adjust'; readonly settings: AdjustmentSettings; readonly adjust: ColourAdjuster }
  /** A group composited by itself over nothing (W3C: isolated). */
  | { readonly kind: 'isolated'; readonly list: PlanList }
  /** A group whose layers blend with what lies under it, then mixed in by the group's opacity and mask. */
  | { readonly kind: 'through'; readonly list: PlanList }
  /** The same as isolated, kept between frames. */
  | { readonly kind: 'cached'; readonly list: PlanList; readonly cache: BlockCache };

/** One thing to composite: a node, how it is blended, its mask, and the layers clipped to it, bottom to top. */
export interface PlanItem extends BlendHow {
  readonly node: PlanNode;
  readonly mask: PlanMask | null;
  readonly clips: readonly PlanItem[];
  /** Says what it is made of, but for pixels: equal signatures give equal results on equal pixels. */
  readonly signature: string;
  /** Every layer whose pixels, or whose mask's, are in it. */
  readonly layerIds: readonly string[];
}

/** Items bottom to top. */
export interface PlanList {
  readonly items: readonly PlanItem[];
  /** The state after the first `count` items, kept between frames. */
  readonly prefix?: { readonly count: number; readonly cache: BlockCache };
}

const PASS_THROUGH = blendModeIndex('pass-through');

/** A group's list of items, or null for a layer that has none. */
export function listOf(node: PlanNode): PlanList | null {
  return 'list' in node ? node.list : null;
}

const fillers = new WeakMap<Fill, BlockFiller>();
const adjusters = new WeakMap<AdjustmentSettings, ColourAdjuster>();

/** Compiled once for each value: records are never written into. */
function kept<K extends object, V>(map: WeakMap<K, V>, key: K, make: (key: K) => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make(key);
  map.set(key, made);
  return made;
}

function nodeOf(document: PaintDocument, layer: Layer, through: boolean, solo: string | null): PlanNode {
  const { record } = layer;
  if (record.fill) {
    return { kind: 'fill', fill: record.fill, filler: kept(fillers, record.fill, compileFill) };
  }
  if (record.adjustment) {
    const adjust = kept(adjusters, record.adjustment, compileAdjustment);
    return { kind: 'adjust', settings: record.adjustment, adjust };
  }
  if (record.kind !== 'group') return { kind: 'pixels', layer };
  return { kind: through ? 'through' : 'isolated', list: { items: planSiblings(document, record.id, solo) } };
}

function signatureOf(node: PlanNode, how: BlendHow, clips: readonly PlanItem[], record: LayerRecord): string {
  const list = listOf(node);
  const inner = list
    ? `${node.kind}(${list.items.map((item) => item.signature).join(',')})`
    : node.kind === 'pixels'
      ? record.id
      : JSON.stringify(node.kind === 'fill' ? node.fill : record.adjustment);
  const { enabled, density, outside, feather } = record.mask ?? layerMask(1);
  const mask = record.mask && enabled ? `m${record.id}${density}/${outside}/${feather}` : '';
  const clipped = clips.length > 0 ? `[${clips.map((clip) => clip.signature).join(',')}]` : '';
  return `${inner}:${how.opacity}:${how.mode}:${how.fill}${mask}${clipped}`;
}

function planLayer(
  document: PaintDocument,
  layer: Layer,
  clips: readonly PlanItem[],
  alone: boolean,
  solo: string | null,
): PlanItem {
  const { record } = layer;
  const named = blendModeIndex(record.blend);
  const node = nodeOf(document, layer, named === PASS_THROUGH && alone, solo);
  const mode = named === PASS_THROUGH ? 0 : named;
  const inSource = weakensSource(mode);
  const how: BlendHow = {
    opacity: inSource ? record.opacity : record.opacity * record.fillOpacity,
    mode,
    fill: inSource ? record.fillOpacity : 1,
  };
  const inner = listOf(node)?.items.flatMap((item) => item.layerIds) ?? [];
  return {
    ...how,
    node,
    mask: record.mask?.enabled ? { layer, settings: record.mask, canvas: document.canvas } : null,
    clips,
    signature: signatureOf(node, how, clips, record),
    layerIds: [record.id, ...inner, ...clips.flatMap((clip) => clip.layerIds)],
  };
}

function isSeen({ visible, opacity, fillOpacity, blend }: LayerRecord): boolean {
  return visible && opacity > 0 && (fillOpacity > 0 || weakensSource(blendModeIndex(blend)));
}

/** The layers of a group that are to be seen: with one alone, only that one, or the group it is in. */
function siblingsOf(document: PaintDocument, parent: string | null, solo: string | null): Layer[] {
  const { layers } = document;
  const siblings = layers.childrenOf(parent).map((id) => layers.get(id));
  if (solo === null || !layers.find(solo) || (parent !== null && layers.isWithin(parent, solo)))
    return siblings;
  return siblings.filter(({ record }) => layers.isWithin(solo, record.id));
}

function planSiblings(document: PaintDocument, parent: string | null, solo: string | null): PlanItem[] {
  const siblings = siblingsOf(document, parent, solo);
  const items: PlanItem[] = [];
  for (let i = 0; i < siblings.length;) {
    const base = siblings[i++] as Layer;
    const clips: PlanItem[] = [];
    // A clipped layer with nothing to be clipped to stands for itself.
    while (siblings[i]?.record.clipped) {
      const clipped = siblings[i++] as Layer;
      if (isSeen(clipped.record)) clips.push(planLayer(document, clipped, [], false, solo));
    }
    if (!isSeen(base.record) && base.record.id !== solo) continue;
    const item = planLayer(document, base, clips, clips.length === 0, solo);
    // A fully opaque pass-through group without a mask is its layers, standing where it stands.
    if (item.node.kind === 'through' && item.opacity === 1 && !item.mask) items.push(...item.node.list.items);
    else items.push(item);
  }
  return items;
}

/**
 * What has to be composited to show a document, hidden layers left out, clipping and pass-through resolved: a clipped
 * layer belongs to the nearest unclipped sibling below it and vanishes with it; a pass-through group that takes part
 * in clipping counts as isolated and normal.
 * @param solo a layer to be seen by itself, hidden or not; null for all.
 */
export function planDocument(document: PaintDocument, solo: string | null = null): PlanList {
  return { items: planSiblings(document, null, solo) };
}
