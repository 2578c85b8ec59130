import type { BlendMode } from '../../layers/blend-mode.ts';

/** GIMP's layer modes by number (app/operations/operations-enums.h) that are modes here, of 2.8 and of 2.10. */
const MODES: ReadonlyMap<number, BlendMode> = new Map<number, BlendMode>([
  [0, 'normal'],
  [1, 'dissolve'],
  [3, 'multiply'],
  [4, 'screen'],
  [6, 'difference'],
  [7, 'linear-dodge'],
  [8, 'subtract'],
  [9, 'darken'],
  [10, 'lighten'],
  [15, 'divide'],
  [16, 'color-dodge'],
  [17, 'color-burn'],
  [18, 'hard-light'],
  [23, 'overlay'],
  [28, 'normal'],
  [30, 'multiply'],
  [31, 'screen'],
  [32, 'difference'],
  [33, 'linear-dodge'],
  [34, 'subtract'],
  [35, 'darken'],
  [36, 'lighten'],
  [41, 'divide'],
  [42, 'color-dodge'],
  [43, 'color-burn'],
  [44, 'hard-light'],
  [48, 'vivid-light'],
  [49, 'pin-light'],
  [50, 'linear-light'],
  [52, 'exclusion'],
  [53, 'linear-burn'],
  [61, 'pass-through'],
]);

/** Those that are nearly like one here: hue and saturation by other circles, softer light, colours by their brightness. */
const NEAR: ReadonlyMap<number, BlendMode> = new Map<number, BlendMode>([
  [5, 'overlay'],
  [11, 'hue'],
  [12, 'saturation'],
  [13, 'color'],
  [14, 'luminosity'],
  [19, 'soft-light'],
  [24, 'hue'],
  [25, 'saturation'],
  [26, 'color'],
  [27, 'luminosity'],
  [37, 'hue'],
  [38, 'saturation'],
  [39, 'color'],
  [40, 'luminosity'],
  [45, 'soft-light'],
  [51, 'hard-mix'],
  [54, 'darker-color'],
  [55, 'lighter-color'],
  [56, 'luminosity'],
]);

/** Modes that blend in linear light unless the layer says otherwise. */
const LINEAR: ReadonlySet<number> = new Set([28, 30, 33, 34, 41, 56]);
/** Values of a layer's blend space; a negative one was chosen by GIMP. */
const AUTOMATIC = 0;
const LINEAR_LIGHT = 1;

/** The blend mode of a number, and whether it is that one; "normal" for what nothing here is like. */
export function fromGimpMode(mode: number): { readonly mode: BlendMode; readonly exact: boolean } {
  const same = MODES.get(mode);
  return same ? { mode: same, exact: true } : { mode: NEAR.get(mode) ?? 'normal', exact: false };
}

/** True where a layer is blended in linear light, which nothing here is. */
export function isLinear(mode: number, space: number): boolean {
  return space <= AUTOMATIC ? LINEAR.has(mode) : space === LINEAR_LIGHT;
}
