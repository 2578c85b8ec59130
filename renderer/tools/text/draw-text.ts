import type { DocumentFormat } from '../../engine/document-format.ts';
import { EMPTY_RECT, intersectRect, isEmptyRect, type Rect } from '../../engine/geometry/rect.ts';
import type { LayerText } from '../../engine/layers/layer-text.ts';
import { writeRegion } from '../../engine/tiles/region.ts';
import { colourFormat, TILE_SIZE, tileRange, tileRect, type TileChange } from '../../engine/tiles/tile.ts';
import type { Quad } from '../../engine/transform/projective.ts';
import { mappedBounds } from '../../engine/transform/resample.ts';
import { parseColour } from '../../state/colour.ts';
import { setLines, type SetLine } from './set-lines.ts';
import { cssFont, inkBox, lineInk, textFigure, type LineExtent } from './text-layout.ts';

/**
 * Letters higher than this, in pixels of the canvas, are filled as outlines (Skia's `SkStrikeSpec::ShouldDrawAsPath`, which
 * looks along either axis); smaller ones are drawn by the system, which hints and thickens them in its own way.
 */
const OUTLINES_FROM = 260;
/** Most canvas pixels that stand side by side for one of the document's. */
const MOST_ACROSS = 64;
/** Canvas pixels that one strip of a tile may be wide. */
const STRIP = 4096;
/** Letters that bring colours of their own. */
const PICTOGRAPH = /\p{Extended_Pictographic}/u;

type Context = OffscreenCanvasRenderingContext2D;

let ruler: Context | null = null;

/** Sets the letters; `place`, lines and colour are the caller's. */
function setLetters(context: Context, text: LayerText): void {
  context.font = cssFont(text);
  context.letterSpacing = `${text.spacing * text.size}px`;
  context.wordSpacing = '0px';
  context.textAlign = 'left';
  // Widths that do not depend on the pixels they fall on, so that turned and scaled text keeps its lines.
  context.textRendering = 'geometricPrecision';
}

function setLine(context: Context, line: SetLine): void {
  context.letterSpacing = `${line.letterSpacing}px`;
  context.wordSpacing = `${line.wordSpacing}px`;
  context.textAlign = line.align;
  context.direction = line.direction;
}

interface Measured {
  readonly line: SetLine;
  readonly extent: LineExtent;
}

function measureText(text: LayerText): Measured[] {
  ruler ??= new OffscreenCanvas(1, 1).getContext('2d');
  const context = ruler;
  if (!context) return [];
  setLetters(context, text);
  const lines = setLines(text, (line) => context.measureText(line).width);
  return lines.map((line) => {
    setLine(context, line);
    const measured = context.measureText(line.text);
    const extent = {
      x: line.x,
      y: line.y,
      advance: measured.width,
      left: measured.actualBoundingBoxLeft,
      right: measured.actualBoundingBoxRight,
      ascent: measured.actualBoundingBoxAscent,
      descent: measured.actualBoundingBoxDescent,
    };
    return { line, extent };
  });
}

/** The figure around text, in document pixels. */
export function figureOf(text: LayerText): Quad {
  return textFigure(
    measureText(text).map(({ extent }) => extent),
    text,
  );
}

/** The colour as a canvas of the document's colour space takes it, without conversion. */
function cssColour({ colour }: LayerText, colourSpace: PredefinedColorSpace): string {
  if (colourSpace === 'srgb') return colour;
  const [red, green, blue] = parseColour(colour);
  return `color(${colourSpace} ${red / 255} ${green / 255} ${blue / 255})`;
}

/** How many canvas pixels stand side by side for one of the document's, so that letters are filled as outlines. */
function magnification({ text, size, place: { a, b, c, d } }: LayerText): number {
  if (PICTOGRAPH.test(text)) return 1;
  const across = size * Math.max(Math.abs(a), Math.abs(c));
  if (size * Math.max(Math.hypot(a, b), Math.hypot(c, d)) > OUTLINES_FROM || across === 0) return 1;
  return Math.min(MOST_ACROSS, 2 ** Math.ceil(Math.log2(OUTLINES_FROM / across)));
}

/** Averages the cover of `across` canvas pixels at a time, in the text's own colour. */
function putCover(
  canvas: Uint8ClampedArray,
  across: number,
  { x, width }: Rect,
  [red, green, blue]: readonly [number, number, number],
  tile: Uint8ClampedArray,
): void {
  for (let y = 0; y < TILE_SIZE; y++) {
    for (let column = 0; column < width; column++) {
      let cover = 0;
      const from = (y * width + column) * across;
      for (let i = 0; i < across; i++) cover += canvas[(from + i) * 4 + 3] as number;
      if (cover === 0) continue;
      const to = (y * TILE_SIZE + x + column) * 4;
      tile[to] = red;
      tile[to + 1] = green;
      tile[to + 2] = blue;
      tile[to + 3] = Math.round(cover / across);
    }
  }
}

/**
 * Draws text as the page's canvas shapes it: any script, in bundled fonts and the system's. Letters are filled as outlines
 * whatever their size, so that a font gives the same pixels whichever way a system draws small letters.
 * @param reach what may be drawn on; what lies beyond is left out.
 * @returns tiles that hold ink, in the document's depth.
 */
export function drawText(text: LayerText, format: DocumentFormat, reach: Rect): TileChange[] {
  const measured = measureText(text);
  const ink = inkBox(measured.map(({ extent }) => extent));
  const rect = ink.width > 0 ? intersectRect(mappedBounds(text.place, ink), reach) : EMPTY_RECT;
  if (isEmptyRect(rect)) return [];
  const across = magnification(text);
  const columns = Math.min(TILE_SIZE, STRIP / across);
  const context = new OffscreenCanvas(columns * across, TILE_SIZE).getContext('2d', {
    colorSpace: format.colourSpace,
    willReadFrequently: true,
  });
  if (!context) return [];
  setLetters(context, text);
  context.fillStyle = cssColour(text, format.colourSpace);
  const lines = measured.map(({ line, extent }) => ({
    line,
    bounds: mappedBounds(text.place, lineInk(extent)),
  }));
  const colour = parseColour(text.colour);
  const { a, b, c, d, e, f } = text.place;
  const empty = { format: colourFormat(format.depth), get: () => undefined };
  const range = tileRange(rect);
  const tiles: TileChange[] = [];
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const tile = tileRect(tx, ty);
      const here = lines.filter(({ bounds }) => !isEmptyRect(intersectRect(bounds, tile)));
      if (here.length === 0) continue;
      let pixels = new Uint8ClampedArray(TILE_SIZE * TILE_SIZE * 4);
      for (let x = 0; x < TILE_SIZE; x += columns) {
        context.resetTransform();
        context.clearRect(0, 0, columns * across, TILE_SIZE);
        context.setTransform(a * across, b, c * across, d, (e - tile.x - x) * across, f - tile.y);
        for (const { line } of here) {
          setLine(context, line);
          context.fillText(line.text, line.x, line.y);
        }
        const { data } = context.getImageData(0, 0, columns * across, TILE_SIZE, {
          colorSpace: format.colourSpace,
        });
        if (PICTOGRAPH.test(text.text)) pixels = data;
        else putCover(data, across, { x, y: 0, width: columns, height: TILE_SIZE }, colour, pixels);
      }
      tiles.push(...writeRegion(empty, tile, pixels).filter(({ data }) => data !== null));
    }
  }
  return tiles;
}
