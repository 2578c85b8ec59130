import type {
  AdjustmentSettings,
  LevelsChannel,
} from '../../../../../renderer/engine/layers/adjustment-settings.ts';

type Triple = [number, number, number];

/** A random adjustment; `jumps` also gives those whose result jumps (posterize, threshold). */
export function randomAdjustment(random: () => number, jumps = false): AdjustmentSettings {
  const signed = (): number => random() * 2 - 1;
  const triple = (of: () => number): Triple => [of(), of(), of()];
  const level = (): LevelsChannel => ({
    black: random() * 0.4,
    white: 0.5 + random() * 0.5,
    gamma: 0.3 + random() * 2,
    outBlack: random() * 0.3,
    outWhite: 1 - random() * 0.3,
  });
  const points = (): [number, number][] => [
    [0, random() * 0.3],
    [0.2 + random() * 0.2, random()],
    [0.6 + random() * 0.2, random()],
    [1, 1 - random() * 0.3],
  ];
  switch (Math.floor(random() * (jumps ? 10 : 8))) {
    case 0:
      return { type: 'invert' };
    case 1:
      return { type: 'levels', rgb: level(), ...(random() < 0.5 ? { green: level() } : {}) };
    case 2:
      return { type: 'curves', rgb: points(), ...(random() < 0.5 ? { blue: points() } : {}) };
    case 3: {
      const colorize = random() < 0.3;
      return {
        type: 'hue-saturation',
        hue: colorize ? random() * 360 : signed() * 180,
        saturation: colorize ? random() : signed(),
        lightness: signed() * 0.5,
        colorize,
      };
    }
    case 4:
      return {
        type: 'colour-balance',
        shadows: triple(signed),
        midtones: triple(() => signed() * 0.5),
        highlights: triple(signed),
        preserveLuminosity: random() < 0.5,
      };
    case 5:
      return {
        type: 'gradient-map',
        stops: [0, 0.3, 1].map((at) => ({ at, colour: triple(random) })),
        reverse: random() < 0.3,
      };
    case 6:
      return { type: 'brightness-contrast', brightness: signed() * 0.5, contrast: signed() * 0.7 };
    case 7:
      return { type: 'exposure', exposure: signed() * 2, offset: signed() * 0.02, gamma: 0.5 + random() };
    case 8:
      return { type: 'posterize', levels: 2 + Math.floor(random() * 8) };
    default:
      return { type: 'threshold', level: random() };
  }
}
