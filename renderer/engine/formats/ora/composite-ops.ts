import { BLEND_MODES, type BlendMode } from '../../layers/blend-mode.ts';

/** OpenRaster's operators (specification, "Layer attributes: composite-op") that blend as a mode here does. */
const SVG_OPS: Readonly<Record<string, BlendMode>> = {
  'svg:src-over': 'normal',
  'svg:multiply': 'multiply',
  'svg:screen': 'screen',
  'svg:overlay': 'overlay',
  'svg:darken': 'darken',
  'svg:lighten': 'lighten',
  'svg:color-dodge': 'color-dodge',
  'svg:color-burn': 'color-burn',
  'svg:hard-light': 'hard-light',
  'svg:soft-light': 'soft-light',
  'svg:difference': 'difference',
  'svg:color': 'color',
  'svg:luminosity': 'luminosity',
  'svg:hue': 'hue',
  'svg:saturation': 'saturation',
  'svg:plus': 'linear-dodge',
};
const OWN_PREFIX = 'impasto:';
/** Shows a layer where the ones under it in its stack have alpha: in a stack of its own, a clipping mask. */
export const SOURCE_ATOP = 'svg:src-atop';

/** The blend mode of an operator; null for one that none is like. */
export function fromCompositeOp(op: string): BlendMode | null {
  const svg = SVG_OPS[op];
  if (svg !== undefined) return svg;
  const own = op.startsWith(OWN_PREFIX) ? op.slice(OWN_PREFIX.length) : '';
  return BLEND_MODES.find((mode) => mode === own && mode !== 'pass-through') ?? null;
}

/**
 * The operator of a blend mode, and whether other programs know it. One that they do not know they must take for
 * svg:src-over, as the specification has it.
 */
export function toCompositeOp(mode: BlendMode): { readonly op: string; readonly known: boolean } {
  const svg = Object.entries(SVG_OPS).find(([, own]) => own === mode);
  return svg ? { op: svg[0], known: true } : { op: OWN_PREFIX + mode, known: false };
}
