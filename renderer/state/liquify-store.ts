import { create } from 'zustand';

/** What the liquify tool does under the pen. */
export const LIQUIFY_MODES = ['push', 'twirl', 'twirl-left', 'pinch', 'bloat', 'restore'] as const;

/** One of them. */
export type LiquifyMode = (typeof LIQUIFY_MODES)[number];

/** The liquify tool's settings. */
export const useLiquify = create<{ mode: LiquifyMode; size: number; strength: number }>()(() => ({
  mode: 'push',
  /** Diameter in document pixels. */
  size: 160,
  /** 0 … 1 */
  strength: 0.6,
}));
