import { tinykeys } from 'tinykeys';
import { type Command, PASTE_KEY } from '../commands/command.ts';
import { type ToolId, usePaint } from '../state/paint-store.ts';
import { turnView } from '../canvas/view-store.ts';
import type { HeldKeys } from './held-keys.ts';

/** A tool key held longer than this only borrows the tool. */
const BORROW_MILLISECONDS = 350;
const TOOL_PREFIX = 'tool.';

/** True where keys mean text or belong to a control, so that no shortcut may fire. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('[role="dialog"]:not(.fly-out-body), [role="menu"], [role="listbox"][data-owns-keys]'))
    return true;
  if (target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLElement && target.isContentEditable) return true;
  return target instanceof HTMLInputElement && target.type !== 'range' && target.type !== 'checkbox';
}

/** True for keys that a focused control needs for itself. */
function controlNeeds(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (!target || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (target instanceof HTMLInputElement && target.type === 'range')
    return /^(Arrow|Page|Home|End)/.test(event.key);
  const inGrid = target.closest('[role="treegrid"], [role="listbox"], [role="grid"], [role="radiogroup"]');
  return inGrid !== null && /^(Arrow|Page|Home|End|Enter| )/.test(event.key);
}

/**
 * Binds the commands' keys to the window, letters by character and punctuation by position. Dead while text is typed
 * or an input method composes, except for combinations with the command key.
 *
 * @returns how to unbind.
 */
export function bindKeyboard(commands: readonly Command[], keys: HeldKeys): () => void {
  const ignored = (event: KeyboardEvent): boolean => {
    if (event.isComposing || event.defaultPrevented) return true;
    const withModifier = event.ctrlKey || event.metaKey;
    if (isTyping(event.target)) return !withModifier || isTextEdit(event);
    return controlNeeds(event);
  };
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  for (const command of commands) {
    for (const key of command.keys) {
      if (key === PASTE_KEY) continue;
      bindings[key] = (event) => {
        event.preventDefault();
        if (event.repeat && command.id.startsWith(TOOL_PREFIX)) return;
        if (command.enabled?.() === false && command.id !== 'edit.undo' && command.id !== 'edit.redo') return;
        void command.run();
      };
    }
  }
  const unbind = tinykeys(window, bindings, { ignore: ignored });
  const abort = new AbortController();
  const { signal } = abort;
  borrowTools(commands, ignored, signal);
  window.addEventListener(
    'keydown',
    (event) => {
      if (ignored(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.code === 'Space' && isCanvasOrNothing(event.target)) {
        event.preventDefault();
        keys.press('space');
      }
      if (event.key.toLowerCase() === 's' && !event.shiftKey) keys.press('size');
      if (event.key.toLowerCase() === 'r' && !event.shiftKey) keys.press('turn');
      if (event.key.toLowerCase() === 'z' && !event.shiftKey) keys.press('zoom');
    },
    { signal },
  );
  window.addEventListener(
    'keyup',
    (event) => {
      if (event.code === 'Space') keys.release('space');
      if (event.key.toLowerCase() === 's') keys.release('size');
      if (event.key.toLowerCase() === 'r') keys.release('turn');
      if (event.key.toLowerCase() === 'z') keys.release('zoom');
      // Alt alone would put the focus into a browser's menu.
      if (event.key === 'Alt') event.preventDefault();
    },
    { signal },
  );
  window.addEventListener(
    'keydown',
    (event) => {
      if (!keys.has('turn') || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
      event.preventDefault();
      event.stopPropagation();
      turnView(event.key === 'ArrowLeft' ? -15 : 15);
    },
    // Before the canvas, whose crosshair would take the arrows.
    { signal, capture: true },
  );
  window.addEventListener('blur', () => keys.releaseAll(), { signal });
  return () => {
    unbind();
    abort.abort();
  };
}

/** Combinations that edit text where text is typed. */
function isTextEdit(event: KeyboardEvent): boolean {
  return /^[zyxcva]$/i.test(event.key) || /^Arrow|Backspace|Delete|Home|End/.test(event.key);
}

function isCanvasOrNothing(target: EventTarget | null): boolean {
  return !(target instanceof Element) || target === document.body || target instanceof HTMLCanvasElement;
}

/** A tool key held down lends its tool: letting go after a while gives the former one back. */
function borrowTools(
  commands: readonly Command[],
  ignored: (event: KeyboardEvent) => boolean,
  signal: AbortSignal,
): void {
  const toolByKey = new Map<string, ToolId>();
  for (const { id, keys } of commands) {
    if (id.startsWith(TOOL_PREFIX) && keys[0]) toolByKey.set(keys[0], id.slice(TOOL_PREFIX.length) as ToolId);
  }
  let held: { key: string; since: number; before: ToolId } | null = null;
  window.addEventListener(
    'keydown',
    (event) => {
      const key = event.key.toLowerCase();
      if (
        event.repeat ||
        ignored(event) ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        event.shiftKey ||
        !toolByKey.has(key)
      )
        return;
      held = { key, since: event.timeStamp, before: usePaint.getState().tool };
    },
    { signal, capture: true },
  );
  window.addEventListener(
    'keyup',
    (event) => {
      if (held?.key !== event.key.toLowerCase()) return;
      const { since, before } = held;
      held = null;
      if (event.timeStamp - since > BORROW_MILLISECONDS) usePaint.setState({ tool: before });
    },
    { signal },
  );
}
