import { BRUSH_FILE } from '../engine/brush/import/brush-file-names.ts';

/**
 * Files of brushes that are dropped anywhere on the window are handed over; other files are left to whoever wants them.
 *
 * @returns how to unbind.
 */
export function bindBrushDrop(take: (files: readonly File[]) => void): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  window.addEventListener(
    'dragover',
    (event) => {
      // Without this a browser would open the file in place of the studio.
      if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
    },
    { signal },
  );
  window.addEventListener(
    'drop',
    (event) => {
      const files = [...(event.dataTransfer?.files ?? [])].filter(({ name }) => BRUSH_FILE.test(name));
      if (files.length === 0) return;
      event.preventDefault();
      event.stopPropagation();
      take(files);
    },
    { signal, capture: true },
  );
  return () => abort.abort();
}
