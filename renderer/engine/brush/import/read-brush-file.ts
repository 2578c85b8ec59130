import { readAbrFile } from './abr.ts';
import { type ImportedFile, unreadable } from './imported-brush.ts';
import { readMyb } from './myb.ts';

/** Largest brush file that is read. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads brushes of Photoshop (`.abr`) or MyPaint (`.myb`).
 *
 * @param fileName names brushes that have no name of their own, and tells the two kinds apart
 * @param decodeText UTF-8 to text, which each host has its own way to do
 * @throws EngineError `unreadable-file`
 */
export function readBrushFile(
  bytes: Uint8Array,
  fileName: string,
  decodeText: (bytes: Uint8Array) => string,
): ImportedFile {
  if (bytes.length === 0) throw unreadable('it is empty (0 bytes)');
  if (bytes.length > MAX_BYTES)
    throw unreadable(`it has ${Math.round(bytes.length / 2 ** 20)} MiB, more than any`);
  return /\.abr$/i.test(fileName) ? readAbrFile(bytes, fileName) : readMyb(decodeText(bytes), fileName);
}
