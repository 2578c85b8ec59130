import { StudioError, type UsableSettings } from '../../preload/contract/index.ts';
import type { CommandStudio } from './open-studio.ts';

/**
 * The settings that a picture was made with, as far as they can be had here; what cannot is told on standard error.
 *
 * @param path for the error
 * @throws StudioError `cli/no-settings` for a picture that says nothing of how it was made
 */
export async function takeSettings(
  studio: CommandStudio,
  path: string,
  bytes: Uint8Array,
): Promise<UsableSettings> {
  const read = await studio.request('provenance.read', { bytes });
  if (read === null) {
    throw new StudioError(
      'cli/no-settings',
      `${path} does not say how it was made. Nothing was started.`,
      'Give --prompt and the other settings yourself.',
    );
  }
  for (const notice of read.use.notices) process.stderr.write(`${notice}\n`);
  return read.use;
}
