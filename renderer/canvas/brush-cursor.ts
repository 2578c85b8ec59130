import type { HeldKeys } from '../input/held-keys.ts';
import { activeBrushKey, isBrushTool, usePaint } from '../state/paint-store.ts';
import { dabSize, tipOutline } from '../tools/brush/make-brush.ts';
import { useView } from './view-store.ts';
import type { Point } from './view-transform.ts';

/** Under this diameter on screen, in CSS px, an outline says nothing: ticks take its place. */
const SMALLEST_OUTLINE = 6;
const TICKS = 13;
/** Above this part of the canvas's shorter side, an outline is arcs and a cross in the middle. */
const LARGE = 0.6;
const ROUND = { width: 1, height: 1, angle: 0, square: false } as const;

/** The outline of the tip: full size while hovering, the actual dab while the pen is down. */
export class BrushCursor {
  readonly #area: HTMLElement;
  readonly #element: HTMLDivElement;
  readonly #keys: HeldKeys;
  readonly #stop: (() => void)[];
  #at: Point | null = null;
  #pressure = 0;
  #pen = false;
  #frame = 0;

  constructor(area: HTMLElement, keys: HeldKeys) {
    this.#area = area;
    this.#keys = keys;
    this.#element = document.createElement('div');
    this.#element.className = 'cursor';
    this.#element.dataset['testid'] = 'brush-cursor';
    this.#element.hidden = true;
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
    const { view, scale } = useView.getState();
    const down = this.#pressure > 0 && this.#pen;
    const diameter = ((down ? dabSize(settings, this.#pressure) : settings.size) * view.zoom) / scale;
    const small = diameter < SMALLEST_OUTLINE;
    const size = small ? TICKS : diameter;
    element.dataset['small'] = String(small);
    element.dataset['erase'] = String(paint.tool === 'eraser' || paint.brushErases);
    const { screenWidth, screenHeight } = useView.getState();
    element.dataset['large'] = String(size > (LARGE * Math.min(screenWidth, screenHeight)) / scale);
    const outline = small ? ROUND : tipOutline(settings);
    element.dataset['square'] = String(outline.square);
    element.style.width = `${size * outline.width}px`;
    element.style.height = `${size * outline.height}px`;
    const x = this.#at.x / scale - (size * outline.width) / 2;
    const y = this.#at.y / scale - (size * outline.height) / 2;
    const turn = view.rotation + (view.flip ? -1 : 1) * outline.angle;
    const rotate = outline.width === outline.height && !outline.square ? '' : ` rotate(${turn}rad)`;
    element.style.transform = `translate(${x}px, ${y}px)${rotate}`;
  }
}
