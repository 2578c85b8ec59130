import type { CurvePoints } from './curve.ts';

/** One reading of a pen, mouse or finger, in document pixels. */
export interface Sample {
  readonly x: number;
  readonly y: number;
  /** 0..1; a mouse reports 0.5 or 1. */
  readonly pressure: number;
  /** Degrees, -90..90, as PointerEvent has them. */
  readonly tiltX: number;
  readonly tiltY: number;
  /** Rotation about the pen's own axis, degrees 0..359. */
  readonly twist: number;
  /** Milliseconds; only differences count. */
  readonly time: number;
}

/** What a parameter can follow. Each gives 0..1. */
export type Sensor =
  | 'pressure'
  /** 0 upright, 1 lying flat. */
  | 'tilt'
  /** Direction the pen leans to: 0..1 is a whole turn. */
  | 'azimuth'
  /** 0..1 is a whole turn. */
  | 'twist'
  /** 0 at rest, 1 at 4 document pixels a millisecond and above. */
  | 'speed'
  /** Direction of travel: 0..1 is a whole turn. */
  | 'direction'
  /** Anew for each dab. */
  | 'random'
  /** 0 at the start, 1 after 64 diameters. */
  | 'fade';

/** A parameter's dependence on one sensor. */
export interface Dynamic {
  readonly sensor: Sensor;
  readonly curve: CurvePoints;
}

/** Parameters that can follow sensors. Angle is added to (0..1 of a turn), all others are multiplied. */
export type DynamicParameter =
  | 'size'
  | 'opacity'
  | 'flow'
  | 'hardness'
  | 'roundness'
  | 'angle'
  | 'scatter'
  | 'spacing'
  | 'count'
  /** How much of the grain shows. */
  | 'grain'
  /** How much of the colour's jitter is used. */
  | 'jitter'
  /** How much colour is taken up. */
  | 'pickup';

/** All of them, in the order in which an editor lists them. */
export const DYNAMIC_PARAMETERS = [
  'size',
  'opacity',
  'flow',
  'hardness',
  'roundness',
  'angle',
  'scatter',
  'spacing',
  'count',
  'grain',
  'jitter',
  'pickup',
] as const satisfies readonly DynamicParameter[];

/** All sensors, in the order in which an editor lists them. */
export const SENSORS = [
  'pressure',
  'tilt',
  'azimuth',
  'twist',
  'speed',
  'direction',
  'random',
  'fade',
] as const satisfies readonly Sensor[];

/**
 * Shapes of a tip. `round` is exact at every size; the others are bitmaps, turned and scaled: made by formula, except
 * `bitmap`, which is the brush's own.
 */
export const TIP_SHAPES = ['round', 'chalk', 'bristle', 'splatter', 'sponge', 'dry', 'bitmap'] as const;

/** The name of a tip's shape. */
export type TipShape = (typeof TIP_SHAPES)[number];

/** Largest edge of a brush's own bitmap. */
export const MAX_TIP_EDGE = 512;

/** A brush's own tip. */
export interface TipBitmap {
  /** 1..512 pixels each. */
  readonly width: number;
  readonly height: number;
  /** `width * height` values, 0 nothing, 255 full. */
  readonly alpha: Uint8Array;
}

/** A second tip whose stroke lets the first one through: paint stays where both have been. */
export interface DualTip {
  readonly tip: TipShape;
  readonly bitmap: TipBitmap | null;
  /** Diameter over the first tip's, 0.05..4. */
  readonly size: number;
  /** As the brush's own: fraction of its diameter, 0.01..10; in its diameters, 0..5; 1..16. */
  readonly spacing: number;
  readonly scatter: number;
  readonly count: number;
  /** 0..1 */
  readonly hardness: number;
}

/** Surfaces that can show through a stroke. */
export const GRAIN_PATTERNS = ['paper', 'canvas', 'noise', 'fibre'] as const;

/** A surface, anchored to the document, that takes paint only on its high places. */
export interface Grain {
  readonly pattern: (typeof GRAIN_PATTERNS)[number];
  /** Size of its features in pixels, 1..64. */
  readonly size: number;
  /** 0 none, 1 its lowest places take no paint. */
  readonly depth: number;
}

/** How each dab's colour strays from the brush's, at random within ± these parts of the whole range, 0..1. */
export interface ColourJitter {
  readonly hue: number;
  readonly saturation: number;
  readonly value: number;
}

/** How a dab takes up what lies under it. */
export interface Mixing {
  /** 0: only the brush's colour. 1: only what was taken up (smudging). */
  readonly pickup: number;
  /** How long taken-up colour lasts: 0 is replaced at each dab, 1 never. */
  readonly length: number;
  /** True pushes the pixels themselves along the path instead of their mean colour. */
  readonly smear: boolean;
}

/** A brush: plain data, so that presets are files and strokes can be replayed. */
export interface Brush {
  readonly id: string;
  readonly name: string;
  /** Diameter in document pixels, 0.5..4096. */
  readonly size: number;
  /** Most that one stroke covers in wash, and weight of a dab in build-up; 0..1. */
  readonly opacity: number;
  /** How much of what is missing each dab adds, 0..1. */
  readonly flow: number;
  /** 1: edge of one pixel. 0: falls off from the centre. */
  readonly hardness: number;
  /** Distance between dabs as a fraction of the diameter, 0.01..10. */
  readonly spacing: number;
  /** Short axis over long axis, 0.01..1. */
  readonly roundness: number;
  /** Turn of the long axis, degrees clockwise on screen. */
  readonly angle: number;
  /** Random offset of dabs across and along the path, in diameters, 0..5. */
  readonly scatter: number;
  /** Dabs at each place, 1..16. */
  readonly count: number;
  /** Dabs a second while the pen rests, 0..200: an airbrush. Needs readings with the time going on. */
  readonly rate: number;
  readonly tip: TipShape;
  /** The tip's pixels where `tip` is `bitmap`. */
  readonly bitmap: TipBitmap | null;
  readonly dual: DualTip | null;
  readonly grain: Grain | null;
  /** With jitter or mixing each dab is painted by itself, so a stroke builds up whatever `accumulation` says. */
  readonly jitter: ColourJitter | null;
  readonly mixing: Mixing | null;
  /**
   * How dark a stroke's rim stands against its middle, as watercolour dries, 0..1. 0 for none; none either where dabs are
   * painted by themselves (jitter, mixing).
   */
  readonly wetEdge: number;
  readonly mode: 'paint' | 'erase';
  /** Wash: a stroke never covers more than its opacity. Build-up: crossing it again covers more. */
  readonly accumulation: 'wash' | 'build-up';
  /** 0 draws the raw polyline; level n averages the last 8n milliseconds. */
  readonly stabiliser: number;
  /**
   * Length of a string by which the pen pulls the tip, in document pixels, 0..4096: the tip moves only while the string
   * is taut. 0 for none; with one, nothing is averaged.
   */
  readonly string: number;
  /** True draws the line on to where the pen left. */
  readonly finishes: boolean;
  readonly dynamics: { readonly [Parameter in DynamicParameter]?: readonly Dynamic[] | undefined };
}

/** Red, green, blue in the document's encoding, 0..255. */
export type BrushColour = readonly [red: number, green: number, blue: number];

/** A hard round brush of 12 px whose size follows pressure, changed by what is given. */
export function brushWith(given: Partial<Brush>): Brush {
  return {
    id: 'round',
    name: 'Round',
    size: 12,
    opacity: 1,
    flow: 1,
    hardness: 0.9,
    spacing: 0.1,
    roundness: 1,
    angle: 0,
    scatter: 0,
    count: 1,
    rate: 0,
    tip: 'round',
    bitmap: null,
    dual: null,
    grain: null,
    jitter: null,
    mixing: null,
    wetEdge: 0,
    mode: 'paint',
    accumulation: 'wash',
    stabiliser: 1,
    string: 0,
    finishes: true,
    dynamics: {},
    ...given,
  };
}
