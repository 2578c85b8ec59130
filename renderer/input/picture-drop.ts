const PICTURE = /\.(?:psd|psb|ora|png|jpe?g|webp|avif|tiff?|gif|exr)$/i;

function isEditable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, [contenteditable="true"]') !== null
  );
}

/** Takes picture files that are dropped onto the window or pasted into it. @returns how to stop */
export function bindPictureFiles(take: (files: readonly File[]) => void): () => void {
  const over = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
  };
  const drop = (event: DragEvent): void => {
    const files = [...(event.dataTransfer?.files ?? [])].filter(({ name }) => PICTURE.test(name));
    if (files.length === 0) return;
    event.preventDefault();
    take(files);
  };
  const paste = (event: ClipboardEvent): void => {
    if (isEditable(event.target)) return;
    const files = [...(event.clipboardData?.files ?? [])].filter(
      ({ name, type }) => type.startsWith('image/') || PICTURE.test(name),
    );
    if (files.length === 0) return;
    event.preventDefault();
    take(files);
  };
  window.addEventListener('dragover', over);
  window.addEventListener('drop', drop);
  window.addEventListener('paste', paste);
  return () => {
    window.removeEventListener('dragover', over);
    window.removeEventListener('drop', drop);
    window.removeEventListener('paste', paste);
  };
}
