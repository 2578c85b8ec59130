import { pendingAct } from '../state/pending-act.ts';
import { isTyping } from './keyboard.ts';

/** While an act waits, Enter applies it and Esc drops it (or keeps it, where the act says so), unless a control has the focus. @returns how to unbind. */
export function bindPendingKeys(): () => void {
  const listen = (event: KeyboardEvent): void => {
    const { act } = pendingAct.getState();
    if (!act || event.isComposing || isTyping(event.target)) return;
    const onControl = event.target instanceof Element && event.target.closest('button, [role="option"]');
    if (event.key === 'Enter' && !onControl) act.apply();
    else if (event.key === 'Escape' && act.onEscape === 'apply') act.apply();
    else if (event.key === 'Escape') act.cancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener('keydown', listen, { capture: true });
  return () => window.removeEventListener('keydown', listen, { capture: true });
}
