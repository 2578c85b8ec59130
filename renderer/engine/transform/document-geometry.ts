import { pixelChange, type Change } from '../changes.ts';
import type { PaintDocument } from '../document.ts';
import { EngineError } from '../error.ts';
import { isEmptyRect, type Rect } from '../geometry/rect.ts';
import { mappedFill } from '../layers/fill.ts';
import { WIDEST_FEATHER } from '../layers/layer-mask.ts';
import { holdsPixels } from '../layers/layer-record.ts';
import { mappedText } from '../layers/layer-text.ts';
import type { TileMap } from '../tiles/tile-map.ts';
import type { TileChange } from '../tiles/tile.ts';
import { IDENTITY, scaling, translation, type Affine } from './affine.ts';
import { movePlane } from './move-plane.ts';
import { scalePlane, type Size } from './scale-plane.ts';

/** Longest canvas edge in pixels. */
const LONGEST = 16384;

type Redraw = (tiles: TileMap, outside: number) => TileChange[];

function checkSize({ width, height }: Size): void {
  const fits = [width, height].every((edge) => Number.isInteger(edge) && edge >= 1 && edge <= LONGEST);
  if (!fits) {
    throw new EngineError(
      'invalid-size',
      `A canvas of ${width} × ${height} pixels is not possible; edges go from 1 to ${LONGEST}.`,
    );
  }
}

/** Every plane of every layer redrawn, gradients and text moved along, and the canvas set. Locks do not matter: nothing is painted. */
function redrawAll(document: PaintDocument, canvas: Size, redraw: Redraw, map: Affine): Change[] {
  const changes: Change[] = [];
  for (const layer of document.layers.all()) {
    const { id, kind, fill, mask, text } = layer.record;
    if (fill?.type === 'gradient')
      changes.push({ type: 'layer-props', layerId: id, props: { fill: mappedFill(fill, map) } });
    if (text) changes.push({ type: 'layer-props', layerId: id, props: { text: mappedText(text, map) } });
    if (holdsPixels(kind) && layer.tiles.size > 0)
      changes.push(pixelChange('pixels', id, redraw(layer.tiles, 0)));
    if (mask !== null && layer.mask.tiles.size > 0)
      changes.push(pixelChange('mask', id, redraw(layer.mask.tiles, layer.maskOutside)));
  }
  if (canvas.width !== document.width || canvas.height !== document.height)
    changes.push({ type: 'canvas', ...canvas });
  return changes;
}

/**
 * Crop, or a larger canvas: `rect` becomes the canvas, in the present document's pixels. What layers hold beyond it is
 * kept, so nothing is lost by cropping; a larger canvas shows it again.
 * @throws EngineError `invalid-size` unless the rectangle is of whole pixels and 1..16384 along each edge.
 */
export function cropChanges(document: PaintDocument, rect: Rect): Change[] {
  checkSize(rect);
  if (isEmptyRect(rect) || !Number.isInteger(rect.x) || !Number.isInteger(rect.y))
    throw new EngineError('invalid-size', 'A crop is of whole pixels.');
  const map = translation(-rect.x, -rect.y);
  const redraw: Redraw = (tiles, outside) =>
    rect.x === 0 && rect.y === 0 ? [] : movePlane(tiles, outside, map);
  const size = { width: rect.width, height: rect.height };
  const changes = redrawAll(document, size, redraw, map);
  return changes.filter((change) => !('tiles' in change) || change.tiles.length > 0);
}

/**
 * Scales the whole picture, all layers and masks, with their pixels resampled.
 * @throws EngineError `invalid-size` unless both edges are whole numbers of 1..16384.
 */
export function scaleDocumentChanges(document: PaintDocument, size: Size): Change[] {
  checkSize(size);
  const { width, height } = document;
  if (size.width === width && size.height === height) return [];
  const redraw: Redraw = (tiles, outside) => scalePlane(tiles, outside, { width, height }, size);
  const soft = softEdgesScaled(document, Math.sqrt((size.width * size.height) / (width * height)));
  return [...redrawAll(document, size, redraw, scaling(size.width / width, size.height / height)), ...soft];
}

/** Feathers of masks, as wide in the picture as before. */
function softEdgesScaled(document: PaintDocument, scale: number): Change[] {
  return [...document.layers.all()].flatMap(({ record: { id, mask } }): Change[] => {
    if (!mask || mask.feather === 0) return [];
    const feather = Math.min(WIDEST_FEATHER, mask.feather * scale);
    return [{ type: 'layer-props', layerId: id, props: { mask: { ...mask, feather } } }];
  });
}

/** Ways to turn or mirror a whole picture without touching a pixel's value. */
export const TURNS = ['left', 'right', 'half', 'flip-across', 'flip-down'] as const;

/** One of them: a quarter turn to either side, half a turn, left and right or top and bottom exchanged. */
export type Turn = (typeof TURNS)[number];

/** Turns or mirrors the whole picture, all layers and masks, bit for bit. */
export function turnDocumentChanges(document: PaintDocument, turn: Turn): Change[] {
  const { width, height } = document;
  const canvas = turn === 'left' || turn === 'right' ? { width: height, height: width } : { width, height };
  const map = turnMap(turn, width, height);
  return redrawAll(document, canvas, (tiles, outside) => movePlane(tiles, outside, map), map);
}

/** The map of points that a turn is. @param width of the picture before it. */
export function turnMap(turn: Turn, width: number, height: number): Affine {
  switch (turn) {
    case 'left':
      return { a: 0, b: -1, c: 1, d: 0, e: 0, f: width };
    case 'right':
      return { a: 0, b: 1, c: -1, d: 0, e: height, f: 0 };
    case 'half':
      return { a: -1, b: 0, c: 0, d: -1, e: width, f: height };
    case 'flip-across':
      return { ...IDENTITY, a: -1, e: width };
    case 'flip-down':
      return { ...IDENTITY, d: -1, f: height };
  }
}
