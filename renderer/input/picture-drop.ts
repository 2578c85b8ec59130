/**
 * Pictures that are dropped anywhere on the window are handed over one by one; other files are left to whoever wants
 * them.
 *
 * @returns how to unbind.
 */
export function bindPictureDrop(pattern: RegExp, take: (file: File) => void): () => void {
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
      const file = [...(event.dataTransfer?.files ?? [])].find(({ name }) => pattern.test(name));
      if (!file) return;
      event.preventDefault();
      take(file);
    },
    { signal },
  );
  return () => abort.abort();
}
