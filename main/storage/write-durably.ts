import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';

/** Bytes up to which parts are joined and written at once: a copy costs less than a call. */
const JOINED_BELOW = 1024 * 1024;

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
      for (const bytes of joined(parts)) await file.writeFile(bytes);
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

function joined(parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const size = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return parts.length > 1 && size <= JOINED_BELOW ? [Buffer.concat(parts)] : parts;
}
