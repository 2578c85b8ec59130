import { join } from 'node:path';
import { openSettings } from '../../settings/settings-store.ts';

/** The soft brush that benches paint with. */
export const SOFT_BRUSH = { presetId: '', size: 100, opacity: 1, flow: 0.5, hardness: 0, stabiliser: 1 };

/** Has the page of the studio of `folder` open a document, draw it by one device and hold `SOFT_BRUSH`. */
export function writePageSettings(folder: string, path: string, canvasDevice: 'cpu' | 'gpu'): void {
  const settings = openSettings(join(folder, 'data'));
  settings.write('page.last-document', path);
  settings.write('page.layout', { canvasDevice });
  settings.write('page.paint', { brush: SOFT_BRUSH });
  settings.close();
}
