import type { Color } from 'ag-psd';
import { hsvToRgb } from '../../colour/hsv.ts';
import type { FillColour } from '../../layers/fill.ts';

function bounded(value: number): number {
  return value > 0 ? Math.min(1, value) : 0;
}

/** A PSD's colour as red, green, blue 0..1. CMYK by the plain formula: no profile is given for single colours. */
export function fromPsdColour(colour: Color | undefined): FillColour {
  if (!colour) return [0, 0, 0];
  if ('r' in colour) return [bounded(colour.r / 255), bounded(colour.g / 255), bounded(colour.b / 255)];
  if ('fr' in colour) return [bounded(colour.fr), bounded(colour.fg), bounded(colour.fb)];
  if ('h' in colour) {
    const [r, g, b] = hsvToRgb([colour.h * 360, bounded(colour.s), bounded(colour.b)]);
    return [bounded(r), bounded(g), bounded(b)];
  }
  if ('c' in colour) {
    const ink = (value: number): number => bounded((1 - value / 255) * (1 - colour.k / 255));
    return [ink(colour.c), ink(colour.m), ink(colour.y)];
  }
  if ('l' in colour) {
    const grey = bounded(colour.l);
    return [grey, grey, grey];
  }
  const grey = bounded(colour.k / 255);
  return [grey, grey, grey];
}

/** Red, green, blue 0..1 as a PSD's colour. */
export function toPsdColour([r, g, b]: FillColour): Color {
  return { r: r * 255, g: g * 255, b: b * 255 };
}
