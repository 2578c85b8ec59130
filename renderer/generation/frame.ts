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

/** The frame in words, so that the working size is never hidden. */
export function frameText(
  frame: { width: number; height: number },
  size: { width: number; height: number },
): string {
  const drawn = `${frame.width} × ${frame.height}`;
  if (frame.width === size.width && frame.height === size.height) return drawn;
  return `${drawn}, drawn at ${size.width} × ${size.height}, fitted`;
}
