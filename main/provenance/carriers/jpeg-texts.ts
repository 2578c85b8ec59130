import { exifTexts } from './exif-texts.ts';
import { MAX_ENTRIES, type TextEntry, utf8OrLatin1 } from './text-entry.ts';

const XMP = 'http://ns.adobe.com/xap/1.0/\0';

/** True for bytes that begin as a JPEG file does. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** The texts of a JPEG: EXIF and XMP in APP1, and comments (ITU-T T.81 Annex B; XMP specification part 3, §1.1.3). */
export function jpegTexts(jpeg: Uint8Array): TextEntry[] {
  const found: TextEntry[] = [];
  for (let at = 2; at + 4 <= jpeg.byteLength && found.length < MAX_ENTRIES;) {
    if (jpeg[at] !== 0xff) break;
    const marker = jpeg[at + 1] ?? 0;
    // Picture data begins: no texts follow.
    if (marker === 0xda || marker === 0xd9) break;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = ((jpeg[at + 2] ?? 0) << 8) | (jpeg[at + 3] ?? 0);
    if (length < 2 || at + 2 + length > jpeg.byteLength) break;
    const data = jpeg.subarray(at + 4, at + 2 + length);
    at += 2 + length;
    if (marker === 0xfe) found.push({ name: 'comment', text: utf8OrLatin1(data), source: 'JPEG comment' });
    if (marker !== 0xe1) continue;
    const head = Buffer.from(data.subarray(0, XMP.length)).toString('latin1');
    if (head === XMP) {
      found.push({ name: 'xmp', text: utf8OrLatin1(data.subarray(XMP.length)), source: 'JPEG XMP' });
    } else found.push(...exifTexts(data, 'JPEG EXIF'));
  }
  return found;
}
