import { access, constants, link, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { StudioError } from '../../../preload/contract/index.ts';

/**
 * Makes sure, before anything is computed, that a file can be written there.
 * @throws StudioError `files/exists`, `files/same-file`, `files/unwritable`
 */
export async function checkTarget(target: string, overwrite: boolean, source: string): Promise<void> {
  if (resolve(target) === resolve(source))
    throw new StudioError(
      'files/same-file',
      `${basename(target)} is both what is read and what would be written. Nothing was started.`,
      'Choose another name for the output.',
    );
  const there = await stat(target).catch(() => null);
  if (there?.isDirectory())
    throw new StudioError('files/unwritable', `${target} is a folder. Nothing was started.`, 'Name a file.');
  if (there && !overwrite) throw existsAlready(target);
  try {
    await access(dirname(resolve(target)), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(target, error);
  }
}

/**
 * Writes a file so that it is whole under its name, or not there at all; an earlier one stays until then.
 * @param make returns the bytes, whole or in parts, or null once it has written the part itself.
 * @returns bytes written
 */
export async function writeWhole(
  target: string,
  overwrite: boolean,
  make: (part: string) => Promise<Uint8Array | readonly Uint8Array[] | null>,
): Promise<number> {
  const part = `${target}.${process.pid}.part`;
  await rm(part, { force: true });
  try {
    const bytes = await make(part);
    try {
      const file = await open(part, bytes ? 'wx' : 'r+');
      try {
        const parts = bytes instanceof Uint8Array ? [bytes] : (bytes ?? []);
        for (const each of parts) await file.writeFile(each);
        await file.sync();
      } finally {
        await file.close();
      }
      const { size } = await stat(part);
      if (overwrite) await rename(part, target);
      else await putUnlessThere(part, target);
      return size;
    } catch (error) {
      throw error instanceof StudioError ? error : unwritable(target, error);
    }
  } finally {
    await rm(part, { force: true });
  }
}

async function putUnlessThere(part: string, target: string): Promise<void> {
  try {
    await link(part, target);
  } catch (error) {
    const there = await stat(target).catch(() => null);
    if (there) throw existsAlready(target);
    // Some file systems have no links.
    if (error instanceof Error) await rename(part, target);
  }
}

function existsAlready(target: string): StudioError {
  return new StudioError(
    'files/exists',
    `${basename(target)} exists already and was left as it is.`,
    'Choose another name, or add --force to replace it.',
  );
}

function unwritable(target: string, error: unknown): StudioError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StudioError(
    'files/unwritable',
    `${target} cannot be written (${reason}). Nothing was changed.`,
    'Choose another place, or make its folder and its permissions right.',
  );
}
