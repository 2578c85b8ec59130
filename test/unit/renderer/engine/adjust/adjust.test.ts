import { describe, expect, it } from 'vitest';
import { adjustChanges } from '../../../../../renderer/engine/adjust/adjust-layer.ts';
import {
  colourBalance,
  curves,
  gradientMap,
  hueSaturation,
  invert,
  levels,
  type Adjustment,
} from '../../../../../renderer/engine/adjust/adjustments.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { SelectionMask } from '../../../../../renderer/engine/selection/selection-mask.ts';

function adjust(adjustment: Adjustment, rgb: readonly [number, number, number]): number[] {
  const pixels = Uint8Array.of(...rgb, 77);
  adjustment(pixels, 0);
  expect(pixels[3]).toBe(77);
  return [...pixels.subarray(0, 3)];
}

const greys = Array.from({ length: 256 }, (_, i) => [i, i, i] as const);

describe('adjustments', () => {
  it('invert twice is nothing', () => {
    expect(adjust(invert(), [0, 100, 255])).toEqual([255, 155, 0]);
  });

  it('levels spread, clip and bend', () => {
    expect(adjust(levels(0, 1, 1), [3, 99, 255])).toEqual([3, 99, 255]);
    expect(adjust(levels(0.2, 0.6, 1), [51, 102, 153])).toEqual([0, 128, 255]);
    // Gamma 2 takes a quarter to a half.
    expect(adjust(levels(0, 1, 2), [64, 64, 64])[0]).toBe(Math.round(255 * Math.sqrt(64 / 255)));
    expect(adjust(levels(0, 1, 1, 1, 0), [0, 10, 255])).toEqual([255, 245, 0]);
    expect(adjust(levels(0.5, 0.5, 1), [100, 127, 200])).toEqual([0, 0, 255]);
  });

  it('curves that are straight change nothing; one for a channel changes that one', () => {
    const straight = [
      [0, 0],
      [1, 1],
    ] as const;
    for (const grey of greys) expect(adjust(curves(straight), grey)).toEqual([...grey]);
    const [r, g, b] = adjust(
      curves(straight, [
        [0, 1],
        [1, 0],
      ]),
      [40, 40, 40],
    ) as [number, number, number];
    expect([r, g, b]).toEqual([215, 40, 40]);
  });

  it('hue and saturation keep greys grey and turn primaries into each other', () => {
    expect(adjust(hueSaturation(120, 0, 0), [255, 0, 0])).toEqual([0, 255, 0]);
    expect(adjust(hueSaturation(-120, 0, 0), [255, 0, 0])).toEqual([0, 0, 255]);
    expect(adjust(hueSaturation(0, -1, 0), [200, 40, 90])).toEqual([200, 200, 200]);
    for (const grey of greys) expect(adjust(hueSaturation(77, 0.5, 0), grey)).toEqual([...grey]);
    expect(adjust(hueSaturation(0, 0, 1), [1, 2, 3])).toEqual([255, 255, 255]);
    expect(adjust(hueSaturation(0, 0, -0.5), [200, 100, 0])).toEqual([100, 50, 0]);
  });

  it('colour balance moves each tone most where it is at home', () => {
    const none = [0, 0, 0] as const;
    const warm = colourBalance({ shadows: none, midtones: [0.4, 0, -0.4], highlights: none });
    const shift = (value: number): number => adjust(warm, [value, value, value])[0]! - value;
    expect(shift(128)).toBeGreaterThan(30);
    expect(shift(0)).toBe(0);
    expect(shift(255)).toBe(0);
    expect(adjust(warm, [128, 128, 128])[1]).toBe(128);
    const shadows = colourBalance({ shadows: [0.5, 0, 0], midtones: none, highlights: none });
    expect(adjust(shadows, [0, 0, 0])[0]).toBeGreaterThan(adjust(shadows, [200, 0, 0])[0]! - 200);
  });

  it('gradient maps go from the first stop to the last by lightness', () => {
    const map = gradientMap([
      [10, 20, 30],
      [200, 0, 0],
      [255, 250, 240],
    ]);
    expect(adjust(map, [0, 0, 0])).toEqual([10, 20, 30]);
    expect(adjust(map, [255, 255, 255])).toEqual([255, 250, 240]);
    expect(adjust(gradientMap([[1, 2, 3]]), [9, 99, 200])).toEqual([1, 2, 3]);
  });
});

describe('adjusting a layer', () => {
  it('changes what is selected by as much as it is, alpha never, and is undone', () => {
    const document = new PaintDocument(256, 256, [layerRecord({ id: 'a' })]);
    const tile = Uint8Array.from({ length: 262144 }, (_, i) => [100, 0, 0, i < 131072 ? 200 : 0][i & 3]!);
    document.apply([{ type: 'tiles', layerId: 'a', tiles: [{ x: 0, y: 0, data: tile }] }]);
    const mask = new SelectionMask({ x: 0, y: 0, width: 2, height: 1 }, Uint8Array.of(255, 128));
    const back = document.apply(adjustChanges(document, 'a', invert(), mask));
    const after = document.layers.get('a').tiles.get(0, 0)!;
    expect([...after.subarray(0, 12)]).toEqual([155, 255, 255, 200, 128, 128, 128, 200, 100, 0, 0, 200]);
    document.apply(back);
    expect(document.layers.get('a').tiles.get(0, 0)).toBe(tile);
    document.apply(adjustChanges(document, 'a', invert(), null));
    expect([...document.layers.get('a').tiles.get(0, 0)!.subarray(131072, 131076)]).toEqual([100, 0, 0, 0]);
    expect(adjustChanges(document, 'a', levels(0, 1, 1), null)).toEqual([]);
  });
});
