/**
 * Where a mode jumps, values closer than this count as equal, so that single precision decides as exact numbers would.
 * Less than a quarter of the least difference of two 8-bit luminosities.
 */
export const TIE = 1e-5;

/**
 * Separable blend functions B(cb, cs) of one channel, straight colour, 0..1: W3C Compositing and Blending Level 1,
 * section 9.1, and the separable ones that the PSD set adds. `mode` is the place of a name in BLEND_MODES; the cases
 * carry the names, since a switch on literal numbers is what the engine's inner loops compile well.
 */
export function blendSeparable(mode: number, cb: number, cs: number): number {
  switch (mode) {
    case 1: // multiply
      return cb * cs;
    case 2: // screen
      return cb + cs - cb * cs;
    case 3: // overlay
      return hardLight(cs, cb);
    case 4: // darken
      return cb < cs ? cb : cs;
    case 5: // lighten
      return cb > cs ? cb : cs;
    case 6: // color-dodge
      return colorDodge(cb, cs);
    case 7: // color-burn
      return colorBurn(cb, cs);
    case 8: // hard-light
      return hardLight(cb, cs);
    case 9: // soft-light
      return softLight(cb, cs);
    case 10: // difference
      return cb > cs ? cb - cs : cs - cb;
    case 11: // exclusion
      return cb + cs - 2 * cb * cs;
    case 17: // linear-burn
      return cb + cs > 1 ? cb + cs - 1 : 0;
    case 19: // linear-dodge
      return cb + cs < 1 ? cb + cs : 1;
    case 21: // vivid-light
      return cs <= 0.5 ? colorBurn(cb, 2 * cs) : colorDodge(cb, 2 * cs - 1);
    case 22: // linear-light
      return Math.min(1, Math.max(0, cb + 2 * cs - 1));
    case 23: // pin-light
      return cs <= 0.5 ? Math.min(cb, 2 * cs) : Math.max(cb, 2 * cs - 1);
    case 24: // hard-mix
      return cb + cs >= 1 - TIE ? 1 : 0;
    case 25: // subtract
      return cb > cs ? cb - cs : 0;
    case 26: // divide
      return cb >= cs ? (cb > 0 ? 1 : 0) : cb / cs;
    default: // normal, and dissolve, whose noise is in the alpha
      return cs;
  }
}

function hardLight(cb: number, cs: number): number {
  return cs <= 0.5 ? cb * (2 * cs) : cb + (2 * cs - 1) - cb * (2 * cs - 1);
}

function colorDodge(cb: number, cs: number): number {
  if (cb <= 0) return 0;
  return cs >= 1 || cb >= 1 - cs ? 1 : cb / (1 - cs);
}

function colorBurn(cb: number, cs: number): number {
  if (cb >= 1) return 1;
  return cs <= 0 || 1 - cb >= cs ? 0 : 1 - (1 - cb) / cs;
}

function softLight(cb: number, cs: number): number {
  if (cs <= 0.5) return cb - (1 - 2 * cs) * cb * (1 - cb);
  const d = cb <= 0.25 ? ((16 * cb - 12) * cb + 4) * cb : Math.sqrt(cb);
  return cb + (2 * cs - 1) * (d - cb);
}
