import type { Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { EngineError } from '../error.ts';
import { holdsPixels } from '../layers/layer-record.ts';
import { withoutText } from '../layers/layer-text.ts';
import type { Layer } from '../layers/layer.ts';
import { layerMask, type LayerMask } from '../layers/layer-mask.ts';
import type { SelectionMask } from '../selection/selection-mask.ts';
import { type PixelFormat, tileRange, tileSamples, type TileChange } from '../tiles/tile.ts';

/** The mask that a layer has. @throws EngineError `no-mask`. */
function maskOf({ record }: Layer): LayerMask {
  if (record.mask === null) throw new EngineError('no-mask', `"${record.name}" has no mask.`);
  return record.mask;
}

/**
 * Gives a layer a mask that shows what is selected, or all; replaces one that it has.
 * @param selection null for a mask that shows everything.
 * @throws EngineError `unknown-layer`.
 */
export function addMaskChanges(
  document: PaintDocument,
  layerId: string,
  selection: SelectionMask | null,
): Change[] {
  const layer = document.layers.get(layerId);
  const changes: Change[] = [
    // What an earlier mask held must not show in the new one.
    ...(layer.mask.tiles.size > 0 ? [{ type: 'layer-props' as const, layerId, props: { mask: null } }] : []),
    { type: 'layer-props', layerId, props: { mask: layerMask(selection ? 0 : 1) } },
  ];
  if (!selection) return changes;
  return [...changes, { type: 'mask-tiles', layerId, tiles: maskTiles(selection, layer.mask.format) }];
}

/** A selection as the tiles of a mask that hides everything else. */
export function maskTiles(selection: SelectionMask, format: PixelFormat): TileChange[] {
  const tiles: TileChange[] = [];
  const range = tileRange(selection.bounds());
  for (let y = range.y0; y < range.y1; y++) {
    for (let x = range.x0; x < range.x1; x++) {
      const selected = selection.get(x, y);
      if (!selected) continue;
      const data = new Uint8Array(format.tileBytes);
      const samples = tileSamples(data, format);
      for (let i = 0; i < samples.length; i++)
        samples[i] = Math.round(((selected[i] as number) / 255) * format.maximum);
      tiles.push({ x, y, data });
    }
  }
  return tiles;
}

/** Shows what a mask hid and hides what it showed. @throws EngineError `unknown-layer`, `no-mask`. */
export function invertMaskChanges(document: PaintDocument, layerId: string): Change[] {
  const layer = document.layers.get(layerId);
  const mask = maskOf(layer);
  const { format, tiles } = layer.mask;
  const inverted = [...tiles.entries()].map(({ x, y, data }): TileChange => {
    const bytes = Uint8Array.from(data);
    const samples = tileSamples(bytes, format);
    for (let i = 0; i < samples.length; i++) samples[i] = format.maximum - (samples[i] as number);
    return { x, y, data: bytes };
  });
  return [
    { type: 'layer-props', layerId, props: { mask: { ...mask, outside: 1 - mask.outside } } },
    { type: 'mask-tiles', layerId, tiles: inverted },
  ];
}

/**
 * Makes what a mask hides part of a layer's pixels, and takes the mask away: the picture stays the same. Text becomes pixels.
 * @throws EngineError `unknown-layer`, `no-mask`; `layer-not-paintable` on a layer without pixels of its own; `layer-locked`.
 */
export function applyMaskChanges(document: PaintDocument, layerId: string): Change[] {
  const layer = document.layers.get(layerId);
  const mask = maskOf(layer);
  const { record } = layer;
  if (!holdsPixels(record.kind))
    throw new EngineError('layer-not-paintable', `"${record.name}" has no pixels to apply its mask to.`);
  if (record.locked)
    throw new EngineError('layer-locked', `"${record.name}" is locked; unlock it to apply its mask.`);
  const { maximum } = layer.mask.format;
  const tiles = [...layer.tiles.entries()].flatMap(({ x, y, data }): TileChange[] => {
    const values = layer.maskTile(x, y, document.canvas);
    const shown = values && tileSamples(values, layer.mask.format);
    const bytes = Uint8Array.from(data);
    const samples = tileSamples(bytes, layer.format);
    let rest = 0;
    for (let i = 3; i < samples.length; i += 4) {
      const value = (shown ? (shown[i >> 2] as number) : layer.maskOutside) / maximum;
      const alpha = Math.round((samples[i] as number) * (1 - mask.density * (1 - value)));
      samples[i] = alpha;
      rest |= alpha;
    }
    return [{ x, y, data: rest === 0 ? null : bytes }];
  });
  return [
    { type: 'tiles', layerId, tiles: mask.enabled ? tiles : [] },
    { type: 'layer-props', layerId, props: { mask: null, ...withoutText(record) } },
  ];
}
