import type { HeldKeys } from './held-keys.ts';
import { usePaint } from '../state/paint-store.ts';
import { pendingAct } from '../state/pending-act.ts';

const COARSE = 10;

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The canvas, or nothing in particular, has the keyboard. */
function onCanvas(target: EventTarget | null): boolean {
  return target === document.body || target instanceof HTMLCanvasElement;
}

/**
 * Arrows move what waits on the canvas, or with the move tool what it would drag, by 1 pixel, with Shift by 10. A canvas that
 * was reached by key keeps its arrows for the crosshair, unless something waits.
 * @param keys held ones: with R the arrows turn the view.
 * @param move what the move tool's arrows do.
 * @returns how to unbind.
 */
export function bindNudgeKeys(keys: HeldKeys, move: (dx: number, dy: number) => void): () => void {
  const listen = (event: KeyboardEvent): void => {
    const direction = DIRECTIONS[event.key];
    if (
      !direction ||
      keys.has('turn') ||
      !onCanvas(event.target) ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    )
      return;
    const { act } = pendingAct.getState();
    const byKey = event.target instanceof HTMLElement && event.target.dataset['focusByKey'] === 'true';
    const [dx, dy] = direction;
    const by = event.shiftKey ? COARSE : 1;
    if (act?.nudge) act.nudge(dx * by, dy * by);
    else if (!act && usePaint.getState().tool === 'move' && !byKey) move(dx * by, dy * by);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener('keydown', listen, { capture: true });
  return () => window.removeEventListener('keydown', listen, { capture: true });
}
