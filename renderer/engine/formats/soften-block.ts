import type { Rect } from '../geometry/rect.ts';
import { SoftMask } from '../mask/soft-mask.ts';
import { maskFormat, tileKey, tileRange } from '../tiles/tile.ts';
import { cutTiles, joinTiles } from './cut-tiles.ts';
import type { MaskBlock } from './picture-file.ts';

/**
 * A mask's values on the whole canvas with its feather in them.
 * @param outside 0..1 beyond the block.
 * @param feather standard deviation in pixels, above 0.
 */
export function softenBlock(
  block: MaskBlock,
  outside: number,
  feather: number,
  size: { readonly width: number; readonly height: number },
): MaskBlock {
  const canvas: Rect = { x: 0, y: 0, width: size.width, height: size.height };
  const format = maskFormat(block.data instanceof Uint8Array ? 8 : 16);
  const stored = Math.round(outside * format.maximum);
  const tiles = new Map([...cutTiles(block, format, stored)].map(({ x, y, data }) => [tileKey(x, y), data]));
  const soft = new SoftMask({ format, get: (tx, ty) => tiles.get(tileKey(tx, ty)) }, stored, canvas, feather);
  const range = tileRange(canvas);
  function* made(): Generator<{ x: number; y: number; data: Uint8Array }> {
    for (let y = range.y0; y < range.y1; y++) {
      for (let x = range.x0; x < range.x1; x++) {
        const data = soft.get(x, y);
        if (data) yield { x, y, data };
      }
    }
  }
  return { ...canvas, data: joinTiles(made(), canvas, format, stored) };
}
