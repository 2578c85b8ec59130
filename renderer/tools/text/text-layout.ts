import type { Rect } from '../../engine/geometry/rect.ts';
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

/** How far lines reach from where they are aligned and from their baseline, in pixels of the text's own plane. */
export interface LineExtent {
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

/** Baseline of a line, in pixels below the top of the first: the glyphs stand in the middle of a line's height. */
export function baseline(line: number, { size, leading }: Pick<LayerText, 'size' | 'leading'>): number {
  return (line + 0.5) * size * leading + size * 0.3;
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

/** Where a line's pen begins, in the text's own plane. */
function leftOf(advance: number, { align }: Pick<LayerText, 'align'>): number {
  return align === 'left' ? 0 : align === 'center' ? -advance / 2 : -advance;
}

/** What glyphs may cover, in the text's own plane; a pixel is added for their soft edges. */
export function inkBox(lines: readonly LineExtent[], text: LayerText): Rect {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (const [i, line] of lines.entries()) {
    const y = baseline(i, text);
    left = Math.min(left, -line.left);
    right = Math.max(right, line.right);
    top = Math.min(top, y - line.ascent);
    bottom = Math.max(bottom, y + line.descent);
  }
  if (!(right > left) || !(bottom > top)) return { x: 0, y: 0, width: 0, height: 0 };
  return { x: left - 1, y: top - 1, width: right - left + 2, height: bottom - top + 2 };
}

/** The figure around the lines, in document pixels: what is taken hold of. Never narrower than half a letter. */
export function textFigure(advances: readonly number[], text: LayerText): Quad {
  const { size, leading, place } = text;
  const width = Math.max(size / 2, ...advances);
  const box = quadOf({
    x: leftOf(width, text),
    y: 0,
    width,
    height: Math.max(1, advances.length) * size * leading,
  });
  const [a, b, c, d] = box;
  return [applyAffine(place, a), applyAffine(place, b), applyAffine(place, c), applyAffine(place, d)];
}
