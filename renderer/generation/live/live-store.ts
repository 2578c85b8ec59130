import { create } from 'zustand';

/** Where a session stands, as the studio tells. */
export type LivePhase = 'off' | 'running' | 'yielding' | 'eased' | 'paused' | 'stopped';

/** Live painting, without its pixels. */
export interface LiveState {
  phase: LivePhase;
  /** How much of the canvas is made anew, 0.05 … 1; survives a restart. */
  strength: number;
  /** How strongly the picture covers the canvas, 0.1 … 1; survives a restart. */
  blend: number;
  /** Steps of a whole run, of which the strength takes its share; survives a restart. */
  steps: number;
  /** Milliseconds from the last change to its picture; null before the first. */
  latency: number | null;
  /** Pictures a second. */
  rate: number;
  /** Jobs that were dropped because the canvas had moved on. */
  dropped: number;
  /** Milliseconds of the worker for the last picture. */
  run: number;
  /** Strokes that the picture does not show yet. */
  behind: number;
  /** Something was changed that the picture does not show yet. */
  waiting: boolean;
  /** A picture waits around the nib for the pen to be lifted. */
  heldBack: boolean;
  /** What is made, after easing. */
  madeSteps: number;
  madeWidth: number;
  madeHeight: number;
  /** Why it waits, was eased or stopped. */
  cause: string | null;
  error: { readonly message: string; readonly remedy: string } | null;
}

/** What Live shows while it is off. */
export const LIVE_AT_REST = {
  latency: null,
  rate: 0,
  dropped: 0,
  run: 0,
  behind: 0,
  waiting: false,
  heldBack: false,
  cause: null,
  error: null,
} as const satisfies Partial<LiveState>;

/** State of live painting for the panels. */
export const useLive = create<LiveState>()(() => ({
  phase: 'off',
  strength: 0.5,
  blend: 0.8,
  steps: 4,
  madeSteps: 4,
  madeWidth: 0,
  madeHeight: 0,
  ...LIVE_AT_REST,
}));
