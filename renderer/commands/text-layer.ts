import type { Change } from '../engine/changes.ts';
import { layerRecord } from '../engine/layers/layer-record.ts';
import { writeRegion } from '../engine/tiles/region.ts';
import { colourFormat } from '../engine/tiles/tile.ts';
import { parseColour } from '../state/colour.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import type { TextSettings } from '../state/tool-store.ts';
import { baseline, cssFont, textBounds, textName } from '../tools/text/text-layout.ts';
import { placeAboveActive } from './layer-edits.ts';

/**
 * The changes that add text as a paint layer directly above the active one: coverage of the glyphs, as the page's canvas
 * draws them, in one colour.
 * @param id of the layer to be.
 * @param colour `#rrggbb`.
 * @returns no changes where nothing would be seen: no text, or all of it beyond the canvas.
 */
export function textLayerChanges(
  { document, activeLayerId }: Pick<DocumentSession, 'document' | 'activeLayerId'>,
  id: string,
  text: string,
  at: { readonly x: number; readonly y: number },
  settings: TextSettings,
  colour: string,
): Change[] {
  if (text.trim() === '') return [];
  const lines = text.split('\n');
  const ruler = new OffscreenCanvas(1, 1).getContext('2d');
  if (!ruler) return [];
  ruler.font = cssFont(settings);
  const widths = lines.map((line) => ruler.measureText(line).width);
  const rect = textBounds(at, widths, settings, document.canvas);
  if (rect.width === 0 || rect.height === 0) return [];
  const sheet = new OffscreenCanvas(rect.width, rect.height).getContext('2d');
  if (!sheet) return [];
  sheet.font = cssFont(settings);
  sheet.textAlign = settings.align;
  for (const [line, words] of lines.entries())
    sheet.fillText(words, at.x - rect.x, at.y - rect.y + baseline(line, settings));
  const pixels = sheet.getImageData(0, 0, rect.width, rect.height).data;
  const [red, green, blue] = parseColour(colour);
  for (let i = 0; i < pixels.length; i += 4) {
    if (pixels[i + 3] === 0) continue;
    pixels[i] = red;
    pixels[i + 1] = green;
    pixels[i + 2] = blue;
  }
  const source = { format: colourFormat(document.format.depth), get: () => undefined };
  const tiles = writeRegion(source, rect, pixels);
  if (tiles.length === 0) return [];
  const place = placeAboveActive({ document, activeLayerId });
  const layer = layerRecord({ id, name: textName(text), parent: place.parent });
  return [
    { type: 'layer-add', layer, ...place },
    { type: 'tiles', layerId: id, tiles },
  ];
}
