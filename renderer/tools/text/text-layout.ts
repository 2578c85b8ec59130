import type { Rect } from '../../engine/geometry/rect.ts';
import type { TextSettings } from '../../state/tool-store.ts';

const GENERIC: ReadonlySet<string> = new Set(['system-ui', 'serif', 'sans-serif', 'monospace', 'cursive']);

/** The settings as a CSS font, the way a 2D canvas takes it; sans-serif stands in for a family that is not there. */
export function cssFont({ font, size, weight, italic }: TextSettings): string {
  const family = font.trim();
  const named = GENERIC.has(family) ? family : `"${family.replaceAll(/["\\\n]/g, '')}", sans-serif`;
  return `${italic ? 'italic ' : ''}${weight} ${size}px ${named}`;
}

/** A layer's name from its text: the first words, 32 characters at most. */
export function textName(text: string): string {
  const words = text.trim().replaceAll(/\s+/g, ' ');
  return words.length <= 32 ? words : `${words.slice(0, 32).replace(/\s\S*$/, '')}…`;
}

/** Baseline of a line, in pixels below the top of the first: the glyphs stand in the middle of a line's height. */
export function baseline(line: number, { size, leading }: TextSettings): number {
  return (line + 0.5) * size * leading + size * 0.3;
}

/**
 * Pixels that lines can cover, cut to the canvas. Glyphs may reach a size beyond their line on every side.
 * @param at the anchor: left edge, middle or right edge of the lines, as they are aligned; top of the first line.
 * @param widths advance of each line in pixels.
 * @returns whole pixels; no width or height where all of it is beyond the canvas.
 */
export function textBounds(
  at: { readonly x: number; readonly y: number },
  widths: readonly number[],
  settings: TextSettings,
  canvas: Rect,
): Rect {
  const { size, leading, align } = settings;
  const width = Math.max(0, ...widths);
  const left = at.x - (align === 'left' ? 0 : align === 'center' ? width / 2 : width);
  const x = Math.max(canvas.x, Math.floor(left - size));
  const y = Math.max(canvas.y, Math.floor(at.y - size));
  const right = Math.min(canvas.x + canvas.width, Math.ceil(left + width + size));
  const bottom = Math.min(canvas.y + canvas.height, Math.ceil(at.y + widths.length * size * leading + size));
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}
