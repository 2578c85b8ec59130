import { open, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';

const pieceBytes = 4 * 1024 * 1024;

/** Files whose checksum was found right in this process, as they were then. */
const checked = new Map<string, string>();

/**
 * Whether a file's CRC-32 is the one given; read once for each state of the file, as gigabytes take a second.
 * @param checksum in hexadecimal
 */
export async function isWhole(file: string, checksum: string): Promise<boolean> {
  const { size, mtimeMs } = await stat(file);
  const known = `${checksum} ${size} ${mtimeMs}`;
  if (checked.get(file) === known) return true;
  if ((await checksumOf(file)) !== checksum) return false;
  checked.set(file, known);
  return true;
}

async function checksumOf(file: string): Promise<string> {
  const piece = new Uint8Array(pieceBytes);
  const handle = await open(file, 'r');
  try {
    let sum = 0;
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, pieceBytes);
      if (bytesRead === 0) return sum.toString(16);
      sum = crc32(piece.subarray(0, bytesRead), sum);
    }
  } finally {
    await handle.close();
  }
}

/** Notes that a network was used now, by its report: the weights' own times are part of what was checked. */
export async function markUsed(weights: string): Promise<void> {
  const now = new Date();
  // Without it the network only looks colder than it is.
  await utimes(reportOf(weights), now, now).catch(() => {});
}

/**
 * Takes the networks away that were not used for longest until the one to come fits into the budget beside the others.
 *
 * @param coming its file, which stays where it is there already
 * @param bytes that it will take
 */
export async function trimCache(
  folder: string,
  budget: number | undefined,
  coming: string,
  bytes: number,
): Promise<void> {
  if (budget === undefined) return;
  const kept: { readonly file: string; readonly bytes: number; readonly used: number }[] = [];
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    if (!name.endsWith('.safetensors') || file === coming) continue;
    const [own, report] = [await stat(file).catch(() => null), await stat(reportOf(file)).catch(() => null)];
    if (own !== null) kept.push({ file, bytes: own.size, used: (report ?? own).mtimeMs });
  }
  let held = kept.reduce((sum, one) => sum + one.bytes, bytes);
  for (const { file, bytes: freed } of kept.toSorted((a, b) => a.used - b.used)) {
    if (held <= budget) return;
    await rm(file, { force: true });
    await rm(reportOf(file), { force: true });
    held -= freed;
  }
}

function reportOf(weights: string): string {
  return weights.replace(/\.safetensors$/, '.json');
}
