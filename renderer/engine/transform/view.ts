import {
  applyAffine,
  compose,
  invertAffine,
  rotation,
  scaling,
  translation,
  IDENTITY,
  type Affine,
  type Point,
} from './affine.ts';

/** How the document lies on the screen. */
export interface View {
  /** Screen pixels per document pixel. */
  readonly zoom: number;
  /** Radians, clockwise. */
  readonly rotation: number;
  /** Mirrored left to right. */
  readonly flipped: boolean;
  /** Where the document's origin lies on the screen. */
  readonly x: number;
  readonly y: number;
}

/** Zoom goes from 3% to 6400% in steps of a fourth root of two. */
export const ZOOM_RANGE = { least: 0.03, most: 64, step: 2 ** 0.25 } as const;

/** From document to screen. */
export function viewMatrix(view: View): Affine {
  const scaled = scaling(view.flipped ? -view.zoom : view.zoom, view.zoom);
  return compose(translation(view.x, view.y), compose(rotation(view.rotation), scaled));
}

/** The document point under a screen point. */
export function toDocument(view: View, screen: Point): Point {
  return applyAffine(invertAffine(viewMatrix(view)) ?? IDENTITY, screen);
}

/** The screen point of a document point. */
export function toScreen(view: View, point: Point): Point {
  return applyAffine(viewMatrix(view), point);
}

/** The same view changed, with the document point under `anchor` (on the screen) staying under it. */
export function changeAbout(
  view: View,
  anchor: Point,
  change: Partial<Pick<View, 'zoom' | 'rotation' | 'flipped'>>,
): View {
  const zoom = Math.min(ZOOM_RANGE.most, Math.max(ZOOM_RANGE.least, change.zoom ?? view.zoom));
  const changed = { ...view, ...change, zoom };
  const now = toScreen(changed, toDocument(view, anchor));
  return { ...changed, x: changed.x + anchor.x - now.x, y: changed.y + anchor.y - now.y };
}

/** The next zoom up (1) or down (-1) on the ladder of steps through 100%. */
export function stepZoom(zoom: number, direction: 1 | -1): number {
  const at = Math.log2(zoom) * 4;
  const next = direction > 0 ? Math.floor(at + 1 + 1e-6) : Math.ceil(at - 1 - 1e-6);
  return Math.min(ZOOM_RANGE.most, Math.max(ZOOM_RANGE.least, 2 ** (next / 4)));
}

/** The view that shows a whole canvas in the middle of a viewport, turned as before. */
export function fitView(
  view: View,
  canvas: { width: number; height: number },
  viewport: { width: number; height: number },
  margin = 16,
): View {
  const cos = Math.abs(Math.cos(view.rotation));
  const sin = Math.abs(Math.sin(view.rotation));
  const width = canvas.width * cos + canvas.height * sin;
  const height = canvas.width * sin + canvas.height * cos;
  const room = {
    width: Math.max(1, viewport.width - 2 * margin),
    height: Math.max(1, viewport.height - 2 * margin),
  };
  const wanted = Math.min(room.width / width, room.height / height);
  const zoom = Math.min(ZOOM_RANGE.most, Math.max(ZOOM_RANGE.least, wanted));
  const fitted = { ...view, zoom, x: 0, y: 0 };
  const centre = toScreen(fitted, { x: canvas.width / 2, y: canvas.height / 2 });
  return { ...fitted, x: viewport.width / 2 - centre.x, y: viewport.height / 2 - centre.y };
}
