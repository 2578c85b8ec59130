import { FormatError, MAX_EDGE } from '../../../renderer/engine/formats/picture-file.ts';

/** What deflate can make of a byte at most (zlib's documentation). */
const EXPANSION = 1032;
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Refuses a PNG whose header claims more pixels than its bytes could become, before anything makes room for them
 * (PNG specification, third edition, section 11.2.1). Other files pass.
 * @throws FormatError
 */
export function checkPngClaim(bytes: Uint8Array): void {
  if (bytes.byteLength < 33 || bytes[0] !== 0x89 || bytes[1] !== 0x50) return;
  const header = view(bytes);
  const width = header.getUint32(16);
  const height = header.getUint32(20);
  if (width < 1 || height < 1 || width > MAX_EDGE || height > MAX_EDGE)
    throw new FormatError(`It is ${width} × ${height} pixels; a canvas here has edges of 1 to ${MAX_EDGE}.`);
  const bits = (bytes[24] as number) * (CHANNELS[bytes[25] as number] ?? 1);
  if ((width * height * bits) / 8 > bytes.byteLength * EXPANSION) {
    throw new FormatError(
      `${width} × ${height} pixels cannot come out of ${bytes.byteLength} bytes; the file is cut short or damaged.`,
    );
  }
}

/** Frames of an animated PNG, whose first one is what other readers show (section 11.3.6.1, acTL); 1 of any other file. */
export function pngFrames(bytes: Uint8Array): number {
  const control = pngChunks(bytes).get('acTL');
  return control && control.byteLength >= 4 ? Math.max(1, view(control).getUint32(0)) : 1;
}

/** A PNG's chunks that stand before its picture, the last of each type; none of any other file. */
export function pngChunks(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const chunks = new Map<string, Uint8Array>();
  if (bytes.byteLength < 33 || bytes[0] !== 0x89 || bytes[1] !== 0x50) return chunks;
  const lengths = view(bytes);
  for (let at = 8; at + 12 <= bytes.byteLength;) {
    const length = lengths.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'IDAT') break;
    chunks.set(type, bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return chunks;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
