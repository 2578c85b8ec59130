const PICTURE = /\.(?:psd|psb|ora|kra|xcf|png|jpe?g|webp|avif|tiff?|gif|exr)$/i;

function isEditable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, [contenteditable="true"]') !== null
  );
}

/** Who takes the files that come into the window. */
interface FileTakers {
  /** Picture files that were dropped. */
  readonly dropped: (files: readonly File[]) => void;
  /** What was pasted outside a text field: pictures, or none where the clipboard holds no file. */
  readonly pasted: (files: readonly File[]) => void;
  /** Files that are no pictures. */
  readonly refused: (files: readonly File[]) => void;
}

/** Hands on files that are dropped onto the window or pasted into it. @returns how to stop */
export function bindPictureFiles({ dropped, pasted, refused }: FileTakers): () => void {
  const over = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
  };
  const drop = (event: DragEvent): void => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    // A browser would open what nobody takes in place of the studio.
    event.preventDefault();
    const pictures = files.filter(({ name }) => PICTURE.test(name));
    const others = files.filter((file) => !pictures.includes(file));
    if (pictures.length > 0) dropped(pictures);
    if (others.length > 0) refused(others);
  };
  const paste = (event: ClipboardEvent): void => {
    if (isEditable(event.target)) return;
    const files = [...(event.clipboardData?.files ?? [])].filter(
      ({ name, type }) => type.startsWith('image/') || PICTURE.test(name),
    );
    event.preventDefault();
    pasted(files);
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
