import { contrastSlope, curveTable, EXPOSURE_GAMMA, LEAST_SPAN } from '../../adjust/adjust-colours.ts';
import { packStops } from '../../fill/gradient.ts';
import type { AdjustmentSettings, LevelsChannel } from '../../layers/adjustment-settings.ts';

/** Numbers of adjustments; the shader switches on the same. */
export const ADJUST = {
  invert: 0,
  levels: 1,
  curves: 2,
  'hue-saturation': 3,
  'colour-balance': 4,
  'gradient-map': 5,
  'brightness-contrast': 6,
  exposure: 7,
  posterize: 8,
  threshold: 9,
} as const;

const NO_LEVELS: LevelsChannel = { black: 0, white: 1, gamma: 1, outBlack: 0, outWhite: 1 };

function encodeLevels({ black, white, gamma, outBlack, outWhite }: LevelsChannel): number[] {
  return [black, Math.max(LEAST_SPAN, white - black), 1 / gamma, outBlack, outWhite - outBlack];
}

/** An adjustment as the shader reads it: its number and its parameters. */
export function encodeAdjustment(settings: AdjustmentSettings): number[] {
  return [ADJUST[settings.type], ...parameters(settings)];
}

function parameters(settings: AdjustmentSettings): Iterable<number> {
  switch (settings.type) {
    case 'invert':
      return [];
    case 'levels':
      return [settings.red, settings.green, settings.blue].flatMap((own) => [
        ...encodeLevels(settings.rgb),
        ...encodeLevels(own ?? NO_LEVELS),
      ]);
    case 'curves':
      return [settings.red, settings.green, settings.blue].flatMap((own) => [
        ...curveTable(settings.rgb, own),
      ]);
    case 'hue-saturation':
      return [settings.hue / 360, settings.saturation, settings.lightness, settings.colorize ? 1 : 0];
    case 'colour-balance':
      return [
        ...settings.shadows.map((value) => value / 2),
        ...settings.midtones.map((value) => value * 2),
        ...settings.highlights.map((value) => value / 2),
        settings.preserveLuminosity ? 1 : 0,
      ];
    case 'gradient-map': {
      const { count, values } = packStops(settings.stops.map(({ at, colour }) => [at, ...colour]));
      return [settings.reverse ? 1 : 0, count, ...values];
    }
    case 'brightness-contrast':
      return [contrastSlope(settings.contrast), settings.brightness];
    case 'exposure':
      return [2 ** settings.exposure, settings.offset, 1 / (settings.gamma * EXPOSURE_GAMMA)];
    case 'posterize':
      return [settings.levels];
    case 'threshold':
      return [settings.level];
  }
}
