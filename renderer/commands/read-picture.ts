import { lookAtPicture } from '../generation/found-settings.ts';
import type { Workspace } from './workspace.ts';

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
