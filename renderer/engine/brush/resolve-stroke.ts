import type { Rect } from '../geometry/rect.ts';
import { TILE_SIZE, type PixelFormat, type Samples } from '../tiles/tile.ts';
import type { BrushColour } from './brush.ts';

/** What a stroke does to the pixels it covers. */
export type StrokeEffect = 'paint' | 'paint-alpha-locked' | 'erase';

/** One tile's pixels before and after. */
export interface ResolveTarget {
  readonly format: PixelFormat;
  /** The target's pixels; undefined where it has none. */
  readonly before: Samples | undefined;
  /** Receives the result in the rectangle; elsewhere it already equals `before`. */
  readonly after: Samples;
  /** Value of every channel where `before` is undefined. */
  readonly outside: number;
  /** The tile's first pixel in the document. */
  readonly left: number;
  readonly top: number;
}

/** Luma of a colour, 0..1 (that of W3C's Lum): what a colour means on a mask. */
export function lumaOf([red, green, blue]: BrushColour): number {
  return (0.3 * red + 0.59 * green + 0.11 * blue) / 255;
}

/**
 * Writes the result of a stroke over a rectangle of one tile. On pixels: source-over of the colour by the cover, the same
 * with the layer's alpha kept, or the layer's alpha times what is not covered. On a mask: towards the colour's luma, or
 * towards 0 when erasing.
 * @param cover the stroke buffer's tile.
 * @param selection 65,536 bytes of how much each pixel is selected, or null where everything is.
 * @param colour channels 0..255, in any document.
 */
export function resolveStroke(
  effect: StrokeEffect,
  target: ResolveTarget,
  cover: Float32Array,
  selection: Uint8Array | null,
  colour: BrushColour,
  rect: Rect,
): void {
  const write = target.format.channels === 1 ? maskRow : colourRow;
  for (let y = rect.y - target.top; y < rect.y + rect.height - target.top; y++) {
    const at = y * TILE_SIZE + rect.x - target.left;
    write(effect, target, cover, selection, colour, at, at + rect.width);
  }
}

function maskRow(
  effect: StrokeEffect,
  { format, before, after, outside }: ResolveTarget,
  cover: Float32Array,
  selection: Uint8Array | null,
  colour: BrushColour,
  start: number,
  end: number,
): void {
  const goal = effect === 'erase' ? 0 : lumaOf(colour) * format.maximum;
  for (let at = start; at < end; at++) {
    let m = cover[at] as number;
    if (m === 0) continue;
    if (selection) m *= (selection[at] as number) / 255;
    const value = before ? (before[at] as number) : outside;
    after[at] = (value + (goal - value) * m + 0.5) | 0;
  }
}

function colourRow(
  effect: StrokeEffect,
  { format, before, after }: ResolveTarget,
  cover: Float32Array,
  selection: Uint8Array | null,
  colour: BrushColour,
  start: number,
  end: number,
): void {
  const { maximum } = format;
  const scale = maximum / 255;
  const red = colour[0] * scale;
  const green = colour[1] * scale;
  const blue = colour[2] * scale;
  const locked = effect === 'paint-alpha-locked';
  for (let at = start; at < end; at++) {
    let m = cover[at] as number;
    if (m === 0) continue;
    if (selection) m *= (selection[at] as number) / 255;
    const i = at * 4;
    const alpha = before ? (before[i + 3] as number) : 0;
    if (effect === 'erase') {
      after[i + 3] = (alpha * (1 - m) + 0.5) | 0;
      continue;
    }
    if (locked && alpha === 0) continue;
    const under = locked ? 1 - m : (alpha / maximum) * (1 - m);
    const total = m + under;
    if (total === 0 || m === 0) continue;
    const share = m / total;
    const r = before ? (before[i] as number) : 0;
    const g = before ? (before[i + 1] as number) : 0;
    const b = before ? (before[i + 2] as number) : 0;
    after[i] = (r + (red - r) * share + 0.5) | 0;
    after[i + 1] = (g + (green - g) * share + 0.5) | 0;
    after[i + 2] = (b + (blue - b) * share + 0.5) | 0;
    if (!locked) after[i + 3] = (total * maximum + 0.5) | 0;
  }
}
