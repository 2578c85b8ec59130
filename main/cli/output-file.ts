import { access, constants, copyFile, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { StudioError } from '../../preload/contract/index.ts';
import { writeDurably } from '../storage/write-durably.ts';

/**
 * Makes sure, before anything is computed, that a picture can be written there.
 *
 * @throws StudioError `cli/out-not-png`, `cli/out-unwritable`
 */
export async function checkOutput(path: string): Promise<void> {
  if (extname(path).toLowerCase() !== '.png') {
    throw new StudioError(
      'cli/out-not-png',
      `${path} does not end in .png. Nothing was started.`,
      'Pictures are written as PNG.',
    );
  }
  await checkWritable(path);
}

/**
 * Makes sure, before anything is computed, that a file can be written there.
 *
 * @throws StudioError `cli/out-unwritable`
 */
export async function checkWritable(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    const there = await stat(path).catch(() => null);
    if (there?.isDirectory()) throw new Error('it is a folder');
    if (there) await access(path, constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/**
 * Copies a file to its place: whole under its name, or not there at all.
 *
 * @throws StudioError `cli/out-unwritable`
 */
export async function copyOutput(from: string, to: string): Promise<void> {
  const part = `${to}.${process.pid}.part`;
  try {
    await copyFile(from, part);
    const file = await open(part, 'r+');
    await file.sync().finally(() => file.close());
    await rename(part, to);
  } catch (error) {
    await unlink(part).catch(() => {});
    throw unwritable(to, error, `The picture itself is safe at ${from}.`);
  }
}

/**
 * Writes a file: whole under its name, or not there at all.
 *
 * @throws StudioError `cli/out-unwritable`
 */
export async function writeOutput(to: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeDurably(to, [bytes]);
  } catch (error) {
    throw unwritable(to, error, 'Nothing was changed.');
  }
}

function unwritable(path: string, error: unknown, safe = 'Nothing was started.'): StudioError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StudioError(
    'cli/out-unwritable',
    `${path} cannot be written (${reason}). ${safe}`,
    'Choose another --out, or make its folder and its permissions right.',
  );
}
