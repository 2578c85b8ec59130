import { readAbrFile } from './abr.ts';
import { isGimpBrush, readGimpBrush } from './gimp.ts';
import { type ImportedFile, unreadable } from './imported-brush.ts';
import { readMyb } from './myb.ts';

/** Largest brush file that is read. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Brushes of Krita: a picture with settings in it, or an archive of those. */
const KRITA = [
  {
    begins: [0x89, 0x50, 0x4e, 0x47],
    reason: 'it is a preset of Krita (.kpp), which only Krita’s own brush engines can paint',
  },
  {
    begins: [0x50, 0x4b, 3, 4],
    reason:
      'it is a bundle of Krita; unpack it (it is a ZIP archive) and import the .gbr, .gih and .abr files in it',
  },
] as const;

/**
 * Reads brushes of Photoshop (`.abr`), MyPaint (`.myb`) or GIMP (`.gbr`, `.gih`, `.vbr`).
 *
 * @param fileName names brushes that have no name of their own, and tells kinds apart that have no mark
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
  const krita = KRITA.find(({ begins }) => begins.every((byte, i) => bytes[i] === byte));
  if (krita) throw unreadable(krita.reason);
  if (isGimpBrush(bytes) || /\.(?:gbr|gih|vbr)$/i.test(fileName))
    return readGimpBrush(bytes, fileName, decodeText);
  return /\.abr$/i.test(fileName) ? readAbrFile(bytes, fileName) : readMyb(decodeText(bytes), fileName);
}
