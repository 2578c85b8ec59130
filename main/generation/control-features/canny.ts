import type { Raster } from '../../../preload/contract/index.ts';
import { type Gradients, sobelGradients } from './gradients.ts';
import { CANDIDATE, followEdges } from './hysteresis.ts';
import { asGrey, overWhite } from './over-white.ts';

/** Gradient magnitudes |dx| + |dy|, 0 … 2040, from which on a pixel may be an edge, and surely is one. */
export interface EdgeThresholds {
  readonly low: number;
  readonly high: number;
}

/** The thresholds that canny ControlNets are usually trained and used with. */
const USUAL: EdgeThresholds = { low: 100, high: 200 };

/**
 * Edges of a picture on white (Canny 1986, "A Computational Approach to Edge Detection"): Sobel gradients, thinned
 * to their ridges, kept by hysteresis. No blur before; the same arithmetic as OpenCV's `Canny` on colour.
 *
 * @returns white edges, one pixel wide, on black
 */
export function findEdges(picture: Raster, { low, high }: EdgeThresholds = USUAL): Raster {
  const { width, height } = picture;
  const gradients = sobelGradients(overWhite(picture), width, height);
  const candidates = new Uint8Array(width * height);
  for (let i = 0; i < candidates.length; i++) {
    const magnitude = gradients.magnitude[i] ?? 0;
    if (magnitude <= low || !isRidge(gradients, i)) continue;
    candidates[i] = magnitude > high ? CANDIDATE.strong : CANDIDATE.weak;
  }
  return asGrey(followEdges(candidates, width, height), width, height);
}

/** tan 22.5°, below which a gradient counts as horizontal, in units of 2^-15. */
const TANGENT = Math.round((Math.SQRT2 - 1) * 2 ** 15);

/** Whether the gradient is largest here among its two neighbours along its direction, of four directions. */
function isRidge({ width, height, dx, dy, magnitude }: Gradients, place: number): boolean {
  const column = place % width;
  const row = (place - column) / width;
  const along = (x: number, y: number): number =>
    column + x < 0 || column + x >= width || row + y < 0 || row + y >= height
      ? 0
      : (magnitude[place + y * width + x] ?? 0);
  const here = magnitude[place] ?? 0;
  const gx = dx[place] ?? 0;
  const gy = dy[place] ?? 0;
  const across = Math.abs(gx) * TANGENT;
  const down = Math.abs(gy) * 2 ** 15;
  // Of two equal neighbours the left or upper one is kept, so that a step between pixels gives one line.
  if (down < across) return here > along(-1, 0) && here >= along(1, 0);
  if (down > across + Math.abs(gx) * 2 ** 16) return here > along(0, -1) && here >= along(0, 1);
  const slant = Math.sign(gx) * Math.sign(gy) < 0 ? -1 : 1;
  return here > along(-slant, -1) && here > along(slant, 1);
}
