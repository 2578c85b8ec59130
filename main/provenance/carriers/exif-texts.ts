import { MAX_TEXT_BYTES, type TextEntry, utf8OrLatin1 } from './text-entry.ts';

/** Tags that programs put recipes into (EXIF 2.32, §4.6; ComfyUI writes its JSON into Make and Model of WebP files). */
const TAGS: Readonly<Record<number, string>> = {
  0x010e: 'ImageDescription',
  0x010f: 'Make',
  0x0110: 'Model',
  0x0131: 'Software',
  0x927c: 'MakerNote',
  0x9286: 'UserComment',
  0x9c9c: 'XPComment',
};
const EXIF_IFD = 0x8769;
/** Bytes of one value of each TIFF type that text comes in: BYTE, ASCII, UNDEFINED. */
const BYTE_TYPES: ReadonlySet<number> = new Set([1, 2, 7]);
/** More entries than any camera writes; a file that says more is not believed. */
const MAX_FIELDS = 512;

/**
 * The texts of an EXIF block, with or without the `Exif\0\0` before it.
 * `UserComment` is read by its character code: ASCII, UNICODE (UTF-16, of either byte order) or none.
 */
export function exifTexts(block: Uint8Array, where: string): TextEntry[] {
  const tiff = startsWith(block, 'Exif\0\0') ? block.subarray(6) : block;
  const little = startsWith(tiff, 'II');
  if (tiff.byteLength < 8 || (!little && !startsWith(tiff, 'MM'))) return [];
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (view.getUint16(2, little) !== 42) return [];
  const found: TextEntry[] = [];
  const directories = [view.getUint32(4, little)];
  // The first directory and the one that it points to: no file is walked in circles.
  for (let walked = 0; walked < 2; walked++) {
    const at = directories[walked];
    if (at === undefined || at + 2 > tiff.byteLength) break;
    const count = Math.min(view.getUint16(at, little), MAX_FIELDS);
    for (let i = 0; i < count && at + 2 + (i + 1) * 12 <= tiff.byteLength; i++) {
      const field = at + 2 + i * 12;
      const tag = view.getUint16(field, little);
      if (tag === EXIF_IFD) directories.push(view.getUint32(field + 8, little));
      const name = TAGS[tag];
      const length = view.getUint32(field + 4, little);
      if (name === undefined || !BYTE_TYPES.has(view.getUint16(field + 2, little))) continue;
      const start = length <= 4 ? field + 8 : view.getUint32(field + 8, little);
      if (length > MAX_TEXT_BYTES || start + length > tiff.byteLength) continue;
      const text = decode(name, tiff.subarray(start, start + length), little);
      found.push({ name, text, source: `${where} ${name}` });
    }
  }
  return found;
}

function decode(name: string, bytes: Uint8Array, little: boolean): string {
  if (name === 'XPComment') return trimNul(new TextDecoder('utf-16le').decode(bytes));
  if (name !== 'UserComment') return trimNul(utf8OrLatin1(bytes));
  const body = bytes.subarray(8);
  if (startsWith(bytes, 'UNICODE\0')) return trimNul(utf16(body, little));
  if (startsWith(bytes, 'ASCII\0\0\0') || startsWith(bytes, '\0\0\0\0\0\0\0\0')) {
    return trimNul(utf8OrLatin1(body));
  }
  return trimNul(utf8OrLatin1(bytes));
}

/**
 * UTF-16 by its mark, else by where the zero bytes of its Western letters are, else by the block's byte order: piexif
 * writes big-endian text into little-endian blocks.
 */
function utf16(bytes: Uint8Array, little: boolean): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const zeros = [...bytes.subarray(0, 4096).entries()].filter(([, byte]) => byte === 0);
  const odd = zeros.filter(([index]) => index % 2 === 1).length;
  const even = zeros.length - odd;
  const isLittle = even === odd ? little : odd > even;
  return new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(bytes);
}

function trimNul(text: string): string {
  return text.replace(/\0+$/, '');
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;
}
