import type { Rect } from '../geometry/rect.ts';
import { IDENTITY } from './affine.ts';
import type { Lifted, Placing } from './lift.ts';
import { asAffine, invertProjective, type Projective, type Quad } from './projective.ts';
import { resampleBack } from './resample-back.ts';
import { resample, type Sampling } from './resample.ts';

/** The whole pixels that a figure touches. */
export function quadBounds(quad: Quad): Rect {
  const xs = quad.map((corner) => corner.x);
  const ys = quad.map((corner) => corner.y);
  const x = Math.floor(Math.min(...xs) + 1e-6);
  const y = Math.floor(Math.min(...ys) + 1e-6);
  return {
    x,
    y,
    width: Math.max(0, Math.ceil(Math.max(...xs) - 1e-6) - x),
    height: Math.max(0, Math.ceil(Math.max(...ys) - 1e-6) - y),
  };
}

/** Lifted pixels as a projective map lays them down; places behind the vanishing line stay empty. */
export function placeProjected({ pixels, rect }: Lifted, map: Projective, sampling: Sampling): Placing {
  const affine = asAffine(map);
  if (affine) return (to) => resample(pixels, rect, affine, to, sampling);
  const m = invertProjective(map);
  if (!m) return (to) => resample(pixels, rect, { ...IDENTITY, a: 0, d: 0 }, to, 'nearest');
  // The sign of w on the picture's own side, told by its middle.
  const middle = { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
  const forward = map[6] * middle.x + map[7] * middle.y + map[8];
  const determinantSign = Math.sign(forward) || 1;
  return (to) =>
    resampleBack(
      pixels,
      rect,
      (x, y, out) => {
        const w = m[6] * x + m[7] * y + m[8];
        if (Math.abs(w) < 1e-12) return false;
        out[0] = (m[0] * x + m[1] * y + m[2]) / w;
        out[1] = (m[3] * x + m[4] * y + m[5]) / w;
        const depth = map[6] * (out[0] as number) + map[7] * (out[1] as number) + map[8];
        return depth * determinantSign > 0;
      },
      to,
      sampling,
    );
}
