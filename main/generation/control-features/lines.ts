import type { Raster } from '../../../preload/contract/index.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import { asGrey, overWhite } from './over-white.ts';

/** How lines are drawn, in the letters of the paper. */
export interface LineStyle {
  /** σ: half the width of a line in pixels. */
  readonly sigma: number;
  /** τ: share of the wider blur that is taken off; near 1 only lines are left. */
  readonly tau: number;
  /** ε, in brightness 0 … 1: below it a pixel is in a line. φ: how sharply. */
  readonly epsilon: number;
  readonly phi: number;
}

/** Thin lines along clear borders; noise of a few levels leaves none. */
const USUAL: LineStyle = { sigma: 1, tau: 1, epsilon: -0.02, phi: 60 };
/** Standard deviation of the second look, which finds borders that a soft brush or a blur has spread. */
const SOFT_SIGMA = 3;
/** How far from a border the second look draws, in pixels; within it a clear border's thin line stands alone. */
const SOFT_REACH = 10;
/** Response of the first look as a share of the second's: a border is the second's alone below the one, not at all from the other on. */
const SOFT = 0.6;
const CLEAR = 0.85;
/** Ratio of the two blurs, which comes closest to the Laplacian of a Gaussian (Marr and Hildreth 1980). */
const RATIO = 1.6;

/**
 * Lines as a hand would draw them along the dark sides of borders: the extended difference of Gaussians of the
 * picture's lightness on white (Winnemöller, Kyprianidis, Olsen 2012, "XDoG", eq. 4 to 6), as light lines on black,
 * which is what lineart and scribble ControlNets expect.
 *
 * It looks twice: at σ for clear borders, and at {@link SOFT_SIGMA} for soft ones, which are wider than the first look.
 * A step answers both looks alike, a soft border the second one more: there the wider line is drawn, elsewhere the thin
 * one alone.
 *
 * @returns 0 where there is none … 255 in the middle of a line
 */
export function drawLines(picture: Raster, style: LineStyle = USUAL): Raster {
  const { width, height } = picture;
  const light = lightness(overWhite(picture));
  const clear = darkness(light, width, height, style.sigma, style.tau);
  const soft = darkness(light, width, height, SOFT_SIGMA, style.tau);
  const clearest = largestNear(clear, width, height, SOFT_REACH);
  const softest = largestNear(soft, width, height, SOFT_REACH);
  const ink = new Uint8Array(width * height);
  for (let i = 0; i < ink.length; i++) {
    const share = (clearest[i] ?? 0) / Math.max(softest[i] ?? 0, Number.EPSILON);
    const wide = Math.min(1, Math.max(0, (CLEAR - share) / (CLEAR - SOFT)));
    const drawn = Math.max(inkOf(clear[i] ?? 0, style), wide * inkOf(soft[i] ?? 0, style));
    ink[i] = Math.round(255 * drawn);
  }
  return asGrey(ink, width, height);
}

/** How much darker each pixel is than what lies around it: the wider blur's share less the narrower blur. */
function darkness(
  light: Float64Array,
  width: number,
  height: number,
  sigma: number,
  tau: number,
): Float64Array {
  const narrow = gaussianBlur(light, width, height, sigma);
  const wide = gaussianBlur(light, width, height, RATIO * sigma);
  return narrow.map((value, i) => tau * (wide[i] ?? 0) - value);
}

function inkOf(dark: number, { epsilon, phi }: LineStyle): number {
  return dark > -epsilon ? Math.tanh(phi * (dark + epsilon)) : 0;
}

/** The largest value within `reach` pixels across and down, 0 where all are less. */
function largestNear(values: Float64Array, width: number, height: number, reach: number): Float64Array {
  const across = new Float64Array(values.length);
  const down = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const x = i % width;
    let most = 0;
    for (let at = Math.max(-x, -reach); at <= Math.min(width - 1 - x, reach); at++)
      most = Math.max(most, values[i + at] ?? 0);
    across[i] = most;
  }
  for (let i = 0; i < values.length; i++) {
    const y = Math.floor(i / width);
    let most = 0;
    for (let at = Math.max(-y, -reach); at <= Math.min(height - 1 - y, reach); at++)
      most = Math.max(most, across[i + at * width] ?? 0);
    down[i] = most;
  }
  return down;
}

/** Rec. 709 luma of encoded sRGB, 0 … 1: even steps for the eye, as the paper wants it. */
function lightness(rgb: Uint8Array): Float64Array {
  const values = new Float64Array(rgb.length / 3);
  for (let i = 0; i < values.length; i++) {
    const [red = 0, green = 0, blue = 0] = rgb.subarray(3 * i, 3 * i + 3);
    values[i] = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
  }
  return values;
}
