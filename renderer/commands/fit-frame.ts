import type { Rect } from '../engine/geometry/rect.ts';
import { setFrame, useGeneration } from '../generation/generation-store.ts';
import { groupArea } from '../generation/picture-content.ts';
import { tell } from '../state/status-store.ts';
import { useDocument } from '../state/document/document-store.ts';
import type { Workspace } from './workspace.ts';

/** Least edge of a frame, in document pixels. */
const LEAST = 64;

/** A rectangle that the frame can be fitted to, and what it is called. */
interface Fit {
  readonly name: string;
  readonly rect: Rect;
}

/** An edge made long enough, about its middle, within the canvas. */
function atLeast(start: number, length: number, limit: number): readonly [number, number] {
  const size = Math.min(limit, Math.max(LEAST, length));
  const middle = Math.round(start + (length - size) / 2);
  return [Math.min(limit - size, Math.max(0, middle)), size];
}

/** @param canvas the document's size. @returns what of a rectangle lies on the canvas, not smaller than a frame may be. */
function asFrame(rect: Rect, canvas: { readonly width: number; readonly height: number }): Rect | null {
  const left = Math.max(0, rect.x);
  const top = Math.max(0, rect.y);
  const width = Math.min(canvas.width, rect.x + rect.width) - left;
  const height = Math.min(canvas.height, rect.y + rect.height) - top;
  if (width <= 0 || height <= 0) return null;
  const [x, frameWidth] = atLeast(left, width, canvas.width);
  const [y, frameHeight] = atLeast(top, height, canvas.height);
  return { x, y, width: frameWidth, height: frameHeight };
}

const isSame = (a: Rect, b: Rect): boolean =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;

/**
 * The rectangle after the one that the frame has, of those that differ; the first where it has none of them.
 *
 * @param places what is selected, the layer's pixels, the canvas, as far as they are there.
 */
export function nextFit(
  places: readonly Fit[],
  frame: Rect | null,
  canvas: { readonly width: number; readonly height: number },
): Fit | undefined {
  const fits: Fit[] = [];
  for (const { name, rect } of places) {
    const fitted = asFrame(rect, canvas);
    if (fitted && !fits.some((fit) => isSame(fit.rect, fitted))) fits.push({ name, rect: fitted });
  }
  const at = frame === null ? -1 : fits.findIndex((fit) => isSame(fit.rect, frame));
  return fits[(at + 1) % fits.length];
}

/** Fits the frame to the selection, the chosen layer's pixels and the canvas in turn, and says which. */
export function fitFrameInTurn({ open }: Workspace): void {
  if (!open) return;
  const { document } = open.session;
  const { selection, frame } = useGeneration.getState();
  const { activeLayerId } = useDocument.getState();
  const painted = activeLayerId === null ? null : groupArea(document, activeLayerId);
  const places: Fit[] = [
    ...(selection ? [{ name: 'the selection', rect: selection }] : []),
    ...(painted ? [{ name: 'the layer', rect: painted.bounds() }] : []),
    { name: 'the canvas', rect: document.canvas },
  ];
  const fit = nextFit(places, frame, document.canvas);
  if (!fit) return;
  setFrame(fit.rect);
  const remedy = '"Auto" lets it follow the canvas again.';
  tell({ level: 'info', message: `The frame fits ${fit.name}.`, remedy });
}
