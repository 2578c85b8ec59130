import { z } from 'zod';
import type { Studio } from '../studio/studio.ts';

/** Settings that turn updates on; off unless the user has set both. */
const updateSettings = z.object({
  'updates.enabled': z.literal(true),
  'updates.url': z.url({ protocol: /^https$/ }),
});

/**
 * Looks for a newer version, if the user turned that on and named where from; else does nothing at all: the updater
 * is not even loaded. What it finds is downloaded and installed when the studio is next closed.
 */
export async function checkForUpdates(
  studio: Pick<Studio, 'handle'>,
  log: (message: string) => void,
): Promise<void> {
  const answer = await studio.handle('settings.read', {});
  const settings = updateSettings.safeParse(answer.ok ? answer.value : null);
  if (!settings.success) return;
  const { default: updater } = await import('electron-updater');
  const { autoUpdater } = updater;
  autoUpdater.setFeedURL({ provider: 'generic', url: settings.data['updates.url'] });
  autoUpdater.allowDowngrade = true;
  autoUpdater.on('error', (error) => log(`Looking for an update failed: ${error.message}`));
  await autoUpdater.checkForUpdatesAndNotify().catch(() => null);
}
