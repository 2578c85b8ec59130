import { EMPTY_RECT, type Rect } from '../geometry/rect.ts';

/** One print of the tip. */
export interface Dab {
  /** Centre in document pixels; pixel (0, 0) covers 0..1, so its own centre is at 0.5. */
  readonly x: number;
  readonly y: number;
  /** Half the long axis in pixels. */
  readonly radius: number;
  readonly hardness: number;
  readonly roundness: number;
  /** Turn of the long axis, radians. */
  readonly angle: number;
  /** 0..1 */
  readonly opacity: number;
  readonly flow: number;
}

/** The pixels that a dab may touch. */
export function dabBounds(dab: Dab): Rect {
  if (!(dab.radius > 0)) return EMPTY_RECT;
  const reach = dab.radius + 1;
  const x = Math.floor(dab.x - reach);
  const y = Math.floor(dab.y - reach);
  return { x, y, width: Math.ceil(dab.x + reach) - x, height: Math.ceil(dab.y + reach) - y };
}
