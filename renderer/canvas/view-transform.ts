/**
 * How the document lies on the screen. A document point p lands on `offset + rotate(scale · p)`, in device pixels of
 * the canvas, with `flip` mirroring the document's x axis first.
 */
export interface ViewTransform {
  /** Device pixels for one document pixel, {@link MIN_ZOOM} … {@link MAX_ZOOM}. */
  readonly zoom: number;
  /** Clockwise, in radians. */
  readonly rotation: number;
  readonly flip: boolean;
  /** Where the document's origin lands, in device pixels. */
  readonly x: number;
  readonly y: number;
}

/** A point in whichever space its user says. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

const MIN_ZOOM = 0.03;
const MAX_ZOOM = 64;
/** One step of zooming by key. */
export const ZOOM_STEP = 2 ** 0.25;

/** Keeps a zoom within its range. */
function clampZoom(zoom: number): number {
  return Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom));
}

/** Coefficients a … f of the matrix that takes document points to device pixels, as Canvas 2D orders them. */
export function viewMatrix(view: ViewTransform): readonly [number, number, number, number, number, number] {
  const cos = Math.cos(view.rotation);
  const sin = Math.sin(view.rotation);
  const sx = view.flip ? -view.zoom : view.zoom;
  return [cos * sx, sin * sx, -sin * view.zoom, cos * view.zoom, view.x, view.y];
}

/** A document point in device pixels. */
export function toScreen(view: ViewTransform, point: Point): Point {
  const [a, b, c, d, e, f] = viewMatrix(view);
  return { x: a * point.x + c * point.y + e, y: b * point.x + d * point.y + f };
}

/** A point in device pixels, in document space. */
export function toDocument(view: ViewTransform, point: Point): Point {
  const [a, b, c, d, e, f] = viewMatrix(view);
  const determinant = a * d - b * c;
  const x = point.x - e;
  const y = point.y - f;
  return { x: (d * x - c * y) / determinant, y: (a * y - b * x) / determinant };
}

/** The smallest rectangle in device pixels that holds a document rectangle. */
export function screenBounds(
  view: ViewTransform,
  rect: { x: number; y: number; width: number; height: number },
): { x: number; y: number; width: number; height: number } {
  const corners = [
    toScreen(view, rect),
    toScreen(view, { x: rect.x + rect.width, y: rect.y }),
    toScreen(view, { x: rect.x, y: rect.y + rect.height }),
    toScreen(view, { x: rect.x + rect.width, y: rect.y + rect.height }),
  ];
  const xs = corners.map((corner) => corner.x);
  const ys = corners.map((corner) => corner.y);
  const x = Math.floor(Math.min(...xs));
  const y = Math.floor(Math.min(...ys));
  return { x, y, width: Math.ceil(Math.max(...xs)) - x, height: Math.ceil(Math.max(...ys)) - y };
}

/** At 100% and unturned, the origin stands on a whole pixel so that every document pixel is one device pixel. */
export function settleOnPixels(view: ViewTransform): ViewTransform {
  if (view.rotation !== 0) return view;
  return { ...view, x: Math.round(view.x), y: Math.round(view.y) };
}

/** Zooms so that the document point under `anchor` (device pixels) stays there. */
export function zoomAbout(view: ViewTransform, anchor: Point, zoom: number): ViewTransform {
  const target = clampZoom(zoom);
  const factor = target / view.zoom;
  return {
    ...view,
    zoom: target,
    x: anchor.x + (view.x - anchor.x) * factor,
    y: anchor.y + (view.y - anchor.y) * factor,
  };
}

/** Turns the view clockwise by `angle` radians about `anchor` (device pixels). */
export function rotateAbout(view: ViewTransform, anchor: Point, angle: number): ViewTransform {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const x = view.x - anchor.x;
  const y = view.y - anchor.y;
  const rotation = normaliseAngle(view.rotation + angle);
  return { ...view, rotation, x: anchor.x + cos * x - sin * y, y: anchor.y + sin * x + cos * y };
}

/** Moves the view by device pixels. */
export function panBy(view: ViewTransform, dx: number, dy: number): ViewTransform {
  return { ...view, x: view.x + dx, y: view.y + dy };
}

/** Mirrors the view about the vertical line through the middle of a screen of `width` device pixels. */
export function flipView(view: ViewTransform, width: number): ViewTransform {
  const [, , , , e] = viewMatrix(view);
  return { ...view, flip: !view.flip, rotation: normaliseAngle(-view.rotation), x: width - e };
}

/** Shows a whole document rectangle in a screen of the given size, unturned, with `margin` device pixels around it. */
export function fitRect(
  rect: { x: number; y: number; width: number; height: number },
  screen: { width: number; height: number },
  margin: number,
): ViewTransform {
  const zoom = clampZoom(
    Math.min((screen.width - 2 * margin) / rect.width, (screen.height - 2 * margin) / rect.height),
  );
  return settleOnPixels({
    zoom,
    rotation: 0,
    flip: false,
    x: (screen.width - rect.width * zoom) / 2 - rect.x * zoom,
    y: (screen.height - rect.height * zoom) / 2 - rect.y * zoom,
  });
}

/** An angle in (-π, π], with whatever floating point left of 0 taken for 0. */
export function normaliseAngle(angle: number): number {
  const turned = Math.atan2(Math.sin(angle), Math.cos(angle));
  return Math.abs(turned) < 1e-9 ? 0 : turned;
}
