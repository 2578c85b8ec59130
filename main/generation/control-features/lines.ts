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
/** Ratio of the two blurs, which comes closest to the Laplacian of a Gaussian (Marr and Hildreth 1980). */
const RATIO = 1.6;

/**
 * Lines as a hand would draw them along the dark sides of borders: the extended difference of Gaussians of the
 * picture's lightness on white (Winnemöller, Kyprianidis, Olsen 2012, "XDoG", eq. 4 to 6), as light lines on black,
 * which is what lineart and scribble ControlNets expect.
 *
 * @returns 0 where there is none … 255 in the middle of a line
 */
export function drawLines(picture: Raster, { sigma, tau, epsilon, phi }: LineStyle = USUAL): Raster {
  const { width, height } = picture;
  const light = lightness(overWhite(picture));
  const narrow = gaussianBlur(light, width, height, sigma);
  const wide = gaussianBlur(light, width, height, RATIO * sigma);
  const ink = new Uint8Array(width * height);
  for (let i = 0; i < ink.length; i++) {
    const difference = (narrow[i] ?? 0) - tau * (wide[i] ?? 0);
    if (difference < epsilon) ink[i] = Math.round(-255 * Math.tanh(phi * (difference - epsilon)));
  }
  return asGrey(ink, width, height);
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
