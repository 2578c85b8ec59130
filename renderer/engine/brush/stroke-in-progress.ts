import type { Change } from '../changes.ts';
import type { Rect } from '../geometry/rect.ts';
import type { Sample } from './brush.ts';

/** How much of each pixel is selected: 65,536 bytes a tile, undefined where nothing is. */
export interface SelectionSource {
  get(tx: number, ty: number): Uint8Array | undefined;
}

/** A stroke in progress: seen through the layer's overlay, written nowhere until its changes are applied. */
export interface Stroke {
  /** Where the line has got to: it lags behind the pen while it is smoothed. Null before the first reading. */
  readonly tip: { readonly x: number; readonly y: number } | null;
  /** Draws readings and returns the rectangle that looks different now; empty when none does. */
  extend(samples: readonly Sample[]): Rect;
  /**
   * Ends the stroke and returns what it changes, to be given to history at once: it stays in sight until the next
   * changes are applied to the document. Empty when no pixel differs.
   */
  commit(): Change[];
  /** Ends the stroke without a trace. */
  abort(): void;
}
