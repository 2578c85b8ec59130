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
  /** How much of the grain, of the colour's jitter and of the taking-up of colour this dab has, 0..1; all unless told. */
  readonly grain?: number;
  readonly jitter?: number;
  readonly pickup?: number;
}

/** The pixels that a dab may touch. @param cornered true for a tip that fills a square instead of a disc. */
export function dabBounds(dab: Dab, cornered = false): Rect {
  if (!(dab.radius > 0)) return EMPTY_RECT;
  const reach = dab.radius * (cornered ? Math.SQRT2 : 1) + 1;
  const x = Math.floor(dab.x - reach);
  const y = Math.floor(dab.y - reach);
  return { x, y, width: Math.ceil(dab.x + reach) - x, height: Math.ceil(dab.y + reach) - y };
}
