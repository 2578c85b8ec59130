import type {
  AdjustmentLayer,
  ColorBalanceValues,
  CurvesAdjustmentChannel,
  GradientMapAdjustment,
  HueSaturationAdjustment,
  HueSaturationAdjustmentChannel,
  LevelsAdjustmentChannel,
} from 'ag-psd';
import type {
  AdjustmentSettings,
  BalanceShift,
  CurvePointList,
  LevelsChannel,
} from '../../layers/adjustment-settings.ts';
import { fromPsdColour, toPsdColour } from './colours.ts';

/** An adjustment as the engine has it, and what of it was lost on the way (null when nothing was). */
export interface MappedAdjustment {
  readonly settings: AdjustmentSettings;
  readonly lost: string | null;
}

const GRADIENT_SAMPLES = 4096;

/** A PSD's adjustment in the engine's terms; null when the engine has nothing like it. */
export function fromPsdAdjustment(adjustment: AdjustmentLayer): MappedAdjustment | null {
  const whole = (settings: AdjustmentSettings): MappedAdjustment => ({ settings, lost: null });
  switch (adjustment.type) {
    case 'levels':
      return whole({
        type: 'levels',
        rgb: fromLevels(adjustment.rgb),
        red: fromLevels(adjustment.red),
        green: fromLevels(adjustment.green),
        blue: fromLevels(adjustment.blue),
      });
    case 'curves':
      return whole({
        type: 'curves',
        rgb: fromCurve(adjustment.rgb) ?? STRAIGHT,
        red: fromCurve(adjustment.red),
        green: fromCurve(adjustment.green),
        blue: fromCurve(adjustment.blue),
      });
    case 'hue/saturation':
      return fromHue(adjustment);
    case 'color balance':
      return whole({
        type: 'colour-balance',
        shadows: fromBalance(adjustment.shadows),
        midtones: fromBalance(adjustment.midtones),
        highlights: fromBalance(adjustment.highlights),
        preserveLuminosity: adjustment.preserveLuminosity === true,
      });
    case 'invert':
      return whole({ type: 'invert' });
    case 'gradient map':
      return fromGradientMap(adjustment);
    case 'brightness/contrast':
      return {
        settings: {
          type: 'brightness-contrast',
          brightness: within((adjustment.brightness ?? 0) / 150, -1, 1),
          contrast: within((adjustment.contrast ?? 0) / 100, -1, 1),
        },
        lost: 'Brightness/Contrast curve',
      };
    case 'exposure':
      return whole({
        type: 'exposure',
        exposure: within(adjustment.exposure ?? 0, -20, 20),
        offset: within(adjustment.offset ?? 0, -0.5, 0.5),
        gamma: within(adjustment.gamma ?? 1, 0.01, 10),
      });
    case 'posterize':
      return whole({ type: 'posterize', levels: within(Math.round(adjustment.levels ?? 4), 2, 255) });
    case 'threshold':
      return whole({ type: 'threshold', level: within((adjustment.level ?? 128) / 255, 0, 1) });
    case 'black & white':
    case 'channel mixer':
    case 'color lookup':
    case 'photo filter':
    case 'selective color':
    case 'vibrance':
      return null;
  }
}

/** The engine's adjustment in a PSD's terms. */
export function toPsdAdjustment(settings: AdjustmentSettings): AdjustmentLayer {
  switch (settings.type) {
    case 'levels':
      return {
        type: 'levels',
        rgb: toLevels(settings.rgb),
        red: toLevels(settings.red),
        green: toLevels(settings.green),
        blue: toLevels(settings.blue),
      };
    case 'curves':
      return {
        type: 'curves',
        rgb: toCurve(settings.rgb),
        ...(settings.red && { red: toCurve(settings.red) }),
        ...(settings.green && { green: toCurve(settings.green) }),
        ...(settings.blue && { blue: toCurve(settings.blue) }),
      };
    case 'hue-saturation':
      return toHue(settings);
    case 'colour-balance':
      return {
        type: 'color balance',
        shadows: toBalance(settings.shadows),
        midtones: toBalance(settings.midtones),
        highlights: toBalance(settings.highlights),
        preserveLuminosity: settings.preserveLuminosity,
      };
    case 'invert':
      return { type: 'invert' };
    case 'gradient-map':
      return {
        type: 'gradient map',
        gradientType: 'solid',
        reverse: settings.reverse,
        dither: false,
        name: 'Custom',
        smoothness: 0,
        colorStops: settings.stops.map(({ at, colour }) => ({
          location: Math.round(at * GRADIENT_SAMPLES),
          midpoint: 0.5,
          color: toPsdColour(colour),
        })),
        opacityStops: [0, 1].map((at) => ({ location: at * GRADIENT_SAMPLES, midpoint: 0.5, opacity: 1 })),
      };
    case 'brightness-contrast':
      return {
        type: 'brightness/contrast',
        brightness: Math.round(settings.brightness * 150),
        contrast: Math.round(settings.contrast * 100),
        useLegacy: false,
      };
    case 'exposure':
      return {
        type: 'exposure',
        exposure: settings.exposure,
        offset: settings.offset,
        gamma: settings.gamma,
      };
    case 'posterize':
      return { type: 'posterize', levels: settings.levels };
    case 'threshold':
      return { type: 'threshold', level: Math.round(settings.level * 255) };
  }
}

function within(value: number, low: number, high: number): number {
  return Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : low;
}

function fromLevels(channel: LevelsAdjustmentChannel | undefined): LevelsChannel {
  return {
    black: within((channel?.shadowInput ?? 0) / 255, 0, 1),
    white: within((channel?.highlightInput ?? 255) / 255, 0, 1),
    gamma: within(channel?.midtoneInput ?? 1, 0.01, 10),
    outBlack: within((channel?.shadowOutput ?? 0) / 255, 0, 1),
    outWhite: within((channel?.highlightOutput ?? 255) / 255, 0, 1),
  };
}

function toLevels(channel: LevelsChannel | undefined): LevelsAdjustmentChannel {
  return {
    shadowInput: Math.round((channel?.black ?? 0) * 255),
    highlightInput: Math.round((channel?.white ?? 1) * 255),
    midtoneInput: channel?.gamma ?? 1,
    shadowOutput: Math.round((channel?.outBlack ?? 0) * 255),
    highlightOutput: Math.round((channel?.outWhite ?? 1) * 255),
  };
}

const STRAIGHT: CurvePointList = [
  [0, 0],
  [1, 1],
];

function fromCurve(points: CurvesAdjustmentChannel | undefined): CurvePointList | undefined {
  if (!points || points.length < 2) return undefined;
  const sorted = points
    .map(({ input, output }) => [within(input / 255, 0, 1), within(output / 255, 0, 1)] as const)
    .toSorted((a, b) => a[0] - b[0]);
  const rising = sorted.filter((point, i) => i === 0 || point[0] > (sorted[i - 1]?.[0] ?? -1));
  return rising.length < 2 ? undefined : rising;
}

function toCurve(points: CurvePointList): CurvesAdjustmentChannel {
  return points.map(([x, y]) => ({ input: Math.round(x * 255), output: Math.round(y * 255) }));
}

function fromBalance(values: ColorBalanceValues | undefined): BalanceShift {
  const share = (value: number | undefined): number => within((value ?? 0) / 100, -1, 1);
  return [share(values?.cyanRed), share(values?.magentaGreen), share(values?.yellowBlue)];
}

function toBalance([red, green, blue]: BalanceShift): ColorBalanceValues {
  return {
    cyanRed: Math.round(red * 100),
    magentaGreen: Math.round(green * 100),
    yellowBlue: Math.round(blue * 100),
  };
}

/**
 * ag-psd reads the block in another order than Adobe's specification has it ("Hue/Saturation settings file format"):
 * its `a` holds the colorize flag in the high byte, `b`, `c` and `d` the colorization's hue, saturation and lightness.
 */
function fromHue({ master, ...ranges }: HueSaturationAdjustment): MappedAdjustment {
  const colorize = (master?.a ?? 0) >> 8 !== 0;
  const changed = Object.values(ranges).some(
    (range) =>
      typeof range === 'object' && (range.hue !== 0 || range.saturation !== 0 || range.lightness !== 0),
  );
  const hue = (colorize ? master?.b : master?.hue) ?? 0;
  return {
    settings: {
      type: 'hue-saturation',
      hue: colorize ? ((hue % 360) + 360) % 360 : within(hue, -180, 180),
      saturation: within(((colorize ? master?.c : master?.saturation) ?? 0) / 100, colorize ? 0 : -1, 1),
      lightness: within(((colorize ? master?.d : master?.lightness) ?? 0) / 100, -1, 1),
      colorize,
    },
    lost: changed && !colorize ? 'Hue/Saturation of single colours' : null,
  };
}

/** The six ranges of colours as Photoshop writes them when nothing is set: falloff, start, end, falloff in degrees. */
const RANGES = [
  ['reds', [315, 345, 15, 45]],
  ['yellows', [15, 45, 75, 105]],
  ['greens', [75, 105, 135, 165]],
  ['cyans', [135, 165, 195, 225]],
  ['blues', [195, 225, 255, 285]],
  ['magentas', [255, 285, 315, 345]],
] as const;

function toHue(settings: Extract<AdjustmentSettings, { type: 'hue-saturation' }>): HueSaturationAdjustment {
  const hue = Math.round(settings.hue);
  const saturation = Math.round(settings.saturation * 100);
  const lightness = Math.round(settings.lightness * 100);
  const zero = { hue: 0, saturation: 0, lightness: 0 };
  const master: HueSaturationAdjustmentChannel = settings.colorize
    ? { a: 0x100, b: hue, c: saturation, d: lightness, ...zero }
    : { a: 0, b: 0, c: 25, d: 0, hue, saturation, lightness };
  const rest = RANGES.map(([name, [a, b, c, d]]) => [name, { a, b, c, d, ...zero }]);
  return { type: 'hue/saturation', master, ...Object.fromEntries(rest) };
}

function fromGradientMap(adjustment: GradientMapAdjustment): MappedAdjustment | null {
  const stops = (adjustment.colorStops ?? [])
    .map(({ location, color }) => ({
      at: within(location / GRADIENT_SAMPLES, 0, 1),
      colour: fromPsdColour(color),
    }))
    .toSorted((a, b) => a.at - b.at);
  if (adjustment.gradientType === 'noise' || stops.length === 0) return null;
  const bent = (adjustment.colorStops ?? []).some(({ midpoint }) => Math.abs(midpoint - 0.5) > 0.005);
  return {
    settings: { type: 'gradient-map', stops, reverse: adjustment.reverse === true },
    lost: bent ? 'Gradient midpoints' : null,
  };
}
