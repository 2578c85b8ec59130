import { describe, expect, it } from 'vitest';
import { PaintDocument } from '../../../../renderer/engine/document.ts';
import { fillChanges } from '../../../../renderer/engine/fill/paint-mask.ts';
import { layerRecord } from '../../../../renderer/engine/layers/layer-record.ts';
import { outlineMask } from '../../../../renderer/engine/selection/outline-mask.ts';
import { selectLike } from '../../../../renderer/engine/selection/wand.ts';
import { readRegion } from '../../../../renderer/engine/tiles/region.ts';
import { reachOfLike } from '../../../../renderer/tools/selection/find-like.ts';
import { useTools } from '../../../../renderer/state/tool-store.ts';

const canvas = { x: 0, y: 0, width: 120, height: 120 };
const MIDDLE = 60;
const RADIUS = 40;
const BLACK = [0, 0, 0] as const;

/** The lightest pixel between the middle of an outlined disc and the middle of its outline, after the disc is filled. */
function lightest(expand: number): number {
  const document = new PaintDocument(120, 120, [layerRecord({ id: 'a' })]);
  const ring = Array.from({ length: 90 }, (_, i) => ({
    x: MIDDLE + RADIUS * Math.cos((i / 45) * Math.PI),
    y: MIDDLE + RADIUS * Math.sin((i / 45) * Math.PI),
  }));
  document.apply(fillChanges(document, 'a', outlineMask(ring, true, 6, canvas), BLACK, 1, 'pixels'));
  const read = (rect: typeof canvas): Uint8ClampedArray<ArrayBuffer> =>
    readRegion(document.layers.get('a').tiles, rect);
  const like = selectLike(
    read,
    canvas,
    { x: MIDDLE, y: MIDDLE },
    { tolerance: 32, contiguous: true, closeGaps: 0 },
  );
  const area = reachOfLike(like, expand, true, canvas);
  document.apply(fillChanges(document, 'a', area, BLACK, 1, 'pixels'));
  const pixels = read(canvas);
  let least = 255;
  for (let y = 0; y < 120; y++)
    for (let x = 0; x < 120; x++)
      if (Math.hypot(x + 0.5 - MIDDLE, y + 0.5 - MIDDLE) < RADIUS)
        least = Math.min(least, pixels[(y * 120 + x) * 4 + 3]!);
  return 255 - least;
}

describe('the bucket', () => {
  it('leaves no hairline along an outline of its colour, as it is set at first; the wand selects what is there', () => {
    expect(lightest(0)).toBeGreaterThan(20);
    expect(lightest(useTools.getInitialState().bucket.expand)).toBeLessThan(3);
    expect(useTools.getInitialState().like.expand).toBe(0);
  });
});
