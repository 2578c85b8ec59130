import type { Lifted } from './lift.ts';
import type { Placing } from './put-down.ts';
import { asAffine, invertProjective, type Projective } from './projective.ts';
import { type BackMap, resampleBack } from './resample-back.ts';
import { resample, type Sampling } from './resample.ts';

/** Lifted pixels as a projective map lays them down; places behind the vanishing line stay empty. */
export function placeProjected({ pixels, rect }: Lifted, map: Projective, sampling: Sampling): Placing {
  const affine = asAffine(map);
  if (affine) return (to) => resample(pixels, rect, affine, to, sampling);
  const m = invertProjective(map);
  if (!m) return (to) => resampleBack(pixels, rect, () => false, to, sampling);
  const depthAt = (x: number, y: number): number => map[6] * x + map[7] * y + map[8];
  // Which side of the vanishing line the picture is on, told by its middle.
  const side = Math.sign(depthAt(rect.x + rect.width / 2, rect.y + rect.height / 2)) || 1;
  const back: BackMap = (x, y, out) => {
    const w = m[6] * x + m[7] * y + m[8];
    if (Math.abs(w) < 1e-12) return false;
    const fromX = (m[0] * x + m[1] * y + m[2]) / w;
    const fromY = (m[3] * x + m[4] * y + m[5]) / w;
    out[0] = fromX;
    out[1] = fromY;
    return depthAt(fromX, fromY) * side > 0;
  };
  return (to) => resampleBack(pixels, rect, back, to, sampling);
}
