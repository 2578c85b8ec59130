import { CpuCompositor } from '../compositor/cpu.ts';
import type { Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { intersectRect, isEmptyRect, type Rect } from '../geometry/rect.ts';
import { layerRecord } from '../layers/layer-record.ts';
import type { SelectionMask } from '../selection/selection-mask.ts';
import { writeRegion } from '../tiles/region.ts';
import { cutPixels, tightBounds } from '../tiles/trim.ts';
import { compositeLayers, emptyLike, type MergedPixels, roomFor } from './merge-layers.ts';

/** Its alpha times what is selected of each pixel. */
function keepSelected({ rect, pixels }: MergedPixels, mask: SelectionMask): void {
  const selected = mask.read(rect);
  for (let i = 0; i < selected.length; i++) {
    const share = selected[i] as number;
    if (share === 0) pixels.fill(0, i * 4, i * 4 + 4);
    else if (share < 255) pixels[i * 4 + 3] = Math.round(((pixels[i * 4 + 3] as number) * share) / 255);
  }
}

/** As small as what is seen of it; null where nothing is. */
function trimmed({ rect, pixels }: MergedPixels): MergedPixels | null {
  const tight = tightBounds(pixels, rect);
  return isEmptyRect(tight) ? null : { rect: tight, pixels: cutPixels(pixels, rect, tight) };
}

/**
 * What a layer or a group shows by itself, at full opacity, within the selection: its own pixels where it is a layer of
 * pixels, with its mask.
 * @returns null where that is nothing.
 * @throws EngineError `unknown-layer`.
 */
export function copyLayer(
  document: PaintDocument,
  layerId: string,
  mask: SelectionMask | null,
): MergedPixels | null {
  const own = { opacity: 1, fillOpacity: 1, visible: true, blend: 'normal', clipped: false } as const;
  const copy = compositeLayers(document, [layerId], ({ id }) => (id === layerId ? own : {}), mask?.bounds());
  if (mask) keepSelected(copy, mask);
  return trimmed(copy);
}

/** What is seen of the canvas within the selection; null where that is nothing. */
export function copyVisible(document: PaintDocument, mask: SelectionMask | null): MergedPixels | null {
  const rect = mask ? intersectRect(mask.bounds(), document.canvas) : document.canvas;
  if (isEmptyRect(rect)) return null;
  const copy = { rect, pixels: roomFor(document, rect) };
  const compositor = new CpuCompositor(document);
  compositor.render(rect, copy.pixels);
  compositor.dispose();
  if (mask) keepSelected(copy, mask);
  return trimmed(copy);
}

/** Where a rectangle lies when its middle is that of another, on whole pixels. */
export function centredOn({ width, height }: Rect, around: Rect): { x: number; y: number } {
  return {
    x: Math.round(around.x + (around.width - width) / 2),
    y: Math.round(around.y + (around.height - height) / 2),
  };
}

/**
 * The changes that make a layer of copied pixels, of whatever depth they were.
 * @param at where their upper left corner goes.
 */
export function pasteChanges(
  document: PaintDocument,
  { rect, pixels }: MergedPixels,
  at: { readonly x: number; readonly y: number },
  layer: { readonly id: string; readonly name: string },
  place: { readonly parent: string | null; readonly index: number },
): Change[] {
  const target = { ...rect, ...at };
  const tiles = writeRegion(emptyLike(document), target, pixels);
  return [
    { type: 'layer-add', layer: { ...layerRecord(layer), parent: place.parent }, ...place },
    { type: 'tiles', layerId: layer.id, tiles },
  ];
}
