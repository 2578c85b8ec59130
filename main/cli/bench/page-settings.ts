import { join } from 'node:path';
import { openSettings } from '../../settings/settings-store.ts';

/** The soft brush that benches paint with. */
export const SOFT_BRUSH = { presetId: '', size: 100, opacity: 1, flow: 0.5, hardness: 0, stabiliser: 1 };

/**
 * Has the page of the studio of `folder` open a document, draw it by one device and hold `SOFT_BRUSH`.
 * @param pictureMemory megabytes that its pixels may take.
 */
export function writePageSettings(
  folder: string,
  path: string,
  canvasDevice: 'cpu' | 'gpu',
  pictureMemory: 'auto' | number = 'auto',
): void {
  const settings = openSettings(join(folder, 'data'));
  settings.write('page.last-document', path);
  settings.write('page.layout', { canvasDevice, pictureMemory });
  settings.write('page.paint', { brush: SOFT_BRUSH });
  settings.close();
}
