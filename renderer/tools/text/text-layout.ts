import { EMPTY_RECT, type Rect, unionRect } from '../../engine/geometry/rect.ts';
import type { LayerText } from '../../engine/layers/layer-text.ts';
import { applyAffine } from '../../engine/transform/affine.ts';
import { quadOf, type Quad } from '../../engine/transform/projective.ts';

const GENERIC: ReadonlySet<string> = new Set([
  'system-ui',
  'sans-serif',
  'serif',
  'monospace',
  'cursive',
  'fantasy',
]);

/** What stands in for a family that is not there. */
export const STAND_IN = 'sans-serif';

/** How far letters in a line reach from where they begin and from their baseline, in pixels of the text's own plane. */
export interface LineExtent {
  /** Where they begin, at their left, and their baseline. */
  readonly x: number;
  readonly y: number;
  /** Where the pen ends up. */
  readonly advance: number;
  readonly left: number;
  readonly right: number;
  readonly ascent: number;
  readonly descent: number;
}

/** The settings as a CSS font, the way a 2D canvas takes it; sans-serif stands in for a family that is not there. */
export function cssFont({
  font,
  size,
  weight,
  italic,
}: Pick<LayerText, 'font' | 'size' | 'weight' | 'italic'>): string {
  const family = font.trim();
  const named = GENERIC.has(family) ? family : `"${family.replaceAll(/["\\\n]/g, '')}", ${STAND_IN}`;
  return `${italic ? 'italic ' : ''}${weight} ${size}px ${named}`;
}

/** A layer's name from its text: the first words, 32 characters at most. */
export function textName(text: string): string {
  const words = text.trim().replaceAll(/\s+/g, ' ');
  return words.length <= 32 ? words : `${words.slice(0, 32).replace(/\s\S*$/, '')}…`;
}

/** Which way a line runs: that of its first letter that has a direction (Unicode UAX #9, rule P2). */
export function lineDirection(line: string): 'ltr' | 'rtl' {
  const strong = /[\p{L}\p{N}]/u.exec(line)?.[0] ?? '';
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u.test(
    strong,
  )
    ? 'rtl'
    : 'ltr';
}

/** What a line's glyphs may cover, in the text's own plane; a pixel is added for their soft edges. */
export function lineInk({ x, y, left, right, ascent, descent }: LineExtent): Rect {
  if (!(left + right > 0) || !(ascent + descent > 0)) return EMPTY_RECT;
  return { x: x - left - 1, y: y - ascent - 1, width: left + right + 2, height: ascent + descent + 2 };
}

/** What glyphs may cover, in the text's own plane. */
export function inkBox(lines: readonly LineExtent[]): Rect {
  return lines.map(lineInk).reduce(unionRect, EMPTY_RECT);
}

/** From where to where lines reach down the text's own plane. */
export interface LinesHeight {
  readonly top: number;
  readonly bottom: number;
}

/** The part of the text's own plane that is taken hold of: its box, or around its lines, half a letter wide at least. */
function frameOf(lines: readonly LineExtent[], { top, bottom }: LinesHeight, { size, box }: LayerText): Rect {
  if (box) return { x: 0, y: 0, width: box.width, height: Math.max(box.height, bottom) };
  const least = Math.max(0, size / 2 - Math.max(0, ...lines.map(({ advance }) => advance)));
  const left = Math.min(...lines.map(({ x }) => x), Infinity);
  const right = Math.max(...lines.map(({ x, advance }) => x + advance), -Infinity);
  if (left > right) return { x: 0, y: top, width: size / 2, height: bottom - top };
  return { x: left, y: top, width: right - left + least, height: bottom - top };
}

/** The figure around text, in document pixels. @param lines where they begin and how wide they are. */
export function textFigure(lines: readonly LineExtent[], height: LinesHeight, text: LayerText): Quad {
  const { place } = text;
  const [a, b, c, d] = quadOf(frameOf(lines, height, text));
  return [applyAffine(place, a), applyAffine(place, b), applyAffine(place, c), applyAffine(place, d)];
}
