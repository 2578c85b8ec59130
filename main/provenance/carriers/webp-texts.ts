import { exifTexts } from './exif-texts.ts';
import { MAX_ENTRIES, MAX_TEXT_BYTES, type TextEntry, utf8OrLatin1 } from './text-entry.ts';

/** True for bytes that begin as a WebP file does. */
export function isWebp(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  return head.startsWith('RIFF') && head.endsWith('WEBP');
}

/** The texts of a WebP: its EXIF and XMP chunks (RFC 9649, §2.7.1.5). */
export function webpTexts(webp: Uint8Array): TextEntry[] {
  const found: TextEntry[] = [];
  const view = new DataView(webp.buffer, webp.byteOffset, webp.byteLength);
  for (let at = 12; at + 8 <= webp.byteLength && found.length < MAX_ENTRIES;) {
    const type = Buffer.from(webp.subarray(at, at + 4)).toString('latin1');
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > webp.byteLength) break;
    const data = webp.subarray(at + 8, at + 8 + length);
    // Chunks begin at even offsets.
    at += 8 + length + (length % 2);
    if (length > MAX_TEXT_BYTES) continue;
    if (type === 'EXIF') found.push(...exifTexts(data, 'WebP EXIF'));
    if (type === 'XMP ') found.push({ name: 'xmp', text: utf8OrLatin1(data), source: 'WebP XMP' });
  }
  return found;
}
