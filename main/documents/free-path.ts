import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Ending of documents' files. */
export const EXTENSION = '.impasto';

/** A path in the folder where nothing lies yet: `Name`, `Name 2`, `Name 3` … */
export function freePath(folder: string, name: string): string {
  // What some file system forbids: separators, reserved characters, control characters, a trailing dot or space.
  const safe = name.replace(/[\\/:*?"<>|\p{Cc}]/gu, '-').replace(/^\.+|[. ]+$/g, '') || 'Untitled';
  for (let number = 1; ; number++) {
    const path = join(folder, `${safe}${number === 1 ? '' : ` ${number}`}${EXTENSION}`);
    if (!existsSync(path)) return path;
  }
}
