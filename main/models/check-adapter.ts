import { basename } from 'node:path';
import { readSafetensorsHeader } from '../../native-models/checkpoints/safetensors.ts';
import { ModelError } from '../../native-models/errors.ts';

/**
 * Makes sure that an adapter is a readable safetensors file, without reading its weights.
 *
 * @throws ModelError `pickle-refused`, `file-missing`, `file-truncated`, `header-invalid` …
 */
export async function checkAdapter(path: string): Promise<void> {
  if (/\.(ckpt|pt|pth|bin)$/i.test(path)) {
    throw new ModelError(
      'pickle-refused',
      `${basename(path)} can run code when opened, so it is not opened. The file is untouched.`,
      'Get its .safetensors version.',
    );
  }
  await readSafetensorsHeader(path);
}
