import { SelectionMask } from '../engine/selection/selection-mask.ts';

/** Longest packed mask that is kept with a job; the settings hold a few hundred of them. */
const MOST_CHARACTERS = 60_000;

/**
 * A mask as text: its rectangle, then its values deflated (RFC 1951) and in base 64. Null when that is too long, as only
 * masks full of noise are: what was painted is then taken whole.
 */
export async function packMask({ rect, data }: SelectionMask): Promise<string | null> {
  const packed = await through(data, new CompressionStream('deflate-raw'));
  let text = '';
  for (let i = 0; i < packed.length; i += 8192) text += String.fromCharCode(...packed.subarray(i, i + 8192));
  const whole = `${rect.x},${rect.y},${rect.width},${rect.height};${btoa(text)}`;
  return whole.length <= MOST_CHARACTERS ? whole : null;
}

/** The mask that was packed; null when the text is none. */
export async function unpackMask(text: string): Promise<SelectionMask | null> {
  const [head = '', body = ''] = text.split(';');
  const [x = NaN, y = NaN, width = NaN, height = NaN] = head.split(',').map(Number);
  try {
    const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
    const data = await through(bytes, new DecompressionStream('deflate-raw'));
    return new SelectionMask({ x, y, width, height }, data);
  } catch {
    return null;
  }
}

async function through(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const whole = new Response(new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(stream));
  return new Uint8Array(await whole.arrayBuffer());
}
