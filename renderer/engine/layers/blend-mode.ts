/**
 * Blend modes. The first 16 are those of W3C Compositing and Blending Level 1, section 9 and 10; the next 11 complete the
 * set that PSD files use. `pass-through` is for groups only: their layers blend with what lies under the group.
 */
export const BLEND_MODES = [
  'normal',
  'multiply',
  'screen',
  'overlay',
  'darken',
  'lighten',
  'color-dodge',
  'color-burn',
  'hard-light',
  'soft-light',
  'difference',
  'exclusion',
  'hue',
  'saturation',
  'color',
  'luminosity',
  'dissolve',
  'linear-burn',
  'darker-color',
  'linear-dodge',
  'lighter-color',
  'vivid-light',
  'linear-light',
  'pin-light',
  'hard-mix',
  'subtract',
  'divide',
  'pass-through',
] as const;

/** The name of a blend mode. */
export type BlendMode = (typeof BLEND_MODES)[number];

const indices = new Map<string, number>(BLEND_MODES.map((mode, index) => [mode, index]));

/** The number of a mode, as the compositors switch on it: its place in BLEND_MODES. Unknown names count as normal. */
export function blendModeIndex(mode: string): number {
  return indices.get(mode) ?? 0;
}

/** True for the name of a blend mode. */
export function isBlendMode(value: unknown): value is BlendMode {
  return typeof value === 'string' && indices.has(value);
}
