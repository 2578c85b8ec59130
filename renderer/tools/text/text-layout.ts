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

/** How far a line reaches from where it is aligned and from its baseline, in pixels of the text's own plane. */
export interface LineExtent {
  /** Where it is aligned, and its baseline. */
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

/** The part of the text's own plane that is taken hold of: its box, or around its lines, half a letter wide at least. */
function frameOf(lines: readonly LineExtent[], { size, leading, align, box }: LayerText): Rect {
  const height = Math.max(1, lines.length) * size * leading;
  if (box) return { x: 0, y: 0, width: box.width, height: Math.max(box.height, height) };
  const width = Math.max(size / 2, ...lines.map(({ advance }) => advance));
  const x = align === 'center' ? -width / 2 : align === 'right' ? -width : 0;
  return { x, y: 0, width, height };
}

/** The figure around text, in document pixels. */
export function textFigure(lines: readonly LineExtent[], text: LayerText): Quad {
  const { place } = text;
  const [a, b, c, d] = quadOf(frameOf(lines, text));
  return [applyAffine(place, a), applyAffine(place, b), applyAffine(place, c), applyAffine(place, d)];
}
