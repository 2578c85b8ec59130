import { changeView, fitDocument, useView } from '../canvas/view-store.ts';
import { panBy, type Point, zoomAbout } from '../canvas/view-transform.ts';
import { usePaint } from '../state/paint-store.ts';
import { deviceOf, usePressure } from '../state/pressure-store.ts';
import { useDocument } from '../state/document/document-store.ts';
import { useLayout } from '../state/layout-store.ts';
import type { ToolDrag, ToolPoint } from '../tools/tool.ts';
import type { HeldKeys } from './held-keys.ts';
import { PalmRejection } from './palm-rejection.ts';
import { beginSizeDrag, type SizeDrag } from './size-drag.ts';
import { beginTurnDrag } from './turn-drag.ts';
import { screenPoint, toolPoint } from './tool-point.ts';
import { TouchRouter } from './touch-router.ts';
import { beginZoomDrag } from './zoom-drag.ts';
import { wheelIntent } from './wheel-intent.ts';

/** What the pointer would do if it went down now. */
export type PointerIntent = 'tool' | 'pan' | 'sample' | 'erase' | 'layer';

/** What happens on the canvas, in the words of whoever acts on it. */
export interface CanvasActions {
  /** Begins a drag, or null where it cannot. */
  begin(intent: PointerIntent, point: ToolPoint): ToolDrag | null;
  /** The pen touches or leaves: nothing may move under it. */
  setPenDown(down: boolean): void;
  undo(): void;
  redo(): void;
  /** Opens the quick menu around a place of the window, CSS px. */
  menu(x: number, y: number): void;
  /** The cursor is here; `pressure` is 0 while hovering. */
  hover(point: Point, pressure: number, pointerType: string): void;
  leave(): void;
}

interface ActiveDrag {
  readonly pointerId: number;
  readonly pointerType: string;
  readonly drag: ToolDrag | null;
  readonly size: SizeDrag | null;
  readonly start: Point;
  /** The pen's barrel button is down: let go in place it opens the quick menu, dragged it pans. */
  readonly barrel: boolean;
}

/** Tools that Alt turns into the eyedropper. */
const PAINTING: ReadonlySet<string> = new Set(['brush', 'eraser', 'smudge', 'fill', 'gradient']);
/** Bits of `PointerEvent.buttons` for a pen. */
const PEN_BARREL = 2;
const PEN_ERASER = 32;
/** A finger that stays where it came down for this long opens the quick menu. */
const HOLD_MILLISECONDS = 500;
/** A press that moves less than this, in CSS px, stayed where it was. */
const STILL = 6;

/** Turns pointer, touch and wheel events on the canvas into strokes, view changes and gestures. */
export class CanvasPointer {
  readonly #element: HTMLElement;
  readonly #actions: CanvasActions;
  readonly #keys: HeldKeys;
  readonly #palms = new PalmRejection();
  readonly #touches: TouchRouter;
  #active: ActiveDrag | null = null;
  #hold: { readonly timer: ReturnType<typeof setTimeout>; readonly x: number; readonly y: number } | null =
    null;
  readonly #abort = new AbortController();

  constructor(element: HTMLElement, keys: HeldKeys, actions: CanvasActions) {
    this.#element = element;
    this.#actions = actions;
    this.#keys = keys;
    this.#touches = new TouchRouter({
      view: () => useView.getState().view,
      setView: (view) => changeView(() => view),
      retract: () => this.cancel(),
      undo: () => actions.undo(),
      redo: () => actions.redo(),
      fit() {
        const { width, height } = useDocument.getState();
        fitDocument(width, height);
      },
      panels: () => useLayout.setState((state) => ({ panelsHidden: !state.panelsHidden })),
    });
    const { signal } = this.#abort;
    element.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    element.addEventListener('pointermove', (event) => this.#move(event), { signal });
    element.addEventListener('pointerup', (event) => this.#up(event), { signal });
    element.addEventListener('pointercancel', (event) => this.#cancelled(event), { signal });
    element.addEventListener('pointerleave', () => this.#active ?? actions.leave(), { signal });
    element.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
    element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  }

  /** True while a drag is in progress. */
  get active(): boolean {
    return this.#active !== null;
  }

  /** Takes back the drag in progress. @returns false when there was none. */
  cancel(): boolean {
    const active = this.#active;
    if (!active) return false;
    this.#active = null;
    active.drag?.cancel();
    active.size?.cancel();
    this.#actions.setPenDown(false);
    return true;
  }

  /** Stops listening. */
  dispose(): void {
    this.#endHold();
    this.cancel();
    this.#abort.abort();
  }

  /** A pen is near: a hand that rests on the surface has neither drawn nor pinched. */
  #notePen({ timeStamp }: PointerEvent): void {
    this.#palms.notePen(timeStamp);
    this.#touches.reset();
    this.#endHold();
    if (this.#active?.pointerType === 'touch') this.cancel();
  }

  #down(event: PointerEvent): void {
    if (event.pointerType === 'pen') this.#notePen(event);
    if (this.#palms.rejects(facts(event))) return;
    const screen = screenPoint(event);
    if (
      event.pointerType === 'touch' &&
      this.#touches.down(event.pointerId, screen, { x: event.clientX, y: event.clientY }, event.timeStamp)
    ) {
      this.#endHold();
      return;
    }
    this.#endHold();
    if (event.button === 2 && event.pointerType === 'mouse' && !event.altKey) {
      event.preventDefault();
      if (!this.#active) this.#actions.menu(event.clientX, event.clientY);
      return;
    }
    if (this.#active) return;
    if (event.pointerType === 'touch') this.#beginHold(event);
    event.preventDefault();
    this.#element.setPointerCapture(event.pointerId);
    const start = { x: event.clientX, y: event.clientY };
    const barrel = event.pointerType === 'pen' && (event.buttons & PEN_BARREL) !== 0;
    const base = { pointerId: event.pointerId, pointerType: event.pointerType, start, barrel };
    if (this.#sizes(event)) {
      this.#active = { ...base, drag: null, size: beginSizeDrag() };
      return;
    }
    if (this.#keys.has('zoom') && event.button === 0) {
      this.#active = { ...base, drag: beginZoomDrag(screen), size: null };
      return;
    }
    if (this.#keys.has('turn') && event.button === 0) {
      this.#active = { ...base, drag: beginTurnDrag(screen), size: null };
      return;
    }
    const intent = this.#intent(event);
    const drag = this.#actions.begin(intent, toolPoint(event));
    if (!drag) return;
    this.#active = { ...base, drag, size: null };
    this.#actions.setPenDown(intent !== 'pan');
    if (intent !== 'pan') this.#actions.hover(screen, event.pressure, event.pointerType);
  }

  #move(event: PointerEvent): void {
    if (event.pointerType === 'pen') this.#notePen(event);
    if (this.#palms.rejects(facts(event))) {
      // A finger that spreads out was the edge of a palm.
      this.#cancelled(event);
      return;
    }
    const screen = screenPoint(event);
    if (this.#hold && Math.hypot(event.clientX - this.#hold.x, event.clientY - this.#hold.y) > 2 * STILL)
      this.#endHold();
    if (event.pointerType === 'touch') {
      if (this.#touches.move(event.pointerId, screen, { x: event.clientX, y: event.clientY })) return;
    }
    const active = this.#active;
    if (!active) {
      if (event.pointerType !== 'touch') this.#actions.hover(screen, 0, event.pointerType);
      return;
    }
    if (active.pointerId !== event.pointerId) return;
    if (event.pointerType === 'pen') {
      const live = { device: deviceOf('pen'), raw: event.pressure, time: event.timeStamp };
      usePressure.setState({ live });
    }
    if (active.size) {
      active.size.move(event.clientX - active.start.x, event.clientY - active.start.y);
      return;
    }
    const coalesced = event.getCoalescedEvents();
    const predicted = event.getPredictedEvents().slice(0, 3);
    active.drag?.move(
      (coalesced.length > 0 ? coalesced : [event]).map((each) => toolPoint(each)),
      predicted.map((each) => toolPoint(each)),
    );
    this.#actions.hover(screen, event.pressure, event.pointerType);
  }

  #up(event: PointerEvent): void {
    if (event.pointerType === 'pen') this.#palms.notePen(event.timeStamp);
    if (event.pointerType === 'touch') this.#touches.up(event.pointerId, event.timeStamp);
    this.#endHold();
    const active = this.#active;
    if (active?.pointerId !== event.pointerId) return;
    this.#active = null;
    void active.drag?.end();
    this.#actions.setPenDown(false);
    const moved = Math.hypot(event.clientX - active.start.x, event.clientY - active.start.y);
    if (active.barrel && moved < STILL) this.#actions.menu(event.clientX, event.clientY);
    if (event.pointerType === 'touch') this.#actions.leave();
    else this.#actions.hover(screenPoint(event), 0, event.pointerType);
  }

  #cancelled(event: PointerEvent): void {
    if (event.pointerType === 'touch') this.#touches.cancel(event.pointerId);
    if (this.#active?.pointerId === event.pointerId) this.cancel();
  }

  /** A finger that stays becomes a request for the quick menu; what it drew is taken back. */
  #beginHold({ clientX: x, clientY: y }: PointerEvent): void {
    const timer = setTimeout(() => {
      this.#hold = null;
      this.cancel();
      this.#actions.menu(x, y);
    }, HOLD_MILLISECONDS);
    this.#hold = { timer, x, y };
  }

  #endHold(): void {
    if (this.#hold) clearTimeout(this.#hold.timer);
    this.#hold = null;
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const intent = wheelIntent(event, useLayout.getState().wheel);
    const { scale } = useView.getState();
    if (intent.kind === 'pan') {
      changeView((view) => panBy(view, -intent.dx * scale, -intent.dy * scale));
    } else {
      const anchor = screenPoint(event);
      changeView((view) => zoomAbout(view, anchor, view.zoom * intent.factor));
    }
  }

  /** S held, or what Photoshop and Clip Studio size brushes by. */
  #sizes(event: PointerEvent): boolean {
    if (event.button === 0)
      return this.#keys.has('size') || ((event.ctrlKey || event.metaKey) && event.altKey);
    return event.button === 2 && event.pointerType === 'mouse' && event.altKey;
  }

  #intent(event: PointerEvent): PointerIntent {
    if (event.button === 1 || this.#keys.has('space')) return 'pan';
    if (event.pointerType === 'pen' && (event.buttons & PEN_ERASER) !== 0) return 'erase';
    if (event.pointerType === 'pen' && (event.buttons & PEN_BARREL) !== 0) return 'pan';
    if (event.pointerType === 'touch' && this.#palms.penSeen) return 'pan';
    if ((event.ctrlKey || event.metaKey) && event.shiftKey && !event.altKey) return 'layer';
    return event.altKey && PAINTING.has(usePaint.getState().tool) ? 'sample' : 'tool';
  }
}

function facts(event: PointerEvent): { pointerType: string; width: number; height: number; time: number } {
  return { pointerType: event.pointerType, width: event.width, height: event.height, time: event.timeStamp };
}
