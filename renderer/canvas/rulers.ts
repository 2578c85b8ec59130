import { create } from 'zustand';
import { type RulerUnit, useAidSettings } from '../state/aid-store.ts';
import { useDocument } from '../state/document/document-store.ts';
import { useLayout } from '../state/layout-store.ts';
import { type RulerScale, rulerScale, unitsPerPixel } from './ruler-scale.ts';
import { useView } from './view-store.ts';
import type { Point } from './view-transform.ts';

/** Width of a ruler in CSS px. */
export const RULER_WIDTH = 24;

/** Where the pointer is over the canvas, in device pixels; null elsewhere. */
export const usePointerPlace = create<{ readonly at: Point | null }>()(() => ({ at: null }));

/** One edge of the canvas. */
export type RulerEdge = 'top' | 'left';

/** Draws the ruler of one edge and keeps it true to the view; the pointer's place is marked on it. */
export class Ruler {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #edge: RulerEdge;
  readonly #stop: (() => void)[];
  #frame = 0;

  constructor(canvas: HTMLCanvasElement, edge: RulerEdge) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser has no 2D canvas.');
    this.#canvas = canvas;
    this.#context = context;
    this.#edge = edge;
    const request = (): void => this.#request();
    this.#stop = [
      useView.subscribe(request),
      useAidSettings.subscribe(request),
      usePointerPlace.subscribe(request),
      useLayout.subscribe((state, before) => {
        if (state.theme !== before.theme) request();
      }),
      useDocument.subscribe((state, before) => {
        if (
          state.width !== before.width ||
          state.height !== before.height ||
          state.resolution !== before.resolution
        )
          request();
      }),
    ];
    request();
  }

  /** Stops drawing. */
  dispose(): void {
    cancelAnimationFrame(this.#frame);
    for (const stop of this.#stop) stop();
  }

  #request(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const { screenWidth, screenHeight, scale } = useView.getState();
    const top = this.#edge === 'top';
    const across = Math.round(RULER_WIDTH * scale);
    const length = top ? screenWidth : screenHeight;
    const [width, height] = top ? [length, across] : [across, length];
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    const style = getComputedStyle(this.#canvas);
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = style.getPropertyValue('--panel');
    context.fillRect(0, 0, width, height);
    context.fillStyle = style.getPropertyValue('--dim');
    // From here on x runs along the edge and y towards the canvas.
    if (!top) context.setTransform(0, 1, 1, 0, 0, 0);
    const line = Math.max(1, Math.round(scale));
    context.font = `${9 * scale}px system-ui`;
    context.textBaseline = 'top';
    for (const { at, length: share, label } of scaleOf(this.#edge).marks) {
      const reach = Math.round(across * share * (share === 1 ? 1 : 0.7));
      context.fillRect(Math.round(at), across - reach, line, reach);
      if (label !== null) this.#label(label, Math.round(at) + 3 * scale, scale);
    }
    const { at } = usePointerPlace.getState();
    if (!at) return;
    context.fillStyle = style.getPropertyValue('--text');
    context.fillRect(Math.round(top ? at.x : at.y), 0, line, across);
  }

  #label(text: string, at: number, scale: number): void {
    const context = this.#context;
    const size = 1.5 * scale;
    if (this.#edge === 'top') {
      context.fillText(text, at, size);
      return;
    }
    context.save();
    // Mirrored with the axes; put upright again, read from below.
    context.setTransform(0, -1, 1, 0, size, at + context.measureText(text).width);
    context.fillText(text, 0, 0);
    context.restore();
  }
}

/** What the ruler of an edge measures now. */
export function scaleOf(edge: RulerEdge): RulerScale {
  const { view, screenWidth, screenHeight, scale } = useView.getState();
  const { width, height, resolution } = useDocument.getState();
  const { unit } = useAidSettings.getState();
  const factor = (axis: 'x' | 'y'): { unit: RulerUnit; factor: number } => ({
    unit,
    factor: unitsPerPixel(unit, resolution, axis === 'x' ? width : height),
  });
  return rulerScale(view, edge, edge === 'top' ? screenWidth : screenHeight, scale, factor);
}
