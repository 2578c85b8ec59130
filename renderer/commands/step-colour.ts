import { fitToSrgb, oklchToRgb, rgbToOklch } from '../engine/colour/oklch.ts';
import { formatColour, parseColour } from '../state/colour.ts';
import { chooseForeground, usePaint } from '../state/paint-store.ts';

/** One press makes the paint colour this much darker or lighter, of 1. */
const STEP = 0.05;

/** Makes the paint colour darker or lighter by a twentieth; hue stays, and as much of the chroma as the screen shows. */
export function stepLightness(direction: 1 | -1): void {
  const [red, green, blue] = parseColour(usePaint.getState().foreground);
  const [lightness, chroma, hue] = rgbToOklch([red / 255, green / 255, blue / 255]);
  const next = Math.min(1, Math.max(0, lightness + direction * STEP));
  const [r, g, b] = oklchToRgb(fitToSrgb([next, chroma, hue]));
  chooseForeground(formatColour(r * 255, g * 255, b * 255));
}
