import type { BlendMode } from '../../layers/blend-mode.ts';
import { fromCompositeOp } from '../ora/composite-ops.ts';

/** Krita's composite operations (pigment/KoCompositeOpRegistry.h) that it writes into OpenRaster under a name of SVG. */
const SVG_NAMES: Readonly<Record<string, string>> = {
  normal: 'svg:src-over',
  multiply: 'svg:multiply',
  screen: 'svg:screen',
  overlay: 'svg:overlay',
  darken: 'svg:darken',
  lighten: 'svg:lighten',
  dodge: 'svg:color-dodge',
  burn: 'svg:color-burn',
  hard_light: 'svg:hard-light',
  soft_light_svg: 'svg:soft-light',
  diff: 'svg:difference',
  color: 'svg:color',
  luminize: 'svg:luminosity',
  hue: 'svg:hue',
  saturation: 'svg:saturation',
  add: 'svg:plus',
};

/** The blend mode of one of Krita's operations, and whether it is that one or only the nearest. */
export function fromKritaOp(op: string): { readonly mode: BlendMode; readonly exact: boolean } {
  const svg = Object.hasOwn(SVG_NAMES, op) ? SVG_NAMES[op] : undefined;
  return fromCompositeOp(svg ?? `krita:${op}`);
}

/** What Krita calls its kinds of layers and masks, for those that are not read. */
const NODES: Readonly<Record<string, string>> = {
  adjustmentlayer: 'Filter layer',
  generatorlayer: 'Fill layer',
  clonelayer: 'Clone layer',
  shapelayer: 'Vector layer',
  filelayer: 'File layer',
  referenceimages: 'Reference images',
  filtermask: 'Filter mask',
  transformmask: 'Transform mask',
  selectionmask: 'Local selection',
  colorizemask: 'Colorize mask',
  transparencymask: 'Second transparency mask',
};

/** What a kind of layer or mask is called in Krita. */
export function kritaNode(type: string): string {
  return (Object.hasOwn(NODES, type) ? NODES[type] : undefined) ?? `Layer of kind "${type.slice(0, 40)}"`;
}
