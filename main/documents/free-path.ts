import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Ending of documents' files. */
export const EXTENSION = '.impasto';

/** File systems take names of 255 bytes; a number, the ending and what SQLite puts behind it need some of them. */
const LONGEST_BYTES = 200;

/** A path in the folder where nothing lies yet: `Name`, `Name 2`, `Name 3` … */
export function freePath(folder: string, name: string): string {
  // What some file system forbids: separators, reserved characters, control characters, a trailing dot or space.
  const allowed = name.replace(/[\\/:*?"<>|\p{Cc}]/gu, '-').replace(/^\.+/, '');
  const safe = withinBytes(allowed, LONGEST_BYTES).replace(/[. ]+$/, '') || 'Untitled';
  for (let number = 1; ; number++) {
    const path = join(folder, `${safe}${number === 1 ? '' : ` ${number}`}${EXTENSION}`);
    if (!existsSync(path)) return path;
  }
}

/** As much of a text, in whole characters, as so many bytes of UTF-8 hold. */
function withinBytes(text: string, most: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) break;
    kept += character;
  }
  return kept;
}
