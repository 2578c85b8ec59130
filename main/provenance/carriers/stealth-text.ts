import { gunzipSync } from 'node:zlib';
import type { Raster } from '../../../preload/contract/index.ts';
import { MAX_TEXT_BYTES, type TextEntry } from './text-entry.ts';

const SIGNATURE_BYTES = 15;

/** Which channels hold the bits of each kind of text, by its signature. */
const ALPHA = [3] as const;
const COLOURS = [0, 1, 2] as const;
const KINDS = [
  { signature: 'stealth_pnginfo', channels: ALPHA, packed: false, where: 'alpha channel' },
  { signature: 'stealth_pngcomp', channels: ALPHA, packed: true, where: 'alpha channel' },
  { signature: 'stealth_rgbinfo', channels: COLOURS, packed: false, where: 'lowest bits of the colours' },
  { signature: 'stealth_rgbcomp', channels: COLOURS, packed: true, where: 'lowest bits of the colours' },
] as const;

/**
 * Text in the lowest bits of the alpha channel, or of red, green and blue in turn, column by column from the left, each column
 * downwards, the highest bit of a byte first: a signature of 15 bytes, `stealth_pnginfo` or `stealth_rgbinfo`, with `comp` in
 * place of `info` for gzip, the number of bits as a big-endian 32-bit number, then the text (ashen-sensored's stealth PNG
 * info, which NovelAI writes).
 *
 * @returns null for a picture without such a text.
 */
export function stealthText(raster: Raster): TextEntry | null {
  return hidden(raster, ALPHA) ?? hidden(raster, COLOURS);
}

function hidden({ width, height, rgba }: Raster, channels: readonly number[]): TextEntry | null {
  const bitCount = width * height * channels.length;
  const byteAt = (index: number): number => {
    let byte = 0;
    for (let bit = index * 8; bit < index * 8 + 8; bit++) {
      const place = Math.floor(bit / channels.length);
      const pixel = (place % height) * width + Math.floor(place / height);
      byte = (byte << 1) | ((rgba[pixel * 4 + (channels[bit % channels.length] ?? 0)] ?? 0) & 1);
    }
    return byte;
  };
  const bytes = (from: number, count: number): Uint8Array =>
    Uint8Array.from({ length: count }, (_, i) => byteAt(from + i));
  if (bitCount < (SIGNATURE_BYTES + 4) * 8) return null;
  const signature = Buffer.from(bytes(0, SIGNATURE_BYTES)).toString('latin1');
  const kind = KINDS.find((each) => each.signature === signature && each.channels.length === channels.length);
  if (kind === undefined) return null;
  const length = new DataView(bytes(SIGNATURE_BYTES, 4).buffer).getUint32(0) / 8;
  const held = Math.floor(bitCount / 8) - SIGNATURE_BYTES - 4;
  if (!Number.isInteger(length) || length > held || length > MAX_TEXT_BYTES) return null;
  const body = bytes(SIGNATURE_BYTES + 4, length);
  try {
    const plain = kind.packed ? gunzipSync(body, { maxOutputLength: MAX_TEXT_BYTES }) : body;
    const text = new TextDecoder('utf-8', { fatal: true }).decode(plain);
    return { name: 'stealth', text, source: `${kind.where} (${signature})` };
  } catch {
    return null;
  }
}
