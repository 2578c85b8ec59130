import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** Large enough to keep a disk busy, small enough to let the process answer between two pieces. */
const PIECE_BYTES = 2 * 1024 * 1024;
const SAMPLES = 64;
const SAMPLE_BYTES = 16 * 1024;
const HEAD_BYTES = 1024 * 1024;

/**
 * SHA-256 of a file's content in lower-case hexadecimal, read piece by piece.
 *
 * @param onBytes told after each piece how many bytes it had.
 * @throws the file system's error when the file cannot be read to its end.
 */
export async function hashFile(
  path: string,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  const piece = new Uint8Array(PIECE_BYTES);
  const file = await open(path, 'r');
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, bytesRead));
      onBytes(bytesRead);
    }
  } finally {
    await file.close();
  }
}

/**
 * Tells files apart by their content in milliseconds, however large they are: SHA-256 over the size, the first
 * MiB and 64 pieces of 16 KiB spread evenly over the rest. The same after a move or a rename. Files that differ only
 * between those pieces share a fingerprint: what a picture is made with is told by {@link hashFile}.
 */
export async function fingerprintFile(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const hash = createHash('sha256').update(`${size}\n`);
    const head = new Uint8Array(Math.min(size, HEAD_BYTES));
    await file.read(head, 0, head.byteLength, 0);
    hash.update(head);
    const sample = new Uint8Array(SAMPLE_BYTES);
    const rest = Math.max(0, size - head.byteLength - SAMPLE_BYTES);
    for (let i = 0; rest > 0 && i < SAMPLES; i++) {
      const at = head.byteLength + Math.floor((rest * i) / (SAMPLES - 1));
      const { bytesRead } = await file.read(sample, 0, SAMPLE_BYTES, at);
      hash.update(sample.subarray(0, bytesRead));
    }
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}
