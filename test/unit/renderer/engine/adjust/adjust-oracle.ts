import type {
  AdjustmentSettings,
  LevelsChannel,
} from '../../../../../renderer/engine/layers/adjustment-settings.ts';
import type { Colour } from '../compositor/w3c-oracle.ts';

/**
 * Adjustments in float64, one colour at a time, written from their definitions: Photoshop's levels formula; monotone
 * cubic interpolation by Fritsch and Carlson with harmonic-mean tangents; HSL as in CSS Color 4, section 7; W3C SetLum.
 * It shares no code with the engine.
 */
export function adjustOracle(settings: AdjustmentSettings, given: Colour): Colour {
  // Division by alpha may leave a colour beyond 1 by its rounding.
  const colour = each(given, clamp);
  switch (settings.type) {
    case 'invert':
      return each(colour, (v) => 1 - v);
    case 'levels':
      return channels(settings, colour, levels, (v) => v);
    case 'curves':
      return channels(settings, colour, curve, (v) => v);
    case 'hue-saturation':
      return hueSaturation(settings, colour);
    case 'colour-balance':
      return colourBalance(settings, colour);
    case 'gradient-map': {
      const grey = lum(colour);
      const stops = settings.stops.map(({ at, colour: c }) => [at, ...c]);
      return along(stops, settings.reverse ? 1 - grey : grey) as Colour;
    }
    case 'brightness-contrast': {
      const { brightness, contrast } = settings;
      const slope = contrast < 0 ? 1 + contrast : 1 / (1 - contrast);
      return each(colour, (v) => clamp((v - 0.5) * slope + 0.5 + brightness));
    }
    case 'exposure': {
      const { exposure, offset, gamma } = settings;
      return each(colour, (v) => {
        const linear = Math.max(0, v ** 2.2 * 2 ** exposure + offset);
        return clamp((linear ** (1 / gamma)) ** (1 / 2.2));
      });
    }
    case 'posterize': {
      const last = settings.levels - 1;
      return each(colour, (v) => Math.min(last, Math.floor(v * settings.levels + 1e-5)) / last);
    }
    case 'threshold':
      return lum(colour) >= settings.level - 1e-5 ? [1, 1, 1] : [0, 0, 0];
  }
}

const clamp = (x: number): number => Math.min(1, Math.max(0, x));
const each = (c: Colour, f: (v: number) => number): Colour => [f(c[0]), f(c[1]), f(c[2])];
const lum = (c: Colour): number => 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2];

function channels<T>(
  settings: { rgb: T; red?: T | undefined; green?: T | undefined; blue?: T | undefined },
  c: Colour,
  value: (given: T, v: number) => number,
  none: (v: number) => number,
): Colour {
  const own = [settings.red, settings.green, settings.blue];
  return c.map((v, k) => {
    const first = value(settings.rgb, v);
    const then = own[k];
    return then === undefined ? none(first) : value(then, first);
  }) as Colour;
}

function levels({ black, white, gamma, outBlack, outWhite }: LevelsChannel, v: number): number {
  const t = clamp((v - black) / Math.max(1e-4, white - black));
  return outBlack + (outWhite - outBlack) * t ** (1 / gamma);
}

/** Linear between rows [place, values...]. */
function along(rows: number[][], place: number): number[] {
  if (place < rows[0]![0]!) return rows[0]!.slice(1);
  const after = rows.findIndex(([at]) => at! > place);
  if (after === -1) return rows.at(-1)!.slice(1);
  const [low, high] = [rows[after - 1]!, rows[after]!];
  const t = (place - low[0]!) / (high[0]! - low[0]!);
  return low.slice(1).map((v, k) => v * (1 - t) + high[k + 1]! * t);
}

function curve(points: readonly (readonly [number, number])[], v: number): number {
  const n = points.length;
  if (n === 1 || v <= points[0]![0]) return points[0]![1];
  if (v >= points[n - 1]![0]) return points[n - 1]![1];
  const d = points.slice(1).map((p, i) => (p[1] - points[i]![1]) / (p[0] - points[i]![0]));
  const m = points.map((_, i) => {
    if (i === 0) return d[0]!;
    if (i === n - 1) return d[n - 2]!;
    return d[i - 1]! * d[i]! <= 0 ? 0 : 2 / (1 / d[i - 1]! + 1 / d[i]!);
  });
  const i = points.findIndex((p, k) => k < n - 1 && v < points[k + 1]![0] && v >= p[0]);
  const h = points[i + 1]![0] - points[i]![0];
  const t = (v - points[i]![0]) / h;
  // Hermite basis.
  return (
    (2 * t ** 3 - 3 * t ** 2 + 1) * points[i]![1] +
    (t ** 3 - 2 * t ** 2 + t) * h * m[i]! +
    (-2 * t ** 3 + 3 * t ** 2) * points[i + 1]![1] +
    (t ** 3 - t ** 2) * h * m[i + 1]!
  );
}

function hueSaturation(
  { hue, saturation, lightness, colorize }: Extract<AdjustmentSettings, { type: 'hue-saturation' }>,
  [r, g, b]: Colour,
): Colour {
  const [max, min] = [Math.max(r, g, b), Math.min(r, g, b)];
  const l = (max + min) / 2;
  const d = max - min;
  let s = 0;
  let h = 0;
  if (d > 0) {
    s = l > 0.5 ? d / (2 - max - min) : d / (max + min);
    if (max === r) h = (g - b) / d + (g < b ? 6 : 0);
    else if (max === g) h = (b - r) / d + 2;
    else h = (r - g) / d + 4;
    h *= 60;
  }
  const turned = colorize ? hue : h + hue;
  const full = clamp(colorize ? saturation : s * (1 + saturation));
  const chroma = (1 - Math.abs(2 * l - 1)) * full;
  const sector = (((turned % 360) + 360) % 360) / 60;
  const x = chroma * (1 - Math.abs((sector % 2) - 1));
  const [r1, g1, b1] = [
    [chroma, x, 0],
    [x, chroma, 0],
    [0, chroma, x],
    [0, x, chroma],
    [x, 0, chroma],
    [chroma, 0, x],
  ][Math.min(5, Math.floor(sector))]!;
  const low = l - chroma / 2;
  const target = lightness < 0 ? 0 : 1;
  return each(
    [r1! + low, g1! + low, b1! + low],
    (v) => v * (1 - Math.abs(lightness)) + target * Math.abs(lightness),
  );
}

function colourBalance(settings: Extract<AdjustmentSettings, { type: 'colour-balance' }>, c: Colour): Colour {
  const shifted = c.map((v, k) =>
    clamp(
      v +
        0.5 * settings.shadows[k]! * (1 - v) * (1 - v) +
        2 * settings.midtones[k]! * v * (1 - v) +
        0.5 * settings.highlights[k]! * v * v,
    ),
  ) as Colour;
  if (!settings.preserveLuminosity) return shifted;
  const want = lum(c);
  let out = each(shifted, (v) => v + want - lum(shifted));
  const l = lum(out);
  const n = Math.min(...out);
  const x = Math.max(...out);
  if (n < 0) out = each(out, (v) => l + ((v - l) * l) / (l - n));
  if (x > 1) out = each(out, (v) => l + ((v - l) * (1 - l)) / (x - l));
  return out;
}
