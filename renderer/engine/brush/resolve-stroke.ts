import type { Rect } from '../geometry/rect.ts';
import { TILE_SIZE } from '../tiles/tile.ts';
import type { BrushColour } from './brush.ts';

/** What a stroke does to the pixels it covers. */
export type StrokeEffect = 'paint' | 'paint-alpha-locked' | 'erase';

/** One tile's pixels before and after. */
export interface ResolveTarget {
  /** The layer's pixels; undefined where it has none. */
  readonly before: Uint8Array | undefined;
  /** Receives the result in the rectangle; elsewhere it already equals `before`. */
  readonly after: Uint8Array;
  /** The tile's first pixel in the document. */
  readonly left: number;
  readonly top: number;
}

/**
 * Writes the result of a stroke over a rectangle of one tile: source-over of the colour by the cover, the same with
 * the layer's alpha kept, or the layer's alpha times what is not covered.
 * @param cover the stroke buffer's tile.
 * @param selection 65,536 bytes of how much each pixel is selected, or null where everything is.
 */
export function resolveStroke(
  effect: StrokeEffect,
  target: ResolveTarget,
  cover: Float32Array,
  selection: Uint8Array | null,
  colour: BrushColour,
  rect: Rect,
): void {
  const { before, after, left, top } = target;
  const [red, green, blue] = colour;
  for (let y = rect.y - top; y < rect.y + rect.height - top; y++) {
    let at = y * TILE_SIZE + rect.x - left;
    for (let x = 0; x < rect.width; x++, at++) {
      let m = cover[at] as number;
      if (m === 0) continue;
      if (selection) m *= (selection[at] as number) / 255;
      const i = at * 4;
      const alpha = before ? (before[i + 3] as number) : 0;
      if (effect === 'erase') {
        after[i + 3] = (alpha * (1 - m) + 0.5) | 0;
        continue;
      }
      const locked = effect === 'paint-alpha-locked';
      if (locked && alpha === 0) continue;
      const under = locked ? 1 - m : (alpha / 255) * (1 - m);
      const total = m + under;
      if (total === 0 || m === 0) continue;
      const share = m / total;
      const r = before ? (before[i] as number) : 0;
      const g = before ? (before[i + 1] as number) : 0;
      const b = before ? (before[i + 2] as number) : 0;
      after[i] = (r + (red - r) * share + 0.5) | 0;
      after[i + 1] = (g + (green - g) * share + 0.5) | 0;
      after[i + 2] = (b + (blue - b) * share + 0.5) | 0;
      if (!locked) after[i + 3] = (total * 255 + 0.5) | 0;
    }
  }
}
