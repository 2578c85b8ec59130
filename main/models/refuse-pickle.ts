import { basename } from 'node:path';
import { ModelError } from '../../native-models/errors.ts';

/** @throws ModelError `pickle-refused` for file names that only pickles have */
export function refusePickle(path: string): void {
  if (!/\.(ckpt|pt|pth|bin)$/i.test(path)) return;
  throw new ModelError(
    'pickle-refused',
    `${basename(path)} can run code when opened, so it is not opened. The file is untouched.`,
    'Get its .safetensors version.',
  );
}
