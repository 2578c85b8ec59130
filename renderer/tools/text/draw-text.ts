import type { DocumentFormat } from '../../engine/document-format.ts';
import { EMPTY_RECT, intersectRect, isEmptyRect, type Rect } from '../../engine/geometry/rect.ts';
import type { LayerText, LetterStyle } from '../../engine/layers/layer-text.ts';
import { writeRegion } from '../../engine/tiles/region.ts';
import { colourFormat, TILE_SIZE, tileRange, tileRect, type TileChange } from '../../engine/tiles/tile.ts';
import type { Affine } from '../../engine/transform/affine.ts';
import type { Quad } from '../../engine/transform/projective.ts';
import { mappedBounds } from '../../engine/transform/resample.ts';
import { parseColour } from '../../state/colour.ts';
import { setLines, type SetLine, type SetPart } from './set-lines.ts';
import { cssFont, inkBox, lineInk, textFigure, type LineExtent, type LinesHeight } from './text-layout.ts';

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

/** Letters that look alike in their place, as a 2D canvas draws them. */
interface PlacedPart extends SetPart {
  readonly line: SetLine;
  readonly extent: LineExtent;
}

interface PlacedText extends LinesHeight {
  readonly parts: readonly PlacedPart[];
  /** One a line: where it begins and how wide it is. */
  readonly lines: readonly LineExtent[];
}

/** Sets the letters; `place` and colour are the caller's. */
function setLetters(context: Context, style: LetterStyle, line?: SetLine): void {
  context.font = cssFont(style);
  context.letterSpacing = `${style.spacing * style.size + (line?.letterSpacing ?? 0)}px`;
  context.wordSpacing = `${line?.wordSpacing ?? 0}px`;
  context.textAlign = 'left';
  context.direction = line?.direction ?? 'ltr';
  // Widths that do not depend on the pixels they fall on, so that turned and scaled text keeps its lines.
  context.textRendering = 'geometricPrecision';
}

function placeText(text: LayerText): PlacedText {
  ruler ??= new OffscreenCanvas(1, 1).getContext('2d');
  const context = ruler;
  if (!context) return { parts: [], lines: [], top: 0, bottom: 0 };
  const { lines, top, bottom } = setLines(text, (part) => {
    setLetters(context, part.style);
    return context.measureText(part.text).width;
  });
  const placed = lines.map((line) => placeLine(context, line));
  return {
    parts: placed.flatMap(({ parts }) => parts),
    lines: placed.map(({ extent }) => extent),
    top,
    bottom,
  };
}

function placeLine(context: Context, line: SetLine): { parts: PlacedPart[]; extent: LineExtent } {
  const measured = line.parts.map((part) => {
    setLetters(context, part.style, line);
    return { part, metrics: context.measureText(part.text) };
  });
  const advance = measured.reduce((sum, { metrics }) => sum + metrics.width, 0);
  const x = line.x - (line.align === 'left' ? 0 : line.align === 'center' ? advance / 2 : advance);
  let at = x;
  // A line that runs from right to left has its first letters at its right.
  const across = line.direction === 'rtl' ? measured.toReversed() : measured;
  const parts = across.map(({ part, metrics }): PlacedPart => {
    const extent = {
      x: at,
      y: line.y,
      advance: metrics.width,
      left: metrics.actualBoundingBoxLeft,
      right: metrics.actualBoundingBoxRight,
      ascent: metrics.actualBoundingBoxAscent,
      descent: metrics.actualBoundingBoxDescent,
    };
    at += metrics.width;
    return { ...part, line, extent };
  });
  return { parts, extent: { x, y: line.y, advance, left: 0, right: advance, ascent: 0, descent: 0 } };
}

/** The figure around text, in document pixels. */
export function figureOf(text: LayerText): Quad {
  const { lines, top, bottom } = placeText(text);
  return textFigure(lines, { top, bottom }, text);
}

/** The colour as a canvas of the document's colour space takes it, without conversion. */
function cssColour({ colour }: LetterStyle, colourSpace: PredefinedColorSpace): string {
  if (colourSpace === 'srgb') return colour;
  const [red, green, blue] = parseColour(colour);
  return `color(${colourSpace} ${red / 255} ${green / 255} ${blue / 255})`;
}

/** How many canvas pixels stand side by side for one of the document's, so that letters are filled as outlines. */
function magnification({ text, place: { a, b, c, d } }: LayerText, size: number): number {
  if (PICTOGRAPH.test(text)) return 1;
  const across = size * Math.max(Math.abs(a), Math.abs(c));
  if (size * Math.max(Math.hypot(a, b), Math.hypot(c, d)) > OUTLINES_FROM || across === 0) return 1;
  return Math.min(MOST_ACROSS, 2 ** Math.ceil(Math.log2(OUTLINES_FROM / across)));
}

/** Lays the cover of `across` canvas pixels at a time over a tile, in one colour. */
function putCover(
  canvas: Uint8ClampedArray,
  across: number,
  { x, width }: Rect,
  colour: readonly [number, number, number],
  tile: Uint8ClampedArray,
): void {
  for (let y = 0; y < TILE_SIZE; y++) {
    for (let column = 0; column < width; column++) {
      let cover = 0;
      const from = (y * width + column) * across;
      for (let i = 0; i < across; i++) cover += canvas[(from + i) * 4 + 3] as number;
      if (cover === 0) continue;
      const to = (y * TILE_SIZE + x + column) * 4;
      const above = cover / across;
      const below = (tile[to + 3] as number) * (1 - above / 255);
      for (let i = 0; i < 3; i++)
        tile[to + i] = ((colour[i] as number) * above + (tile[to + i] as number) * below) / (above + below);
      tile[to + 3] = Math.round(above + below);
    }
  }
}

/** Draws letters that reach into one tile. */
class TilePainter {
  readonly #context: Context;
  readonly #across: number;
  readonly #columns: number;
  readonly #colourSpace: PredefinedColorSpace;

  constructor(context: Context, across: number, columns: number, colourSpace: PredefinedColorSpace) {
    this.#context = context;
    this.#across = across;
    this.#columns = columns;
    this.#colourSpace = colourSpace;
  }

  /** @returns RGBA, straight. @param coloured letters bring colours of their own. */
  paint(parts: readonly PlacedPart[], place: Affine, tile: Rect, coloured: boolean): Uint8ClampedArray {
    const pixels = new Uint8ClampedArray(TILE_SIZE * TILE_SIZE * 4);
    const colours = new Set(parts.map(({ style }) => style.colour));
    for (let x = 0; x < TILE_SIZE; x += this.#columns) {
      if (coloured) return this.#draw(parts, place, tile, x);
      const strip = { x, y: 0, width: this.#columns, height: TILE_SIZE };
      for (const colour of colours) {
        const alike = parts.filter(({ style }) => style.colour === colour);
        putCover(this.#draw(alike, place, tile, x), this.#across, strip, parseColour(colour), pixels);
      }
    }
    return pixels;
  }

  #draw(
    parts: readonly PlacedPart[],
    { a, b, c, d, e, f }: Affine,
    tile: Rect,
    x: number,
  ): Uint8ClampedArray {
    const context = this.#context;
    const across = this.#across;
    const width = this.#columns * across;
    context.resetTransform();
    context.clearRect(0, 0, width, TILE_SIZE);
    context.setTransform(a * across, b, c * across, d, (e - tile.x - x) * across, f - tile.y);
    for (const { text, style, line, extent } of parts) {
      setLetters(context, style, line);
      context.fillStyle = cssColour(style, this.#colourSpace);
      context.fillText(text, extent.x, extent.y);
    }
    return context.getImageData(0, 0, width, TILE_SIZE, { colorSpace: this.#colourSpace }).data;
  }
}

/**
 * Draws text as the page's canvas shapes it: any script, in bundled fonts and the system's. Letters are filled as outlines
 * whatever their size, so that a font gives the same pixels whichever way a system draws small letters.
 * @param reach what may be drawn on; what lies beyond is left out.
 * @returns tiles that hold ink, in the document's depth.
 */
export function drawText(text: LayerText, format: DocumentFormat, reach: Rect): TileChange[] {
  const { parts } = placeText(text);
  const ink = inkBox(parts.map(({ extent }) => extent));
  const rect = ink.width > 0 ? intersectRect(mappedBounds(text.place, ink), reach) : EMPTY_RECT;
  if (isEmptyRect(rect)) return [];
  const across = magnification(text, Math.min(...parts.map(({ style }) => style.size)));
  const columns = Math.min(TILE_SIZE, STRIP / across);
  const context = new OffscreenCanvas(columns * across, TILE_SIZE).getContext('2d', {
    colorSpace: format.colourSpace,
    willReadFrequently: true,
  });
  if (!context) return [];
  const painter = new TilePainter(context, across, columns, format.colourSpace);
  const inked = parts.map((part) => ({ part, bounds: mappedBounds(text.place, lineInk(part.extent)) }));
  const coloured = PICTOGRAPH.test(text.text);
  const empty = { format: colourFormat(format.depth), get: () => undefined };
  const range = tileRange(rect);
  const tiles: TileChange[] = [];
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const tile = tileRect(tx, ty);
      const here = inked.filter(({ bounds }) => !isEmptyRect(intersectRect(bounds, tile)));
      if (here.length === 0) continue;
      const pixels = painter.paint(
        here.map(({ part }) => part),
        text.place,
        tile,
        coloured,
      );
      tiles.push(...writeRegion(empty, tile, pixels).filter(({ data }) => data !== null));
    }
  }
  return tiles;
}
