import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';

/**
 * Writes a file that is whole under its name or not there at all, whatever happens to the process; and, unless
 * `durable` is false, to the machine. Nothing is left beside it when it fails.
 */
export async function writeDurably(
  path: string,
  parts: readonly Uint8Array[],
  durable = true,
): Promise<void> {
  const part = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    const file = await open(part, 'wx');
    try {
      for (const bytes of parts) await file.writeFile(bytes);
      // Else a power cut could leave a name without its bytes, which would be told as damage.
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await unlink(part).catch(() => {});
    throw error;
  }
}
