import type { Change } from '../../engine/changes.ts';
import type { PaintDocument } from '../../engine/document.ts';
import type { Rect } from '../../engine/geometry/rect.ts';
import { layerRecord } from '../../engine/layers/layer-record.ts';
import type { LayerText } from '../../engine/layers/layer-text.ts';
import { drawText } from './draw-text.ts';
import { textName } from './text-layout.ts';

/** Text may stand half off the picture and come back, but not reach endlessly beyond it. */
function reachOf({ width, height }: PaintDocument): Rect {
  const margin = Math.max(width, height);
  return { x: -margin, y: -margin, width: width + 2 * margin, height: height + 2 * margin };
}

/**
 * The changes that add text as a layer of its own.
 * @param id of the layer to be.
 */
export function newTextChanges(
  document: PaintDocument,
  id: string,
  text: LayerText,
  place: { readonly parent: string | null; readonly index: number },
): Change[] {
  const layer = layerRecord({ id, name: textName(text.text), parent: place.parent, text });
  return [
    { type: 'layer-add', layer, ...place },
    { type: 'tiles', layerId: id, tiles: drawText(text, document.format, reachOf(document)) },
  ];
}

/** The changes that write a layer's text again. A name that came from the text follows it. */
export function rewriteTextChanges(document: PaintDocument, layerId: string, text: LayerText): Change[] {
  const { record, tiles: present } = document.layers.get(layerId);
  const tiles = drawText(text, document.format, reachOf(document));
  const kept = new Set(tiles.map(({ x, y }) => `${x},${y}`));
  for (const { x, y } of present.entries()) if (!kept.has(`${x},${y}`)) tiles.push({ x, y, data: null });
  const named = record.name === textName(record.text?.text ?? '') && text.text.trim() !== '';
  return [
    { type: 'tiles', layerId, tiles },
    { type: 'layer-props', layerId, props: { text, ...(named ? { name: textName(text.text) } : {}) } },
  ];
}
