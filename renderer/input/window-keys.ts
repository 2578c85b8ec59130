import { useLayout } from '../state/layout-store.ts';
import { isTyping } from './keyboard.ts';

const REGIONS = ['top bar', 'tool options', 'tools', 'canvas', 'strip', 'prompt', 'status'] as const;
const FOCUSABLE = 'textarea, canvas[tabindex], button:not(:disabled), [tabindex="0"], input';

/**
 * F6 walks the regions, so that the canvas is never a trap; Tab hides the panels when the canvas was reached by
 * pointer, and moves on when it was reached by key.
 *
 * @returns how to unbind.
 */
export function bindWindowKeys(): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'F6' && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        stepRegion(event.shiftKey ? -1 : 1);
      } else if (event.key === 'Tab' && pointerFocus(event.target)) {
        event.preventDefault();
        useLayout.setState((state) => ({ panelsHidden: !state.panelsHidden }));
      }
    },
    { signal, capture: true },
  );
  return () => abort.abort();
}

/** The focus came by pointer: it is on the canvas or nowhere, and no ring is shown. */
function pointerFocus(target: EventTarget | null): boolean {
  if (isTyping(target) || document.querySelector('[role="dialog"], [role="menu"]')) return false;
  if (target === document.body) return true;
  return target instanceof HTMLCanvasElement && target.dataset['focusByKey'] === 'false';
}

function stepRegion(direction: 1 | -1): void {
  const regions = REGIONS.map((name) =>
    document.querySelector<HTMLElement>(`[data-region="${name}"]`),
  ).filter((region) => region !== null);
  const docks = [...document.querySelectorAll<HTMLElement>('.dock')];
  const all = [...regions.slice(0, -1), ...docks, ...regions.slice(-1)];
  const at = all.findIndex((region) => region.contains(document.activeElement));
  for (let i = 1; i <= all.length; i++) {
    const region = all[(at + direction * i + all.length * 2) % all.length];
    const target = region?.querySelector<HTMLElement>(FOCUSABLE);
    if (target) {
      target.focus();
      return;
    }
  }
}
