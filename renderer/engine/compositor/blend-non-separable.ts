import { TIE } from './blend-separable.ts';

/**
 * Non-separable blend functions on straight colours, 0..1: W3C Compositing and Blending Level 1, section 9.2, and the
 * PSD set's darker and lighter colour, which take the whole colour of less or more luminosity.
 */

/** True for the numbers of hue, saturation, color, luminosity, darker-color and lighter-color. */
export function isNonSeparable(mode: number): boolean {
  return (mode >= 12 && mode <= 15) || mode === 18 || mode === 20;
}

function lum(r: number, g: number, b: number): number {
  return 0.3 * r + 0.59 * g + 0.11 * b;
}

function sat(r: number, g: number, b: number): number {
  return Math.max(r, g, b) - Math.min(r, g, b);
}

/** ClipColor(SetLum(...)) of the specification, written into `out` 0..2. */
export function setLum(out: Float64Array, r: number, g: number, b: number, luminosity: number): void {
  const d = luminosity - lum(r, g, b);
  r += d;
  g += d;
  b += d;
  const l = lum(r, g, b);
  const n = Math.min(r, g, b);
  const x = Math.max(r, g, b);
  if (n < 0) {
    const k = l / (l - n);
    r = l + (r - l) * k;
    g = l + (g - l) * k;
    b = l + (b - l) * k;
  }
  if (x > 1) {
    const k = (1 - l) / (x - l);
    r = l + (r - l) * k;
    g = l + (g - l) * k;
    b = l + (b - l) * k;
  }
  out[0] = r;
  out[1] = g;
  out[2] = b;
}

/** SetSat of the specification followed by SetLum: the smallest channel becomes 0, the largest `saturation`. */
function setSatLum(
  out: Float64Array,
  r: number,
  g: number,
  b: number,
  saturation: number,
  luminosity: number,
): void {
  const min = Math.min(r, g, b);
  const range = Math.max(r, g, b) - min;
  // What is grey but for rounding has no hue to be saturated.
  const k = range > TIE ? saturation / range : 0;
  setLum(out, (r - min) * k, (g - min) * k, (b - min) * k, luminosity);
}

/**
 * Blends one pixel.
 * @param mode a number for which `isNonSeparable` holds.
 * @param out receives the three channels; reused by the caller so that nothing is allocated per pixel.
 */
export function blendNonSeparable(
  mode: number,
  out: Float64Array,
  rb: number,
  gb: number,
  bb: number,
  rs: number,
  gs: number,
  bs: number,
): void {
  const lb = lum(rb, gb, bb);
  const ls = lum(rs, gs, bs);
  let backdrop = false;
  switch (mode) {
    case 12: // hue
      setSatLum(out, rs, gs, bs, sat(rb, gb, bb), lb);
      return;
    case 13: // saturation
      setSatLum(out, rb, gb, bb, sat(rs, gs, bs), lb);
      return;
    case 14: // color
      setLum(out, rs, gs, bs, lb);
      return;
    case 15: // luminosity
      setLum(out, rb, gb, bb, ls);
      return;
    case 18: // darker-color
      backdrop = lb < ls - TIE;
      break;
    default: // lighter-color
      backdrop = lb > ls + TIE;
  }
  out[0] = backdrop ? rb : rs;
  out[1] = backdrop ? gb : gs;
  out[2] = backdrop ? bb : bs;
}
