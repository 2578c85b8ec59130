/**
 * Where a mode jumps (dodge of black by white, say), values closer than this count as equal, so that rounding on the way
 * does not decide. It is a quarter of the least difference of two 8-bit luminosities.
 */
export const TIE = 1e-5;

/**
 * Separable blend functions B(cb, cs) over a row of channels, straight colour, 0..1: W3C Compositing and Blending Level
 * 1, section 9.1, and the separable ones that the PSD set adds. `mode` is the place of a name in BLEND_MODES. The
 * switch stands outside the loops, so that each mode compiles to a loop of its own.
 * @param out receives `length` values; may be neither `cb` nor `cs`.
 */
export function blendSeparable(
  mode: number,
  cb: Float64Array,
  cs: Float64Array,
  out: Float64Array,
  length: number,
): void {
  switch (mode) {
    case 1: // multiply
      for (let i = 0; i < length; i++) out[i] = multiply(cb[i] as number, cs[i] as number);
      return;
    case 2: // screen
      for (let i = 0; i < length; i++) out[i] = screen(cb[i] as number, cs[i] as number);
      return;
    case 3: // overlay
      for (let i = 0; i < length; i++) out[i] = overlay(cb[i] as number, cs[i] as number);
      return;
    case 4: // darken
      for (let i = 0; i < length; i++) out[i] = darken(cb[i] as number, cs[i] as number);
      return;
    case 5: // lighten
      for (let i = 0; i < length; i++) out[i] = lighten(cb[i] as number, cs[i] as number);
      return;
    case 6: // color-dodge
      for (let i = 0; i < length; i++) out[i] = colorDodge(cb[i] as number, cs[i] as number);
      return;
    case 7: // color-burn
      for (let i = 0; i < length; i++) out[i] = colorBurn(cb[i] as number, cs[i] as number);
      return;
    case 8: // hard-light
      for (let i = 0; i < length; i++) out[i] = hardLight(cb[i] as number, cs[i] as number);
      return;
    case 9: // soft-light
      for (let i = 0; i < length; i++) out[i] = softLight(cb[i] as number, cs[i] as number);
      return;
    case 10: // difference
      for (let i = 0; i < length; i++) out[i] = difference(cb[i] as number, cs[i] as number);
      return;
    case 11: // exclusion
      for (let i = 0; i < length; i++) out[i] = exclusion(cb[i] as number, cs[i] as number);
      return;
    case 17: // linear-burn
      for (let i = 0; i < length; i++) out[i] = linearBurn(cb[i] as number, cs[i] as number);
      return;
    case 19: // linear-dodge
      for (let i = 0; i < length; i++) out[i] = linearDodge(cb[i] as number, cs[i] as number);
      return;
    case 21: // vivid-light
      for (let i = 0; i < length; i++) out[i] = vividLight(cb[i] as number, cs[i] as number);
      return;
    case 22: // linear-light
      for (let i = 0; i < length; i++) out[i] = linearLight(cb[i] as number, cs[i] as number);
      return;
    case 23: // pin-light
      for (let i = 0; i < length; i++) out[i] = pinLight(cb[i] as number, cs[i] as number);
      return;
    case 24: // hard-mix
      for (let i = 0; i < length; i++) out[i] = hardMix(cb[i] as number, cs[i] as number);
      return;
    case 25: // subtract
      for (let i = 0; i < length; i++) out[i] = subtract(cb[i] as number, cs[i] as number);
      return;
    case 26: // divide
      for (let i = 0; i < length; i++) out[i] = divide(cb[i] as number, cs[i] as number);
      return;
    default: // normal, and dissolve, whose noise is in the alpha
      for (let i = 0; i < length; i++) out[i] = cs[i] as number;
  }
}

function multiply(cb: number, cs: number): number {
  return cb * cs;
}

function screen(cb: number, cs: number): number {
  return cb + cs - cb * cs;
}

function overlay(cb: number, cs: number): number {
  return hardLight(cs, cb);
}

function darken(cb: number, cs: number): number {
  return cb < cs ? cb : cs;
}

function lighten(cb: number, cs: number): number {
  return cb > cs ? cb : cs;
}

function difference(cb: number, cs: number): number {
  return cb > cs ? cb - cs : cs - cb;
}

function exclusion(cb: number, cs: number): number {
  return cb + cs - 2 * cb * cs;
}

function linearBurn(cb: number, cs: number): number {
  return cb + cs > 1 ? cb + cs - 1 : 0;
}

function linearDodge(cb: number, cs: number): number {
  return cb + cs < 1 ? cb + cs : 1;
}

function vividLight(cb: number, cs: number): number {
  return cs <= 0.5 ? colorBurn(cb, 2 * cs) : colorDodge(cb, 2 * cs - 1);
}

function linearLight(cb: number, cs: number): number {
  return Math.min(1, Math.max(0, cb + 2 * cs - 1));
}

function pinLight(cb: number, cs: number): number {
  return cs <= 0.5 ? Math.min(cb, 2 * cs) : Math.max(cb, 2 * cs - 1);
}

function hardMix(cb: number, cs: number): number {
  return cb + cs >= 1 - TIE ? 1 : 0;
}

function subtract(cb: number, cs: number): number {
  return cb > cs ? cb - cs : 0;
}

function divide(cb: number, cs: number): number {
  if (cb >= cs) return cb > TIE ? 1 : 0;
  return cb / cs;
}

function hardLight(cb: number, cs: number): number {
  return cs <= 0.5 ? cb * (2 * cs) : cb + (2 * cs - 1) - cb * (2 * cs - 1);
}

function colorDodge(cb: number, cs: number): number {
  if (cb <= TIE) return 0;
  return cs >= 1 || cb >= 1 - cs ? 1 : cb / (1 - cs);
}

function colorBurn(cb: number, cs: number): number {
  if (cb >= 1 - TIE) return 1;
  return cs <= 0 || 1 - cb >= cs ? 0 : 1 - (1 - cb) / cs;
}

function softLight(cb: number, cs: number): number {
  if (cs <= 0.5) return cb - (1 - 2 * cs) * cb * (1 - cb);
  const d = cb <= 0.25 ? ((16 * cb - 12) * cb + 4) * cb : Math.sqrt(cb);
  return cb + (2 * cs - 1) * (d - cb);
}
