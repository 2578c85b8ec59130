import { gunzipSync } from 'node:zlib';
import type { Raster } from '../../../preload/contract/index.ts';
import { MAX_TEXT_BYTES, type TextEntry } from './text-entry.ts';

const SIGNATURE_BYTES = 15;

/**
 * Text in the lowest bits of the alpha channel, column by column from the left, each column downwards, the highest bit
 * of a byte first: a signature of 15 bytes, `stealth_pnginfo` or `stealth_pngcomp` (gzip), the number of bits as a
 * big-endian 32-bit number, then the text (ashen-sensored's stealth PNG info, which NovelAI writes).
 *
 * @returns null for a picture without such a text.
 */
export function stealthText({ width, height, rgba }: Raster): TextEntry | null {
  const bitCount = width * height;
  const byteAt = (index: number): number => {
    let byte = 0;
    for (let bit = index * 8; bit < index * 8 + 8; bit++) {
      const pixel = (bit % height) * width + Math.floor(bit / height);
      byte = (byte << 1) | ((rgba[pixel * 4 + 3] ?? 0) & 1);
    }
    return byte;
  };
  const bytes = (from: number, count: number): Uint8Array =>
    Uint8Array.from({ length: count }, (_, i) => byteAt(from + i));
  if (bitCount < (SIGNATURE_BYTES + 4) * 8) return null;
  const signature = Buffer.from(bytes(0, SIGNATURE_BYTES)).toString('latin1');
  if (signature !== 'stealth_pnginfo' && signature !== 'stealth_pngcomp') return null;
  const length = new DataView(bytes(SIGNATURE_BYTES, 4).buffer).getUint32(0) / 8;
  const held = Math.floor(bitCount / 8) - SIGNATURE_BYTES - 4;
  if (!Number.isInteger(length) || length > held || length > MAX_TEXT_BYTES) return null;
  const body = bytes(SIGNATURE_BYTES + 4, length);
  try {
    const plain =
      signature === 'stealth_pngcomp' ? gunzipSync(body, { maxOutputLength: MAX_TEXT_BYTES }) : body;
    const text = new TextDecoder('utf-8', { fatal: true }).decode(plain);
    return { name: 'stealth', text, source: `alpha channel (${signature})` };
  } catch {
    return null;
  }
}
