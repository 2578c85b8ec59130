/**
 * Hue (0..1 turns), saturation and lightness (0..1) of an RGB colour (CSS Color 4, section 7). A grey has hue 0.
 * @param out receives the three; may be where the colour came from.
 */
export function rgbToHsl(r: number, g: number, b: number, out: Float64Array): void {
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  const chroma = max - min;
  const lightness = (max + min) / 2;
  let hue = 0;
  if (chroma > 0) {
    if (max === r) hue = ((g - b) / chroma + 6) % 6;
    else if (max === g) hue = (b - r) / chroma + 2;
    else hue = (r - g) / chroma + 4;
  }
  const room = 1 - Math.abs(2 * lightness - 1);
  out[0] = hue / 6;
  out[1] = room > 1e-9 ? Math.min(1, chroma / room) : 0;
  out[2] = lightness;
}

/** The inverse of `rgbToHsl`; any hue is wrapped. */
export function hslToRgb(hue: number, saturation: number, lightness: number, out: Float64Array): void {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const turn = (hue - Math.floor(hue)) * 12;
  for (let channel = 0; channel < 3; channel++) {
    const k = (turn + (channel === 0 ? 0 : channel === 1 ? 8 : 4)) % 12;
    out[channel] = lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  }
}
