import type { PaintDocument } from '../engine/document.ts';
import type { Rect } from '../engine/geometry/rect.ts';
import type { SelectionMask } from '../engine/selection/selection-mask.ts';

/** What the generator needs of the open document. */
export interface GenerationTarget {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly document: PaintDocument;
  /** What is selected, or null for nothing in particular. */
  selection(): SelectionMask | null;
  activeLayerId(): string | null;
  /** Composited pixels of a rectangle as the finished picture has them, RGBA8 straight, in the colours of models. */
  read(rect: Rect): Uint8Array<ArrayBuffer>;
  /** True while a stroke is in progress. */
  penDown(): boolean;
  /** When the last stroke ended, on the clock of `performance.now()`. */
  penLifted(): number;
}
