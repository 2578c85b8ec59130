import type { Rect } from '../../engine/geometry/rect.ts';
import type { SelectSettings } from '../../state/tool-store.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The rectangle of whole pixels that a drag draws: free, of a ratio (the longer way counts), or of a size at its end. */
export function constrainedRect(
  from: Point,
  to: Point,
  { constraint, width, height }: Pick<SelectSettings, 'constraint' | 'width' | 'height'>,
): Rect {
  if (constraint === 'size')
    return { x: Math.round(to.x), y: Math.round(to.y), width: Math.round(width), height: Math.round(height) };
  let dx = to.x - from.x;
  let dy = to.y - from.y;
  if (constraint === 'ratio') {
    const ratio = width / height;
    const across = Math.max(Math.abs(dx), Math.abs(dy) * ratio);
    dx = across * (dx < 0 ? -1 : 1);
    dy = (across / ratio) * (dy < 0 ? -1 : 1);
  }
  const x = Math.round(Math.min(from.x, from.x + dx));
  const y = Math.round(Math.min(from.y, from.y + dy));
  return {
    x,
    y,
    width: Math.round(Math.max(from.x, from.x + dx)) - x,
    height: Math.round(Math.max(from.y, from.y + dy)) - y,
  };
}
