import { create } from 'zustand';
import {
  fitRect,
  flipView,
  type Point,
  rotateAbout,
  settleOnPixels,
  type ViewTransform,
  zoomAbout,
} from './view-transform.ts';

/** Where the eye is: the view and the size of the canvas on screen. */
export interface ViewState {
  view: ViewTransform;
  /** Size of the canvas in device pixels. */
  screenWidth: number;
  screenHeight: number;
  /** Device pixels for one CSS pixel. */
  scale: number;
  /** Offset of the canvas from the window's corner in CSS px, so that hidden panels do not move the picture. */
  left: number;
  top: number;
  /** True until the person moves the view: a fitted picture stays fitted when the window changes. */
  fitted: boolean;
}

/** The view of the open document. */
export const useView = create<ViewState>()(() => ({
  view: { zoom: 1, rotation: 0, flip: false, x: 0, y: 0 },
  screenWidth: 1,
  screenHeight: 1,
  scale: 1,
  left: 0,
  top: 0,
  fitted: false,
}));

/** Changes the view; unturned views stand on whole pixels. */
export function changeView(change: (view: ViewTransform) => ViewTransform): void {
  useView.setState((state) => ({ view: settleOnPixels(change(state.view)), fitted: false }));
}

/** The middle of the canvas in device pixels. */
function screenCentre(): Point {
  const { screenWidth, screenHeight } = useView.getState();
  return { x: screenWidth / 2, y: screenHeight / 2 };
}

/** Zooms about a point, by default the middle. */
export function zoomTo(zoom: number, anchor: Point = screenCentre()): void {
  changeView((view) => zoomAbout(view, anchor, zoom));
}

/** Shows all of a document of this size. */
export function fitDocument(width: number, height: number): void {
  useView.setState((state) => ({
    fitted: true,
    view: fitRect(
      { x: 0, y: 0, width, height },
      { width: state.screenWidth, height: state.screenHeight },
      24 * state.scale,
    ),
  }));
}

/** Shows all of a rectangle of the document. */
export function fitRegion(rect: { x: number; y: number; width: number; height: number }): void {
  const { screenWidth: width, screenHeight: height, scale } = useView.getState();
  changeView(() => fitRect(rect, { width, height }, 24 * scale));
}

/** Turns the view about the middle, clockwise by `degrees`. */
export function turnView(degrees: number): void {
  changeView((view) => rotateAbout(view, screenCentre(), (degrees * Math.PI) / 180));
}

/** Takes the turn out of the view. */
export function resetRotation(): void {
  changeView((view) => rotateAbout(view, screenCentre(), -view.rotation));
}

/** Mirrors the view; the document stays as it is. */
export function toggleFlip(): void {
  changeView((view) => flipView(view, useView.getState().screenWidth));
}

/** The canvas has another size or place: the picture stays on the same pixels of the screen. */
export function placeCanvas(place: {
  left: number;
  top: number;
  width: number;
  height: number;
  scale: number;
}): void {
  useView.setState((state) => {
    const first = state.screenWidth === 1;
    const dx = first ? 0 : Math.round((state.left - place.left) * place.scale);
    const dy = first ? 0 : Math.round((state.top - place.top) * place.scale);
    return {
      left: place.left,
      top: place.top,
      screenWidth: Math.max(1, Math.round(place.width * place.scale)),
      screenHeight: Math.max(1, Math.round(place.height * place.scale)),
      scale: place.scale,
      view: { ...state.view, x: state.view.x + dx, y: state.view.y + dy },
    };
  });
}
