import { EngineError } from '../error.ts';
import type { Rect } from '../geometry/rect.ts';
import type { TilePixels } from '../tiles/tile.ts';
import { SelectionMask } from './selection-mask.ts';

/**
 * Selects by colour wherever it occurs, softly: wholly what equals one of the colours, less the more a pixel differs, and
 * nothing from a difference of `fuzziness` on; transparent pixels by as much as they show.
 * @param pixels RGBA8 straight of `rect`.
 * @param colours channels 0..255; the nearest counts.
 * @param fuzziness largest distance in RGB that still selects something, 1..442 (the diagonal of the cube).
 * @throws EngineError `invalid-size` when the pixels do not fit the rectangle.
 */
export function selectColourRange(
  pixels: TilePixels,
  rect: Rect,
  colours: readonly (readonly [number, number, number])[],
  fuzziness: number,
): SelectionMask {
  if (pixels.length !== rect.width * rect.height * 4) {
    throw new EngineError(
      'invalid-size',
      `${pixels.length} bytes are not ${rect.width} × ${rect.height} pixels.`,
    );
  }
  const reach = Math.max(1, fuzziness);
  const out = new Uint8Array(rect.width * rect.height);
  for (let i = 0, p = 0; i < out.length; i++, p += 4) {
    const alpha = pixels[p + 3] as number;
    if (alpha === 0) continue;
    let nearest = Infinity;
    for (const [red, green, blue] of colours) {
      const distance =
        ((pixels[p] as number) - red) ** 2 +
        ((pixels[p + 1] as number) - green) ** 2 +
        ((pixels[p + 2] as number) - blue) ** 2;
      if (distance < nearest) nearest = distance;
    }
    const share = 1 - Math.sqrt(nearest) / reach;
    if (share > 0) out[i] = Math.round(share * alpha);
  }
  return new SelectionMask(rect, out);
}
