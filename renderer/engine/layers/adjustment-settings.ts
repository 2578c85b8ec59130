import type { FillColour } from './fill.ts';

/** One channel of a levels adjustment: `black`..`white` is spread to `outBlack`..`outWhite` (all 0..1) through a gamma (0.01..10). */
export interface LevelsChannel {
  readonly black: number;
  readonly white: number;
  readonly gamma: number;
  readonly outBlack: number;
  readonly outWhite: number;
}

/** Points of a tone curve, x ascending, both 0..1. */
export type CurvePointList = readonly (readonly [x: number, y: number])[];

/** Something for all channels together and, after it, for each by itself. */
interface ByChannel<T> {
  readonly rgb: T;
  readonly red?: T | undefined;
  readonly green?: T | undefined;
  readonly blue?: T | undefined;
}

/** Shifts of cyan-red, magenta-green and yellow-blue, each -1..1. */
export type BalanceShift = readonly [red: number, green: number, blue: number];

/** A colour of a gradient map at a place 0..1. */
export interface GradientMapStop {
  readonly at: number;
  readonly colour: FillColour;
}

/** What an adjustment layer does to the colours under it; alpha stays. Plain data, values as encoded in the document. */
export type AdjustmentSettings =
  | ({ readonly type: 'levels' } & ByChannel<LevelsChannel>)
  | ({ readonly type: 'curves' } & ByChannel<CurvePointList>)
  | {
      readonly type: 'hue-saturation';
      /** Degrees, -180..180; with `colorize` the hue itself, 0..360. */
      readonly hue: number;
      /** -1..1; with `colorize` the saturation itself, 0..1. */
      readonly saturation: number;
      /** -1..1. */
      readonly lightness: number;
      /** One hue for everything. */
      readonly colorize: boolean;
    }
  | {
      readonly type: 'colour-balance';
      readonly shadows: BalanceShift;
      readonly midtones: BalanceShift;
      readonly highlights: BalanceShift;
      readonly preserveLuminosity: boolean;
    }
  | { readonly type: 'invert' }
  | { readonly type: 'gradient-map'; readonly stops: readonly GradientMapStop[]; readonly reverse: boolean }
  | { readonly type: 'brightness-contrast'; readonly brightness: number; readonly contrast: number }
  | {
      readonly type: 'exposure';
      /** Stops, -20..20. */
      readonly exposure: number;
      /** -0.5..0.5, added in linear light. */
      readonly offset: number;
      /** 0.01..10. */
      readonly gamma: number;
    }
  /** Levels a channel, 2..255. */
  | { readonly type: 'posterize'; readonly levels: number }
  /** Luma (0..1) from which on a pixel is white. */
  | { readonly type: 'threshold'; readonly level: number };
