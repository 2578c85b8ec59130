/** A rectangle of the document in whole pixels. */
interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What of a model decides the size of its pictures. */
interface ModelSize {
  readonly nativeWidth: number;
  readonly nativeHeight: number;
  readonly sizeMultiple: number;
}

/** The nearest size that a model can make: a multiple of its step, within 64 … 4096. */
export function fitToMultiple(edge: number, multiple: number): number {
  const low = Math.ceil(64 / multiple) * multiple;
  const high = Math.floor(4096 / multiple) * multiple;
  return Math.min(high, Math.max(low, Math.round(edge / multiple) * multiple));
}

/** The working size for a canvas: its proportions at the number of pixels that the model was made for. */
export function workingSize(
  canvas: { width: number; height: number },
  model: ModelSize,
): { width: number; height: number } {
  const area = model.nativeWidth * model.nativeHeight;
  const ratio = canvas.width / canvas.height;
  return {
    width: fitToMultiple(Math.sqrt(area * ratio), model.sizeMultiple),
    height: fitToMultiple(Math.sqrt(area / ratio), model.sizeMultiple),
  };
}

/** A part so many times smaller than native along each side is enlarged. */
const MOST_NATIVE_SHARE = 1.5;

/** The size that a part of the canvas is worked at: its own where the model can make it, else its shape at native pixels. */
export function cropSize(
  part: { width: number; height: number },
  model: ModelSize,
): { width: number; height: number } {
  const { width, height } = part;
  const step = model.sizeMultiple;
  const scale = Math.sqrt((model.nativeWidth * model.nativeHeight) / (width * height));
  const fits = width % step === 0 && height % step === 0 && scale >= 1 && scale <= MOST_NATIVE_SHARE;
  return fits ? { width, height } : workingSize(part, model);
}

/** Where a picture of this size lies: the largest rectangle of its proportions in the middle of the canvas. */
export function autoFrame(
  canvas: { width: number; height: number },
  size: { width: number; height: number },
): Frame {
  const scale = Math.min(canvas.width / size.width, canvas.height / size.height);
  const width = Math.min(canvas.width, Math.round(size.width * scale));
  const height = Math.min(canvas.height, Math.round(size.height * scale));
  return {
    x: Math.floor((canvas.width - width) / 2),
    y: Math.floor((canvas.height - height) / 2),
    width,
    height,
  };
}

/** Context beside a selection, as a share of its longer edge, and at least so many pixels. */
const CONTEXT_SHARE = 0.25;
const LEAST_CONTEXT = 32;

/**
 * The frame of a selection: its bounds with context on each side, grown to the model's native size where the canvas has
 * that much, and to whole steps of the model. What lies within it but is not selected is looked at, not changed.
 */
export function selectionFrame(
  canvas: { width: number; height: number },
  selected: Frame,
  model: ModelSize,
): Frame {
  const longer = Math.max(selected.width, selected.height);
  const context = 2 * Math.max(LEAST_CONTEXT, Math.round(longer * CONTEXT_SHARE));
  const span = (edge: number, start: number, length: number, native: number): [number, number] => {
    const wanted = Math.max(native, length + context);
    const size = Math.min(edge, Math.ceil(wanted / model.sizeMultiple) * model.sizeMultiple);
    return [Math.min(edge - size, Math.max(0, Math.round(start + length / 2 - size / 2))), size];
  };
  const [x, width] = span(canvas.width, selected.x, selected.width, model.nativeWidth);
  const [y, height] = span(canvas.height, selected.y, selected.height, model.nativeHeight);
  return { x, y, width, height };
}

/** The frame in words, so that the working size is never hidden. */
export function frameText(
  frame: { width: number; height: number },
  size: { width: number; height: number },
): string {
  const drawn = `${frame.width} × ${frame.height}`;
  if (frame.width === size.width && frame.height === size.height) return drawn;
  return `${drawn}, drawn at ${size.width} × ${size.height}, fitted`;
}
