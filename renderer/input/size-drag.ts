import { activeBrushKey, changeBrush, usePaint } from '../state/paint-store.ts';

/** Diameter for one CSS px sideways, opacity for one px up. */
const DIAMETER_PER_PIXEL = 2;
const OPACITY_PER_PIXEL = 1 / 300;
/** The axis is decided once the pointer has gone this far. */
const LOCK = 6;

/** A drag that sets the brush: sideways the diameter, up and down the opacity. */
export interface SizeDrag {
  /** Moves to an offset from where the pointer went down, in CSS px. */
  move(dx: number, dy: number): void;
  /** Puts back what was. */
  cancel(): void;
}

/** Begins a size-and-opacity drag on the brush in hand. The axis locks after 6 px. */
export function beginSizeDrag(): SizeDrag {
  const state = usePaint.getState();
  const before = state[activeBrushKey(state)];
  let axis: 'size' | 'opacity' | null = null;
  return {
    move(dx, dy) {
      if (axis === null && Math.hypot(dx, dy) >= LOCK)
        axis = Math.abs(dx) >= Math.abs(dy) ? 'size' : 'opacity';
      if (axis === 'size') changeBrush({ size: before.size + dx * DIAMETER_PER_PIXEL });
      if (axis === 'opacity') changeBrush({ opacity: before.opacity - dy * OPACITY_PER_PIXEL });
    },
    cancel: () => changeBrush({ size: before.size, opacity: before.opacity }),
  };
}
