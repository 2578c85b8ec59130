import type { HeldKeys } from '../input/held-keys.ts';
import { activeBrushKey, isBrushTool, usePaint } from '../state/paint-store.ts';
import { dabSize, tipOutline } from '../tools/brush/make-brush.ts';
import { drawCursor } from './draw-cursor.ts';
import { useView } from './view-store.ts';
import type { Point } from './view-transform.ts';

/** Under this diameter on screen, in CSS px, an outline says nothing: ticks take its place. */
const SMALLEST_OUTLINE = 6;
const TICKS = 13;
/** Above this part of the canvas's shorter side, an outline is arcs and a cross in the middle. */
const LARGE = 0.6;
const ROUND = { width: 1, height: 1, angle: 0, square: false } as const;
/** Edge of the smallest canvas that an outline is drawn on, in device pixels, and what it needs around the tip. */
const SMALLEST_CANVAS = 64;
const AROUND = 8;

/**
 * The outline of the tip: full size while hovering, the actual dab while the pen is down. It is drawn on a canvas of its own,
 * whose size changes by doubling only: an element as large as the dab would have the browser arrange all layers of the window
 * at every change of pressure (7 ms a frame).
 */
export class BrushCursor {
  readonly #area: HTMLElement;
  readonly #element: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #keys: HeldKeys;
  readonly #stop: (() => void)[];
  #at: Point | null = null;
  #pressure = 0;
  #pen = false;
  #frame = 0;

  constructor(area: HTMLElement, keys: HeldKeys) {
    this.#area = area;
    this.#keys = keys;
    this.#element = document.createElement('canvas');
    const context = this.#element.getContext('2d');
    if (!context) throw new Error('This browser has no 2D canvas.');
    this.#context = context;
    this.#element.setAttribute('aria-hidden', 'true');
    this.#element.className = 'cursor';
    this.#element.dataset['testid'] = 'brush-cursor';
    this.#element.hidden = true;
    // Chromium moves what is animated by itself, if only by nothing; else it arranges all layers of the window at each move.
    const nothing = { transform: 'translate(0)' };
    this.#element.animate([nothing, nothing], { duration: 1, fill: 'both', composite: 'add' }).pause();
    area.append(this.#element);
    const update = (): void => this.#request();
    this.#stop = [usePaint.subscribe(update), useView.subscribe(update), keys.subscribe(update)];
    this.#update();
  }

  /** The pointer is here, in device pixels; `pressure` is 0 while it hovers. While sizing, the place stays. */
  show(at: Point, pressure: number, pointerType: string): void {
    this.#at = at;
    this.#pressure = pressure;
    this.#pen = pointerType === 'pen';
    this.#request();
  }

  /** The pointer is elsewhere. */
  hide(): void {
    this.#at = null;
    this.#request();
  }

  /** Removes the outline. */
  dispose(): void {
    cancelAnimationFrame(this.#frame);
    for (const stop of this.#stop) stop();
    this.#element.remove();
    this.#area.style.cursor = '';
  }

  /** Once a frame, however many events a pen sends. */
  #request(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#update();
    });
  }

  #update(): void {
    const paint = usePaint.getState();
    const brushing = isBrushTool(paint.tool) && !this.#keys.has('space');
    this.#area.style.cursor = brushing
      ? 'none'
      : paint.tool === 'pan' || this.#keys.has('space')
        ? 'grab'
        : paint.tool === 'move'
          ? 'move'
          : 'crosshair';
    const element = this.#element;
    element.hidden = !brushing || this.#at === null;
    if (element.hidden || !this.#at) return;
    const settings = paint[activeBrushKey(paint)];
    const { view, scale, screenWidth, screenHeight } = useView.getState();
    const down = this.#pressure > 0 && this.#pen;
    const diameter = ((down ? dabSize(settings, this.#pressure) : settings.size) * view.zoom) / scale;
    const small = diameter < SMALLEST_OUTLINE;
    const size = (small ? TICKS : diameter) * scale;
    const shorter = Math.min(screenWidth, screenHeight);
    const outline = small ? ROUND : tipOutline(settings);
    const origin = this.#place(this.#at, size, { width: screenWidth, height: screenHeight }, scale);
    drawCursor(this.#context, {
      x: this.#at.x - origin.x,
      y: this.#at.y - origin.y,
      width: size * outline.width,
      height: size * outline.height,
      turn: view.rotation + (view.flip ? -1 : 1) * outline.angle,
      look: small ? 'ticks' : size > LARGE * shorter ? 'arcs' : 'outline',
      square: outline.square,
      erases: paint.tool === 'eraser' || paint.brushErases,
      scale,
    });
  }

  /** Puts the canvas where an outline has room on it, and clears it; returns the place of its corner in device pixels. */
  #place(at: Point, size: number, screen: { width: number; height: number }, scale: number): Point {
    const room = Math.max(SMALLEST_CANVAS, 2 ** Math.ceil(Math.log2(size + AROUND * scale)));
    // What is larger than the screen is seen on it in part.
    const all = room >= Math.min(screen.width, screen.height);
    const { width, height } = all ? screen : { width: room, height: room };
    const element = this.#element;
    if (element.width !== width || element.height !== height) {
      element.width = width;
      element.height = height;
      element.style.width = `${width / scale}px`;
      element.style.height = `${height / scale}px`;
    } else this.#context.clearRect(0, 0, width, height);
    const x = all ? 0 : Math.round(at.x - room / 2);
    const y = all ? 0 : Math.round(at.y - room / 2);
    element.style.transform = `translate(${x / scale}px, ${y / scale}px)`;
    return { x, y };
  }
}
