import type { BrushCursor } from '../canvas/brush-cursor.ts';
import { changeView, useView } from '../canvas/view-store.ts';
import { panBy, type Point, toDocument } from '../canvas/view-transform.ts';
import { usePaint } from '../state/paint-store.ts';
import type { ToolDrag, ToolPoint } from '../tools/tool.ts';
import type { PointerIntent } from './canvas-pointer.ts';

const STEP = 8;
const FINE = 1;
const COARSE = 64;

interface CrosshairActions {
  begin(intent: PointerIntent, point: ToolPoint): ToolDrag | null;
  setPenDown(down: boolean): void;
}

const DIRECTIONS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/**
 * Drawing by keys while the canvas has the keyboard's focus: arrows move a crosshair pen by 8 px (Alt 1, Shift 64),
 * Space puts it down and lifts it, digits set its pressure while it is down, Enter lifts it, Esc takes the stroke back. With
 * the tool that pans, arrows show what lies there.
 */
export class CanvasKeys {
  readonly #cursor: BrushCursor;
  readonly #actions: CrosshairActions;
  readonly #cancelPointer: () => boolean;
  readonly #abort = new AbortController();
  #at: Point | null = null;
  #drag: ToolDrag | null = null;
  #pressure = 0.5;
  #byKey = false;

  constructor(
    element: HTMLElement,
    cursor: BrushCursor,
    actions: CrosshairActions,
    cancelPointer: () => boolean,
  ) {
    this.#cursor = cursor;
    this.#actions = actions;
    this.#cancelPointer = cancelPointer;
    const { signal } = this.#abort;
    element.addEventListener('focus', () => (this.#byKey = element.matches(':focus-visible')), { signal });
    element.addEventListener('blur', () => this.#lift(), { signal });
    element.addEventListener('pointerdown', () => (this.#byKey = false), { signal, capture: true });
    element.addEventListener('keydown', (event) => this.#down(event), { signal });
  }

  /** Lifts the pen and stops listening. */
  dispose(): void {
    this.#drag?.cancel();
    this.#abort.abort();
  }

  #down(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape' && this.#escape()) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const direction = DIRECTIONS[event.key];
    if (direction && usePaint.getState().tool === 'pan') {
      panStep(direction);
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (!this.#byKey) return;
    if (direction) this.#move(direction, event.altKey ? FINE : event.shiftKey ? COARSE : STEP);
    else if (event.code === 'Space' && !event.repeat) this.#toggle();
    else if (event.key === 'Enter' && this.#drag) this.#lift();
    else if (/^\d$/.test(event.key) && this.#drag)
      this.#pressure = event.key === '0' ? 1 : Number(event.key) / 10;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #escape(): boolean {
    if (!this.#drag) return this.#cancelPointer();
    this.#drag.cancel();
    this.#drag = null;
    this.#actions.setPenDown(false);
    return true;
  }

  #move(direction: Point, distance: number): void {
    const { screenWidth, screenHeight, scale } = useView.getState();
    const from = this.#at ?? { x: screenWidth / 2, y: screenHeight / 2 };
    this.#at = {
      x: Math.min(screenWidth, Math.max(0, from.x + direction.x * distance * scale)),
      y: Math.min(screenHeight, Math.max(0, from.y + direction.y * distance * scale)),
    };
    this.#drag?.move([this.#point(this.#at)]);
    this.#cursor.show(this.#at, this.#drag ? this.#pressure : 0, 'pen');
  }

  #toggle(): void {
    if (this.#drag) {
      this.#lift();
      return;
    }
    const { screenWidth, screenHeight } = useView.getState();
    this.#at ??= { x: screenWidth / 2, y: screenHeight / 2 };
    this.#drag = this.#actions.begin('tool', this.#point(this.#at));
    if (this.#drag) this.#actions.setPenDown(true);
    this.#cursor.show(this.#at, this.#pressure, 'pen');
  }

  #lift(): void {
    if (!this.#drag) return;
    void this.#drag.end();
    this.#drag = null;
    this.#actions.setPenDown(false);
  }

  #point(screen: Point): ToolPoint {
    const at = toDocument(useView.getState().view, screen);
    return {
      ...at,
      screenX: screen.x,
      screenY: screen.y,
      pressure: this.#pressure,
      tiltX: 0,
      tiltY: 0,
      twist: 0,
      time: performance.now(),
      pointerType: 'pen',
      straight: false,
      alternate: false,
    };
  }
}

/** Shows a tenth of the view more in a direction. */
function panStep({ x, y }: Point): void {
  const { screenWidth, screenHeight } = useView.getState();
  changeView((view) => panBy(view, -x * 0.1 * screenWidth, -y * 0.1 * screenHeight));
}
