import type { DocumentFormat } from '../../engine/document-format.ts';
import { EMPTY_RECT, intersectRect, isEmptyRect, type Rect } from '../../engine/geometry/rect.ts';
import type { LayerText } from '../../engine/layers/layer-text.ts';
import { writeRegion } from '../../engine/tiles/region.ts';
import { colourFormat, TILE_SIZE, tileRange, type TileChange } from '../../engine/tiles/tile.ts';
import type { Quad } from '../../engine/transform/projective.ts';
import { mappedBounds } from '../../engine/transform/resample.ts';
import { parseColour } from '../../state/colour.ts';
import { baseline, cssFont, inkBox, lineDirection, textFigure, type LineExtent } from './text-layout.ts';

/** Tiles across and down that are drawn at once. */
const SHEET_TILES = 4;
const SHEET = SHEET_TILES * TILE_SIZE;

type Context = OffscreenCanvasRenderingContext2D;

let ruler: Context | null = null;

/** Sets the letters; `place` and colour are the caller's. */
function setLetters(context: Context, text: LayerText): void {
  context.font = cssFont(text);
  context.letterSpacing = `${text.spacing * text.size}px`;
  context.textAlign = text.align;
  // Widths that do not depend on the pixels they fall on, so that turned and scaled text keeps its lines.
  context.textRendering = 'geometricPrecision';
}

function extents(text: LayerText): LineExtent[] {
  ruler ??= new OffscreenCanvas(1, 1).getContext('2d');
  const context = ruler;
  if (!context) return [];
  setLetters(context, text);
  return text.text.split('\n').map((line) => {
    context.direction = lineDirection(line);
    const measured = context.measureText(line);
    return {
      advance: measured.width,
      left: measured.actualBoundingBoxLeft,
      right: measured.actualBoundingBoxRight,
      ascent: measured.actualBoundingBoxAscent,
      descent: measured.actualBoundingBoxDescent,
    };
  });
}

/** The figure around text, in document pixels. */
export function figureOf(text: LayerText): Quad {
  return textFigure(
    extents(text).map(({ advance }) => advance),
    text,
  );
}

/** Pictographs bring colours of their own; all other letters have exactly the one that was chosen. */
function colourOwn(pixels: Uint8ClampedArray, text: LayerText): void {
  if (/\p{Extended_Pictographic}/u.test(text.text)) return;
  const [red, green, blue] = parseColour(text.colour);
  for (let i = 0; i < pixels.length; i += 4) {
    if (pixels[i + 3] === 0) continue;
    pixels[i] = red;
    pixels[i + 1] = green;
    pixels[i + 2] = blue;
  }
}

/** The colour as a canvas of the document's colour space takes it, without conversion. */
function cssColour({ colour }: LayerText, colourSpace: PredefinedColorSpace): string {
  if (colourSpace === 'srgb') return colour;
  const [red, green, blue] = parseColour(colour);
  return `color(${colourSpace} ${red / 255} ${green / 255} ${blue / 255})`;
}

/**
 * Draws text as the page's canvas shapes it (any script, the system's fonts), a sheet of some tiles at a time.
 * @param reach what may be drawn on; what lies beyond is left out.
 * @returns tiles that hold ink, in the document's depth.
 */
export function drawText(text: LayerText, format: DocumentFormat, reach: Rect): TileChange[] {
  const lines = extents(text);
  const ink = inkBox(lines, text);
  const rect = ink.width > 0 ? intersectRect(mappedBounds(text.place, ink), reach) : EMPTY_RECT;
  if (isEmptyRect(rect)) return [];
  const context = new OffscreenCanvas(SHEET, SHEET).getContext('2d', {
    colorSpace: format.colourSpace,
    willReadFrequently: true,
  });
  if (!context) return [];
  const empty = { format: colourFormat(format.depth), get: () => undefined };
  const { a, b, c, d, e, f } = text.place;
  const range = tileRange(rect);
  const tiles: TileChange[] = [];
  for (let ty = range.y0; ty < range.y1; ty += SHEET_TILES) {
    for (let tx = range.x0; tx < range.x1; tx += SHEET_TILES) {
      const sheet = { x: tx * TILE_SIZE, y: ty * TILE_SIZE, width: SHEET, height: SHEET };
      context.resetTransform();
      context.clearRect(0, 0, SHEET, SHEET);
      context.setTransform(a, b, c, d, e - sheet.x, f - sheet.y);
      setLetters(context, text);
      context.fillStyle = cssColour(text, format.colourSpace);
      for (const [i, line] of text.text.split('\n').entries()) {
        context.direction = lineDirection(line);
        context.fillText(line, 0, baseline(i, text));
      }
      const pixels = context.getImageData(0, 0, SHEET, SHEET, { colorSpace: format.colourSpace }).data;
      colourOwn(pixels, text);
      tiles.push(...writeRegion(empty, sheet, pixels).filter(({ data }) => data !== null));
    }
  }
  return tiles;
}
