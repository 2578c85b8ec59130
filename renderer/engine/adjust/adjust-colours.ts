import { compileCurve, sampleCurve, type CurvePoints } from '../brush/curve.ts';
import { hslToRgb, rgbToHsl } from '../colour/hsl.ts';
import { setLum } from '../compositor/blend-non-separable.ts';
import { packStops, sampleStops } from '../fill/gradient.ts';
import type { AdjustmentSettings, LevelsChannel } from '../layers/adjustment-settings.ts';

/**
 * Adjusts the first `count` colours of a row in place: straight channels interleaved by three, 0..1. Formulas are in
 * double precision; the compositors' results are single.
 */
export type ColourAdjuster = (colours: Float64Array, count: number) => void;

/** Values of a curve's table between which is linear: fine enough for the steepest curve that 8 bits can show. */
export const CURVE_STEPS = 4096;

/** Jumps (posterize, threshold) happen this much early, so that rounding on the way does not decide. */
export const JUMP = 1e-5;

type ChannelFunction = (value: number) => number;

const identity: ChannelFunction = (value) => value;

function unit(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** Narrowest span of input levels: steeper is a jump. */
export const LEAST_SPAN = 1e-4;

function levelsFunction(channel: LevelsChannel | undefined): ChannelFunction {
  if (!channel) return identity;
  const { black, white, gamma, outBlack, outWhite } = channel;
  const span = Math.max(LEAST_SPAN, white - black);
  const power = 1 / gamma;
  return (value) => {
    const t = unit((value - black) / span);
    return outBlack + (outWhite - outBlack) * (power === 1 ? t : t ** power);
  };
}

/** A curve's values at 0, 1/4096, ..., 1: first the curve for all channels, then the channel's own. */
export function curveTable(all: CurvePoints, own: CurvePoints | undefined): Float32Array {
  const first = compileCurve(all, CURVE_STEPS);
  if (!own) return first;
  const second = compileCurve(own, CURVE_STEPS);
  return first.map((value) => sampleCurve(second, value));
}

function curveFunction(all: CurvePoints, own: CurvePoints | undefined): ChannelFunction {
  const table = curveTable(all, own);
  return (value) => sampleCurve(table, value);
}

function byChannel(red: ChannelFunction, green: ChannelFunction, blue: ChannelFunction): ColourAdjuster {
  return (colours, count) => {
    for (let i = 0; i < count * 3; i += 3) {
      colours[i] = red(colours[i] as number);
      colours[i + 1] = green(colours[i + 1] as number);
      colours[i + 2] = blue(colours[i + 2] as number);
    }
  };
}

function alike(channel: ChannelFunction): ColourAdjuster {
  return byChannel(channel, channel, channel);
}

const pixel = new Float64Array(3);

function luma(r: number, g: number, b: number): number {
  return 0.3 * r + 0.59 * g + 0.11 * b;
}

type Settings<Type extends AdjustmentSettings['type']> = Extract<AdjustmentSettings, { type: Type }>;

/** In HSL: the hue turned, saturation scaled by 1 + s, then lightness moved towards black or white. */
function hueSaturation({ hue, saturation, lightness, colorize }: Settings<'hue-saturation'>): ColourAdjuster {
  const towards = lightness < 0 ? 0 : 1;
  const share = Math.min(1, Math.abs(lightness));
  return (colours, count) => {
    for (let i = 0; i < count * 3; i += 3) {
      rgbToHsl(colours[i] as number, colours[i + 1] as number, colours[i + 2] as number, pixel);
      const h = colorize ? hue / 360 : (pixel[0] as number) + hue / 360;
      const s = unit(colorize ? saturation : (pixel[1] as number) * (1 + saturation));
      hslToRgb(h, s, pixel[2] as number, pixel);
      for (let k = 0; k < 3; k++) {
        const value = pixel[k] as number;
        colours[i + k] = value + (towards - value) * share;
      }
    }
  };
}

/** Each tone's shift by how much a value belongs to it: dark (1 - v)², middle 2 v (1 - v) twice, light v². */
function colourBalance(settings: Settings<'colour-balance'>): ColourAdjuster {
  const { shadows, midtones, highlights, preserveLuminosity } = settings;
  const channel = (k: 0 | 1 | 2): ChannelFunction => {
    const [dark, middle, light] = [shadows[k] / 2, 2 * midtones[k], highlights[k] / 2];
    return (v) => unit(v + dark * (1 - v) ** 2 + middle * v * (1 - v) + light * v * v);
  };
  const shift = [channel(0), channel(1), channel(2)] as const;
  return (colours, count) => {
    for (let i = 0; i < count * 3; i += 3) {
      const [r, g, b] = [colours[i] as number, colours[i + 1] as number, colours[i + 2] as number];
      pixel[0] = shift[0](r);
      pixel[1] = shift[1](g);
      pixel[2] = shift[2](b);
      if (preserveLuminosity) setLum(pixel, pixel[0], pixel[1], pixel[2], luma(r, g, b));
      for (let k = 0; k < 3; k++) colours[i + k] = pixel[k] as number;
    }
  };
}

/** Colours by luma (that of W3C's Lum). */
function gradientMap({ stops, reverse }: Settings<'gradient-map'>): ColourAdjuster {
  const packed = packStops(stops.map(({ at, colour }) => [at, ...colour]));
  return (colours, count) => {
    for (let i = 0; i < count * 3; i += 3) {
      const grey = luma(colours[i] as number, colours[i + 1] as number, colours[i + 2] as number);
      sampleStops(packed, reverse ? 1 - grey : grey, colours, i);
    }
  };
}

function threshold({ level }: Settings<'threshold'>): ColourAdjuster {
  return (colours, count) => {
    for (let i = 0; i < count * 3; i += 3) {
      const grey = luma(colours[i] as number, colours[i + 1] as number, colours[i + 2] as number);
      colours.fill(grey >= level - JUMP ? 1 : 0, i, i + 3);
    }
  };
}

/** Slope about the middle that a contrast of -1..1 gives: flat at -1, a jump at 1. */
export function contrastSlope(contrast: number): number {
  return contrast < 0 ? 1 + contrast : 1 / Math.max(1e-3, 1 - contrast);
}

/** Gamma of the linear light that exposure is added in. */
export const EXPOSURE_GAMMA = 2.2;

/** Makes an adjustment ready for many colours. */
export function compileAdjustment(settings: AdjustmentSettings): ColourAdjuster {
  switch (settings.type) {
    case 'levels': {
      const all = levelsFunction(settings.rgb);
      const channel = (own: LevelsChannel | undefined): ChannelFunction => {
        const then = levelsFunction(own);
        return (value) => then(all(value));
      };
      return byChannel(channel(settings.red), channel(settings.green), channel(settings.blue));
    }
    case 'curves': {
      const { rgb, red, green, blue } = settings;
      return byChannel(curveFunction(rgb, red), curveFunction(rgb, green), curveFunction(rgb, blue));
    }
    case 'hue-saturation':
      return hueSaturation(settings);
    case 'colour-balance':
      return colourBalance(settings);
    case 'invert':
      return alike((value) => 1 - value);
    case 'gradient-map':
      return gradientMap(settings);
    case 'brightness-contrast': {
      const { brightness, contrast } = settings;
      const slope = contrastSlope(contrast);
      return alike((value) => unit((value - 0.5) * slope + 0.5 + brightness));
    }
    case 'exposure': {
      const { exposure, offset, gamma } = settings;
      const gain = 2 ** exposure;
      return alike((value) =>
        unit(Math.max(0, value ** EXPOSURE_GAMMA * gain + offset) ** (1 / (gamma * EXPOSURE_GAMMA))),
      );
    }
    case 'posterize': {
      const { levels } = settings;
      return alike((value) => Math.min(levels - 1, Math.floor(value * levels + JUMP)) / (levels - 1));
    }
    case 'threshold':
      return threshold(settings);
  }
}
