import { inflateSync } from 'node:zlib';
import { exifTexts } from './exif-texts.ts';
import { MAX_ENTRIES, MAX_TEXT_BYTES, type TextEntry, utf8OrLatin1 } from './text-entry.ts';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** True for bytes that begin as a PNG file does. */
export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => bytes[index] === byte);
}

/**
 * The texts of a PNG: `tEXt`, `zTXt`, `iTXt` and `eXIf` (PNG specification, third edition, §11.3.3 and §11.3.4.4).
 * A chunk that is cut off or cannot be inflated is left out, and with it what follows a broken length.
 */
export function pngTexts(png: Uint8Array): TextEntry[] {
  const found: TextEntry[] = [];
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = SIGNATURE.length; at + 12 <= png.byteLength && found.length < MAX_ENTRIES;) {
    const length = view.getUint32(at);
    if (at + 12 + length > png.byteLength) break;
    const type = Buffer.from(png.subarray(at + 4, at + 8)).toString('latin1');
    const data = png.subarray(at + 8, at + 8 + length);
    at += 12 + length;
    if (data.byteLength > MAX_TEXT_BYTES) continue;
    if (type === 'eXIf') found.push(...exifTexts(data, 'PNG eXIf'));
    const entry = TEXT_CHUNKS[type]?.(data);
    if (entry) found.push({ ...entry, source: `PNG ${type} "${entry.name}"` });
  }
  return found;
}

type ReadChunk = (data: Uint8Array) => { name: string; text: string } | null;

const TEXT_CHUNKS: Readonly<Record<string, ReadChunk | undefined>> = {
  tEXt(data) {
    const [name, rest] = splitAtNul(data);
    return rest && { name, text: utf8OrLatin1(rest) };
  },
  zTXt(data) {
    const [name, rest] = splitAtNul(data);
    if (!rest || rest[0] !== 0) return null;
    const inflated = inflate(rest.subarray(1));
    return inflated && { name, text: utf8OrLatin1(inflated) };
  },
  iTXt(data) {
    const [name, rest] = splitAtNul(data);
    if (!rest) return null;
    const [, afterLanguage] = splitAtNul(rest.subarray(2));
    const [, body] = afterLanguage ? splitAtNul(afterLanguage) : [];
    if (!body) return null;
    const bytes = rest[0] === 1 ? inflate(body) : body;
    return bytes && { name, text: utf8OrLatin1(bytes) };
  },
};

function splitAtNul(data: Uint8Array): [before: string, after: Uint8Array | null] {
  const nul = data.indexOf(0);
  if (nul < 0) return ['', null];
  return [Buffer.from(data.subarray(0, nul)).toString('latin1'), data.subarray(nul + 1)];
}

function inflate(bytes: Uint8Array): Uint8Array | null {
  try {
    return inflateSync(bytes, { maxOutputLength: MAX_TEXT_BYTES });
  } catch {
    return null;
  }
}
