import { tileSamples, type PixelFormat } from './tile.ts';

/**
 * A tile in another depth with the same channels: 8 to 16 bits multiplies by 257, which is exact; 16 to 8 rounds to the
 * nearest value, so that going there and back leaves 8-bit pixels as they were.
 * @returns the same array when nothing has to be done.
 */
export function convertTile(data: Uint8Array, from: PixelFormat, to: PixelFormat): Uint8Array {
  if (from.depth === to.depth) return data;
  const source = tileSamples(data, from);
  const bytes = new Uint8Array(to.tileBytes);
  const target = tileSamples(bytes, to);
  if (to.depth === 16) for (let i = 0; i < source.length; i++) target[i] = (source[i] as number) * 257;
  else for (let i = 0; i < source.length; i++) target[i] = ((source[i] as number) / 257 + 0.5) | 0;
  return bytes;
}
