import type { RulerUnit } from '../state/aid-store.ts';
import { toDocument, type ViewTransform } from './view-transform.ts';

/** One line of a ruler. */
interface RulerMark {
  /** Device pixels from the ruler's beginning. */
  readonly at: number;
  /** Share of the ruler's width that the line takes. */
  readonly length: 1 | 0.5 | 0.25;
  /** What stands beside it, in the ruler's unit. */
  readonly label: string | null;
}

/** What a ruler along one edge of the canvas shows. */
export interface RulerScale {
  /** The document's axis that it measures: the one that runs along the edge, also in a turned view. */
  readonly axis: 'x' | 'y';
  readonly marks: readonly RulerMark[];
}

/** Least distance of two labels, in CSS px. */
const LABEL_GAP = 56;
/** Least distance of two lines, in CSS px. */
const LINE_GAP = 5;
/** Pixels per inch of a document that does not say: what a PSD is written with as well. */
export const USUAL_RESOLUTION = 72;
const MILLIMETRES_PER_INCH = 25.4;

/** How much of a unit one document pixel is. @param length of the measured edge of the canvas in pixels, for percent. */
export function unitsPerPixel(unit: RulerUnit, resolution: number | null, length: number): number {
  const perInch = resolution ?? USUAL_RESOLUTION;
  switch (unit) {
    case 'px':
      return 1;
    case 'in':
      return 1 / perInch;
    case 'mm':
      return MILLIMETRES_PER_INCH / perInch;
    case '%':
      return 100 / length;
  }
}

/** The smallest round number that is not below `least`: 1, 2 or 5 by powers of ten; below an inch halves. */
export function roundStep(least: number, unit: RulerUnit): number {
  if (unit === 'in' && least < 1) return 2 ** Math.ceil(Math.log2(least) - 1e-9);
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  const step = factor * power;
  // There is nothing between two pixels.
  return unit === 'px' ? Math.max(1, step) : step;
}

/** How many parts a step is ruled into. */
function partsOf(step: number, unit: RulerUnit, room: number): number {
  const options = unit === 'in' && step <= 1 ? [8, 4, 2] : [10, 5, 2];
  const fits = options.find((parts) => room / parts >= LINE_GAP && (unit !== 'px' || step % parts === 0));
  return fits ?? 1;
}

/**
 * Where the lines and labels of the ruler along the top or the left edge stand.
 * @param length of the edge in device pixels.
 * @param scale device pixels for one CSS pixel.
 */
export function rulerScale(
  view: ViewTransform,
  edge: 'top' | 'left',
  length: number,
  scale: number,
  perPixel: (axis: 'x' | 'y') => { readonly unit: RulerUnit; readonly factor: number },
): RulerScale {
  const turned = Math.abs(Math.sin(view.rotation)) > Math.abs(Math.cos(view.rotation));
  const axis = (edge === 'top') === turned ? 'y' : 'x';
  const { unit, factor } = perPixel(axis);
  const value = (at: number): number =>
    toDocument(view, edge === 'top' ? { x: at, y: 0 } : { x: 0, y: at })[axis] * factor;
  const first = value(0);
  /** Units for one device pixel along the edge; negative where they run backwards. */
  const slope = (value(length) - first) / length;
  const step = roundStep(Math.abs(slope) * LABEL_GAP * scale, unit);
  const room = step / Math.abs(slope) / scale;
  const parts = partsOf(step, unit, room);
  const part = step / parts;
  const low = Math.min(first, value(length));
  const high = Math.max(first, value(length));
  const marks: RulerMark[] = [];
  for (let k = Math.floor(low / part); k <= Math.ceil(high / part); k++) {
    const whole = k % parts === 0;
    const half = parts % 2 === 0 && k % (parts / 2) === 0;
    marks.push({
      at: (k * part - first) / slope,
      length: whole ? 1 : half ? 0.5 : 0.25,
      label: whole ? labelOf((k / parts) * step) : null,
    });
  }
  return { axis, marks };
}

function labelOf(value: number): string {
  return String(Math.round(value * 1e4) / 1e4 + 0).replace('-', '−');
}
