import type { Change } from '../changes.ts';
import { CpuCompositor } from '../compositor/cpu.ts';
import { PaintDocument } from '../document.ts';
import { EngineError } from '../error.ts';
import { EMPTY_RECT, intersectRect, isEmptyRect, unionRect, type Rect } from '../geometry/rect.ts';
import { holdsPixels, type LayerRecord } from '../layers/layer-record.ts';
import { withoutText } from '../layers/layer-text.ts';
import { writeRegion } from '../tiles/region.ts';
import { TileMap } from '../tiles/tile-map.ts';
import { colourFormat, type TileChange } from '../tiles/tile.ts';

/** Pixels of a rectangle: RGBA, straight, as deep as the document. */
export interface MergedPixels {
  readonly rect: Rect;
  readonly pixels: Uint8ClampedArray<ArrayBuffer> | Uint16Array<ArrayBuffer>;
}

/**
 * Composites some siblings by themselves over nothing, beyond the canvas too.
 * @param ids siblings, bottom to top; groups come with what stands in them.
 * @param adjust what to change of a record first, for instance its visibility.
 * @param within what lies beyond it is left out.
 */
export function compositeLayers(
  document: PaintDocument,
  ids: readonly string[],
  adjust: (record: LayerRecord) => Partial<LayerRecord>,
  within?: Rect,
): MergedPixels {
  const apart = new PaintDocument(document.width, document.height, [], document.format);
  let rect = EMPTY_RECT;
  for (const id of ids) {
    for (const layer of document.layers.subtree(id)) {
      const record = { ...layer.record, ...adjust(layer.record) };
      const parent = record.id === id ? null : record.parent;
      const index = apart.layers.childrenOf(parent).length;
      apart.apply([{ type: 'layer-add', layer: record, parent, index }]);
      apart.layers.get(record.id).share(layer);
      rect = unionRect(rect, record.kind === 'fill' ? document.canvas : layer.tiles.bounds());
    }
  }
  if (within) rect = intersectRect(rect, within);
  const compositor = new CpuCompositor(apart);
  const pixels = roomFor(document, rect);
  compositor.render(rect, pixels);
  compositor.dispose();
  return { rect, pixels };
}

/** Room for a rectangle's pixels in the document's depth. */
export function roomFor({ format }: PaintDocument, { width, height }: Rect): MergedPixels['pixels'] {
  const length = width * height * 4;
  return format.depth === 16 ? new Uint16Array(length) : new Uint8ClampedArray(length);
}

/** No tiles, in the document's depth. */
export function emptyLike({ format }: PaintDocument): TileMap {
  return new TileMap(colourFormat(format.depth));
}

/** The tile changes after which a layer holds exactly these pixels. */
function replacePixels(
  document: PaintDocument,
  layerId: string,
  { rect, pixels }: MergedPixels,
): TileChange[] {
  const after = isEmptyRect(rect) ? [] : writeRegion(emptyLike(document), rect, pixels);
  const kept = new Set(after.map(({ x, y }) => `${x},${y}`));
  const gone = [...document.layers.get(layerId).tiles.entries()].filter(({ x, y }) => !kept.has(`${x},${y}`));
  return [...after, ...gone.map(({ x, y }) => ({ x, y, data: null }))];
}

/**
 * Merges a layer into the one below it, which keeps its name, mode and place; opacities and masks become part of the pixels.
 * @throws EngineError `unknown-layer`; `invalid-parent` when nothing stands below it or what does is a group;
 * `layer-locked` when either is locked; `layer-hidden` when the lower one is.
 */
export function mergeDownChanges(document: PaintDocument, layerId: string): Change[] {
  const upper = document.layers.get(layerId).record;
  const belowId = document.layers.childrenOf(upper.parent)[document.layers.indexOf(layerId) - 1];
  const below = belowId === undefined ? undefined : document.layers.get(belowId).record;
  if (!below || !holdsPixels(below.kind)) {
    throw new EngineError(
      'invalid-parent',
      `There is no layer of pixels below "${upper.name}" to merge it into.`,
    );
  }
  for (const { locked, name } of [upper, below]) {
    if (locked) throw new EngineError('layer-locked', `"${name}" is locked; unlock it to merge.`);
  }
  // Its pixels would be lost from the result, or the upper layer's from sight.
  if (!below.visible)
    throw new EngineError('layer-hidden', `"${below.name}" is hidden; show it to merge into it.`);
  const bottom: Partial<LayerRecord> = { blend: 'normal', clipped: false };
  // Two layers clipped to the same base stand side by side: the upper one is not clipped to the lower.
  const top: Partial<LayerRecord> = { clipped: upper.clipped && !below.clipped };
  const merged = compositeLayers(document, [below.id, layerId], (record) =>
    record.id === below.id ? bottom : record.id === layerId ? top : {},
  );
  return [
    { type: 'tiles', layerId: below.id, tiles: replacePixels(document, below.id, merged) },
    {
      type: 'layer-props',
      layerId: below.id,
      props: { opacity: 1, fillOpacity: 1, mask: null, ...withoutText(below) },
    },
    { type: 'layer-remove', layerId },
  ];
}

/**
 * Turns a group into one layer of pixels in its place, with its opacity, mode and clipping kept as properties; its mask becomes
 * part of the pixels.
 * @param newId of the layer that replaces it.
 * @throws EngineError `unknown-layer`; `invalid-parent` when it is no group; `layer-locked`.
 */
export function mergeGroupChanges(document: PaintDocument, groupId: string, newId: string): Change[] {
  const { record } = document.layers.get(groupId);
  if (record.kind !== 'group') throw new EngineError('invalid-parent', `"${record.name}" is not a group.`);
  if (record.locked) throw new EngineError('layer-locked', `"${record.name}" is locked; unlock it to merge.`);
  const merged = compositeLayers(document, [groupId], ({ id }) =>
    id === groupId ? { opacity: 1, fillOpacity: 1, visible: true, blend: 'normal', clipped: false } : {},
  );
  const blend = record.blend === 'pass-through' ? 'normal' : record.blend;
  const layer: LayerRecord = { ...record, id: newId, kind: 'paint', blend, mask: null };
  const tiles = isEmptyRect(merged.rect) ? [] : writeRegion(emptyLike(document), merged.rect, merged.pixels);
  const index = document.layers.indexOf(groupId);
  return [
    { type: 'layer-remove', layerId: groupId },
    { type: 'layer-add', layer, parent: record.parent, index },
    { type: 'tiles', layerId: newId, tiles },
  ];
}

/**
 * A copy of a layer, or of a group with all that stands in it, directly above it. Pixels are shared until one is painted on.
 * @param newId gives an id for each copied layer, called with the id it had.
 * @throws EngineError `unknown-layer`.
 */
export function duplicateChanges(
  document: PaintDocument,
  layerId: string,
  newId: (id: string) => string,
): Change[] {
  const ids = new Map<string, string>();
  const changes: Change[] = [];
  for (const { record, tiles, mask } of document.layers.subtree(layerId)) {
    const id = newId(record.id);
    ids.set(record.id, id);
    const own = record.id === layerId;
    const parent = own ? record.parent : (ids.get(record.parent ?? '') ?? null);
    const index = document.layers.indexOf(record.id) + (own ? 1 : 0);
    changes.push({ type: 'layer-add', layer: { ...record, id, parent }, parent, index });
    if (tiles.size > 0) changes.push({ type: 'tiles', layerId: id, tiles: tiles.toChanges() });
    if (mask.tiles.size > 0) changes.push({ type: 'mask-tiles', layerId: id, tiles: mask.tiles.toChanges() });
  }
  return changes;
}
