import { FormatError } from '../../../renderer/engine/formats/picture-file.ts';

/** Numbers of tags (TIFF 6.0; 330 TIFF Technical Note 1; 50706 Adobe DNG 1.7). */
const TAG = {
  subfile: 254,
  bits: 258,
  compression: 259,
  photometric: 262,
  subDirectories: 330,
  format: 339,
  dng: 50_706,
} as const;
/** Kinds of pixels: YCbCr, the three kinds of Lab, and what a sensor saw. */
const YCBCR = 6;
const LAB: ReadonlySet<number> = new Set([8, 9, 10]);
const SENSOR: ReadonlySet<number> = new Set([32_803, 34_892]);
/** Bits of a sample that the decoder takes. */
const BITS: ReadonlySet<number> = new Set([1, 2, 4, 8, 16, 32]);
/** Sample formats: whole numbers, with a sign, floating point. */
const WHOLE = 1;
const SIGNED = 2;
const FLOATING = 3;
const JPEG_COMPRESSIONS: ReadonlySet<number> = new Set([6, 7]);

/**
 * Refuses TIFFs that the decoder would misread or take for a thumbnail: raw photographs, Lab, YCbCr that is
 * not JPEG, and samples of other kinds than whole numbers of 8 and 16 bits and floating point.
 * Other files pass.
 * @throws FormatError
 */
export function checkTiffClaim(bytes: Uint8Array): void {
  const tags = firstDirectory(bytes);
  if (tags === null) return;
  const photometric = tags.get(TAG.photometric) ?? 0;
  const isReduced = ((tags.get(TAG.subfile) ?? 0) & 1) === 1 && tags.has(TAG.subDirectories);
  if (tags.has(TAG.dng) || SENSOR.has(photometric) || isReduced || isCanon(bytes))
    throw new FormatError(
      'It is a raw photograph, of which only the small preview would come.',
      'Develop it, and save it as a 16-bit TIFF, in a program for raw photographs.',
    );
  if (LAB.has(photometric))
    throw new FormatError(
      'It is a TIFF in Lab colour, which is not read.',
      'Save it as a PSD in Lab, or as a TIFF in RGB.',
    );
  const bits = tags.get(TAG.bits) ?? 1;
  const format = tags.get(TAG.format) ?? WHOLE;
  if (!BITS.has(bits) || format > FLOATING || format === SIGNED || (bits === 32 && format === WHOLE))
    throw new FormatError(
      `It is a TIFF whose samples have ${bits} bits${format === SIGNED ? ' and a sign' : ''}, which are not read.`,
      'Save it with 8 or 16 bits a channel, or as 32-bit floating point.',
    );
  if (photometric === YCBCR && !JPEG_COMPRESSIONS.has(tags.get(TAG.compression) ?? 1))
    throw new FormatError('It is a TIFF in YCbCr colour, which is not read.', 'Save it as a TIFF in RGB.');
}

function isCanon(bytes: Uint8Array): boolean {
  return bytes[8] === 0x43 && bytes[9] === 0x52 && bytes[10] === 2;
}

/** First values of the first directory's tags, in TIFF and BigTIFF; null for other files and broken ones. */
function firstDirectory(bytes: Uint8Array): Map<number, number> | null {
  if (bytes.byteLength < 16) return null;
  const order = (bytes[0] as number) * 256 + (bytes[1] as number);
  if (order !== 0x49_49 && order !== 0x4d_4d) return null;
  const little = order === 0x49_49;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint16(2, little);
  if (version !== 42 && version !== 43) return null;
  const isBig = version === 43;
  const at = isBig ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little);
  const [countBytes, entryBytes, valueAt] = isBig ? [8, 20, 12] : [2, 12, 8];
  if (at + countBytes > bytes.byteLength) return null;
  const count = isBig ? Number(view.getBigUint64(at, little)) : view.getUint16(at, little);
  const tags = new Map<number, number>();
  for (let i = 0; i < Math.min(count, 4096); i++) {
    const entry = at + countBytes + i * entryBytes;
    if (entry + entryBytes > bytes.byteLength) break;
    const isShort = view.getUint16(entry + 2, little) === 3;
    const inline = entry + valueAt;
    // Values that do not fit stand elsewhere.
    const isFar = isShort && view.getUint32(entry + 4, little) * 2 > entryBytes - valueAt;
    const value = isFar ? view.getUint32(inline, little) : inline;
    if (value + 4 > bytes.byteLength) continue;
    tags.set(
      view.getUint16(entry, little),
      isShort ? view.getUint16(value, little) : view.getUint32(value, little),
    );
  }
  return tags;
}
