import { create } from 'zustand';
import { compileCurve, type CurvePoints, sampleCurve } from '../engine/brush/curve.ts';

/** How a device's pressure becomes the studio's. */
export interface PressureCurve {
  /** From what the device says to what brushes see, both 0 … 1. */
  readonly points: CurvePoints;
  /** What a touch gives at least, 0 … 0.1. */
  readonly floor: number;
}

interface PressureState {
  /** By device; one without an entry is taken as it is. */
  readonly curves: Readonly<Record<string, PressureCurve>>;
  /** The last readings of the pen that was last seen, for the graph. */
  readonly live: { readonly device: string; readonly raw: number; readonly time: number } | null;
}

/** Pressure as the device gives it. */
export const LINEAR: PressureCurve = {
  points: [
    [0, 0],
    [1, 1],
  ],
  floor: 0,
};

/** Ready-made curves. */
export const PRESSURE_PRESETS = {
  Soft: {
    points: [
      [0, 0],
      [0.3, 0.55],
      [1, 1],
    ],
    floor: 0,
  },
  Linear: LINEAR,
  Firm: {
    points: [
      [0, 0],
      [0.7, 0.45],
      [1, 1],
    ],
    floor: 0,
  },
} as const satisfies Record<string, PressureCurve>;

/** Pressure curves by device, and what the pen says now. */
export const usePressure = create<PressureState>()(() => ({ curves: {}, live: null }));

/** The name of the device that a pointer belongs to: a browser tells kinds of pointers on a system apart, no more. */
export function deviceOf(pointerType: string): string {
  return `${pointerType} on ${navigator.platform}`;
}

let compiled: { readonly curve: PressureCurve; readonly table: Float32Array } | null = null;

/** What brushes see of a device's pressure, 0 … 1. */
export function mapPressure(device: string, raw: number): number {
  const curve = usePressure.getState().curves[device];
  if (!curve) return raw;
  if (compiled?.curve !== curve) compiled = { curve, table: compileCurve(curve.points) };
  const mapped = sampleCurve(compiled.table, raw);
  // The floor is for touches: a pen in the air stays without pressure.
  return raw > 0 ? curve.floor + (1 - curve.floor) * mapped : 0;
}

/** Sets a device's curve. */
export function setPressureCurve(device: string, curve: PressureCurve): void {
  usePressure.setState(({ curves }) => ({ curves: { ...curves, [device]: curve } }));
}

/**
 * The curve that maps the 5th to 95th percentile of measured pressures to 0 … 1.
 *
 * @returns null while there is too little to go by, or all of it is alike (a mouse)
 */
export function measuredCurve(pressures: readonly number[]): PressureCurve | null {
  const sorted = pressures.filter((value) => value > 0).toSorted((a, b) => a - b);
  if (sorted.length < 20) return null;
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const low = at(0.05);
  const high = at(0.95);
  if (high - low < 0.05) return null;
  return {
    points: [
      [0, 0],
      [low, 0],
      [high, 1],
      [1, 1],
    ],
    floor: 0.02,
  };
}
