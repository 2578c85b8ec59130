import { BLEND_MODES, type BlendMode } from '../../layers/blend-mode.ts';

/** OpenRaster's operators (specification, "Layer attributes: composite-op") that blend as a mode here does. */
const SVG_OPS: ReadonlyMap<string, BlendMode> = new Map<string, BlendMode>([
  ['svg:src-over', 'normal'],
  ['svg:multiply', 'multiply'],
  ['svg:screen', 'screen'],
  ['svg:overlay', 'overlay'],
  ['svg:darken', 'darken'],
  ['svg:lighten', 'lighten'],
  ['svg:color-dodge', 'color-dodge'],
  ['svg:color-burn', 'color-burn'],
  ['svg:hard-light', 'hard-light'],
  ['svg:soft-light', 'soft-light'],
  ['svg:difference', 'difference'],
  ['svg:color', 'color'],
  ['svg:luminosity', 'luminosity'],
  ['svg:hue', 'hue'],
  ['svg:saturation', 'saturation'],
  ['svg:plus', 'linear-dodge'],
]);
/** Krita's own names of further modes (its composite operation identifiers), under which it writes and reads them. */
const KRITA_OPS: ReadonlyMap<string, BlendMode> = new Map<string, BlendMode>([
  ['krita:dissolve', 'dissolve'],
  ['krita:exclusion', 'exclusion'],
  ['krita:linear_burn', 'linear-burn'],
  ['krita:darker color', 'darker-color'],
  ['krita:lighter color', 'lighter-color'],
  ['krita:vivid_light', 'vivid-light'],
  ['krita:linear light', 'linear-light'],
  ['krita:pin_light', 'pin-light'],
  ['krita:hard_mix_photoshop', 'hard-mix'],
  ['krita:subtract', 'subtract'],
  ['krita:divide', 'divide'],
]);
/** Those of Krita's modes that are nearly like one here. */
const NEAR_OPS: ReadonlyMap<string, BlendMode> = new Map<string, BlendMode>([
  ['krita:linear_dodge', 'linear-dodge'],
  ['krita:soft_light', 'soft-light'],
  ['krita:hard mix', 'hard-mix'],
  ['krita:hard_mix_softer_photoshop', 'hard-mix'],
  ['krita:luminize', 'luminosity'],
]);
const OWN_PREFIX = 'impasto:';
/** Shows a layer where the ones under it in its stack have alpha: in a stack of its own, a clipping mask. */
export const SOURCE_ATOP = 'svg:src-atop';

/**
 * The blend mode of an operator, and whether it is that one or only the nearest; "normal" for what nothing here is like.
 */
export function fromCompositeOp(op: string): { readonly mode: BlendMode; readonly exact: boolean } {
  const same = SVG_OPS.get(op) ?? KRITA_OPS.get(op);
  if (same !== undefined) return { mode: same, exact: true };
  const own = op.startsWith(OWN_PREFIX) ? op.slice(OWN_PREFIX.length) : '';
  const found = BLEND_MODES.find((mode) => mode === own && mode !== 'pass-through');
  if (found !== undefined) return { mode: found, exact: true };
  // Hue, saturation and colour also go by the circles HSI, HSL and HSV in Krita.
  const circle = /^krita:(hue|saturation|color)_hs[ilv]$/.exec(op)?.[1] as BlendMode | undefined;
  return { mode: NEAR_OPS.get(op) ?? circle ?? 'normal', exact: false };
}

/**
 * The operator of a blend mode, and who knows it: every reader, or Krita alone. One that a reader does not know it must
 * take for svg:src-over, as the specification has it.
 */
export function toCompositeOp(mode: BlendMode): {
  readonly op: string;
  readonly knownTo: 'all' | 'Krita' | null;
} {
  const nameOf = (names: ReadonlyMap<string, BlendMode>): string | undefined =>
    [...names].find(([, own]) => own === mode)?.[0];
  const svg = nameOf(SVG_OPS);
  if (svg !== undefined) return { op: svg, knownTo: 'all' };
  const krita = nameOf(KRITA_OPS);
  return krita === undefined ? { op: OWN_PREFIX + mode, knownTo: null } : { op: krita, knownTo: 'Krita' };
}
