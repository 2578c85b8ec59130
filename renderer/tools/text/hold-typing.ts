/** A field that does not come within this many milliseconds never comes. */
const PATIENCE = 5000;

/**
 * Keeps letters that are typed between the press that begins text and the moment when its field has the focus: fonts may
 * have to be read first, and letters are the keys of tools.
 * @param give is called with the letters, if there are any, once a text area has the focus.
 * @returns how to leave keys alone again at once.
 */
export function holdTyping(give: (letters: string) => void): () => void {
  let letters = '';
  const abort = new AbortController();
  const listening = { signal: abort.signal, capture: true };
  const timer = setTimeout(() => abort.abort(), PATIENCE);
  const stop = (): void => {
    clearTimeout(timer);
    abort.abort();
  };
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.key === 'Escape') return stop();
      const letter = event.key === 'Enter' ? '\n' : /^.$/u.test(event.key) ? event.key : null;
      if (event.key === 'Backspace') letters = letters.slice(0, -1);
      else if (letter === null) return;
      else letters += letter;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    listening,
  );
  window.addEventListener('pointerdown', stop, listening);
  window.addEventListener(
    'focusin',
    ({ target }) => {
      if (!(target instanceof HTMLTextAreaElement)) return;
      stop();
      // The field selects what it holds as it takes the focus.
      queueMicrotask(() => {
        if (letters !== '') give(letters);
      });
    },
    listening,
  );
  return stop;
}
