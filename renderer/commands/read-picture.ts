import { lookAtPicture, PICTURE_FILE } from '../generation/found-settings.ts';
import { bindPictureDrop } from '../input/picture-drop.ts';
import type { Workspace } from './workspace.ts';

/** Lets pictures be dropped on the window, to look at how they were made. */
export function acceptPictures({ link }: Workspace): void {
  bindPictureDrop(PICTURE_FILE, (file) => void lookAtPicture(link, file));
}

/** Asks for a picture file, to look at how it was made: the twin of dropping one. */
export function chooseAndRead({ link }: Workspace): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = 'image/png,image/jpeg,image/webp';
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) void lookAtPicture(link, file);
  });
  input.click();
}
