/** A rectangle in whole pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What of a model decides the size of its pictures. */
export interface ModelSize {
  readonly nativeWidth: number;
  readonly nativeHeight: number;
  readonly sizeMultiple: number;
}

/** The part of a picture that is worked on, and the size that it is worked on at. */
export interface Crop {
  readonly rect: Rect;
  readonly width: number;
  readonly height: number;
}

/** Context on each side, as a share of the masked part's longer edge, and at least so many pixels. */
const CONTEXT_SHARE = 0.25;
const LEAST_CONTEXT = 32;
/** A part so many times smaller than native along each side is enlarged: models draw badly far below their size. */
const MOST_NATIVE_SHARE = 1.5;

/**
 * The part of a picture around a mask: its bounds with context on each side, grown to the model's native size where the
 * picture has that much, so that small parts are worked on pixel for pixel. A larger part is worked on at the native
 * number of pixels and fitted. The rectangle lies within the picture; width and height are multiples of the model's step.
 *
 * @param bounds of the mask, within the picture
 */
export function chooseCrop(picture: Size, bounds: Rect, model: ModelSize): Crop {
  const context = Math.max(LEAST_CONTEXT, Math.round(Math.max(bounds.width, bounds.height) * CONTEXT_SHARE));
  const wanted = {
    width: Math.max(bounds.width + 2 * context, model.nativeWidth),
    height: Math.max(bounds.height + 2 * context, model.nativeHeight),
  };
  const step = model.sizeMultiple;
  const across = span(picture.width, bounds.x, bounds.width, wanted.width, step);
  const down = span(picture.height, bounds.y, bounds.height, wanted.height, step);
  const rect = { x: across.from, y: down.from, width: across.size, height: down.size };
  return { rect, ...workingSize(rect, model) };
}

/** The size to work on a part at: its own where the model's step and pixels allow it, else its shape at native pixels. */
export function workingSize({ width, height }: Size, model: ModelSize): Size {
  const step = model.sizeMultiple;
  const scale = Math.sqrt((model.nativeWidth * model.nativeHeight) / (width * height));
  if (width % step === 0 && height % step === 0 && scale >= 1 && scale <= MOST_NATIVE_SHARE) {
    return { width, height };
  }
  return { width: toStep(width * scale, step), height: toStep(height * scale, step) };
}

/** A span of about `wanted` pixels around another one, within `edge`. */
function span(
  edge: number,
  start: number,
  length: number,
  wanted: number,
  step: number,
): { from: number; size: number } {
  // A multiple of the step needs no resampling; the picture's own edge is taken when it is less.
  const size = Math.min(edge, Math.ceil(wanted / step) * step);
  const middle = start + length / 2;
  const from = Math.min(edge - size, Math.max(0, Math.round(middle - size / 2)));
  return { from, size };
}

function toStep(edge: number, step: number): number {
  return Math.max(step, Math.round(edge / step) * step);
}
