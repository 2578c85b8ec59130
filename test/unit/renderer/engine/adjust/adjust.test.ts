import { describe, expect, it } from 'vitest';
import { compileAdjustment } from '../../../../../renderer/engine/adjust/adjust-colours.ts';
import { adjustChanges } from '../../../../../renderer/engine/adjust/adjust-layer.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import type { AdjustmentSettings } from '../../../../../renderer/engine/layers/adjustment-settings.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { SelectionMask } from '../../../../../renderer/engine/selection/selection-mask.ts';
import { seeded } from '../compositor/random-document.ts';
import type { Colour } from '../compositor/w3c-oracle.ts';
import { adjustOracle } from './adjust-oracle.ts';
import { randomAdjustment } from './random-adjustment.ts';

/** An adjusted 8-bit colour. */
function adjust(settings: AdjustmentSettings, rgb: readonly [number, number, number]): number[] {
  const colours = Float64Array.from(rgb, (value) => value / 255);
  compileAdjustment(settings)(colours, 1);
  return [...colours].map((value) => Math.round(value * 255));
}

const levels = (black: number, white: number, gamma = 1, outBlack = 0, outWhite = 1): AdjustmentSettings => ({
  type: 'levels',
  rgb: { black, white, gamma, outBlack, outWhite },
});
const hue = (degrees: number, saturation = 0, lightness = 0): AdjustmentSettings => ({
  type: 'hue-saturation',
  hue: degrees,
  saturation,
  lightness,
  colorize: false,
});
const greys = Array.from({ length: 256 }, (_, i) => [i, i, i] as const);
const straight = [
  [0, 0],
  [1, 1],
] as const;

describe('adjustments', () => {
  it('equal their definitions in double precision within 1/1000, at random', () => {
    const random = seeded(5);
    let worst = 0;
    for (let round = 0; round < 400; round++) {
      const settings = randomAdjustment(random, true);
      const colours = Float64Array.from({ length: 60 }, () =>
        random() < 0.2 ? Math.round(random()) : random(),
      );
      const before = Float64Array.from(colours);
      compileAdjustment(settings)(colours, 20);
      for (let i = 0; i < 60; i += 3) {
        const want = adjustOracle(settings, [...before.subarray(i, i + 3)] as Colour);
        for (let k = 0; k < 3; k++) worst = Math.max(worst, Math.abs(colours[i + k]! - want[k]!));
      }
    }
    expect(worst).toBeLessThan(1e-3);
  });

  it('levels whose white is no further than their black are a threshold, not a division by nothing', () => {
    const settings = levels(0.5, 0.5);
    expect([0, 127, 128, 255].map((grey) => adjust(settings, [grey, grey, grey])[0])).toEqual([
      0, 0, 255, 255,
    ]);
    const colours = Float64Array.of(0.5, 0.5, 0.5);
    compileAdjustment(settings)(colours, 1);
    expect([...colours]).toEqual([0, 0, 0]);
  });

  it('posterize takes a value that rounding left just below a step for the step', () => {
    for (const count of [2, 3, 7, 255]) {
      const colours = Float64Array.from({ length: 3 }, () => Math.fround(1 / count) - 1e-8);
      compileAdjustment({ type: 'posterize', levels: count })(colours, 1);
      expect(colours[0]).toBeCloseTo(1 / (count - 1), 6);
    }
  });

  it('invert twice is nothing', () => {
    expect(adjust({ type: 'invert' }, [0, 100, 255])).toEqual([255, 155, 0]);
  });

  it('levels spread, clip and bend', () => {
    expect(adjust(levels(0, 1), [3, 99, 255])).toEqual([3, 99, 255]);
    expect(adjust(levels(0.2, 0.6), [51, 102, 153])).toEqual([0, 128, 255]);
    // Gamma 2 takes a quarter to a half.
    expect(adjust(levels(0, 1, 2), [64, 64, 64])[0]).toBe(Math.round(255 * Math.sqrt(64 / 255)));
    expect(adjust(levels(0, 1, 1, 1, 0), [0, 10, 255])).toEqual([255, 245, 0]);
    expect(adjust(levels(0.5, 0.5), [100, 127, 200])).toEqual([0, 0, 255]);
  });

  it('curves that are straight change nothing; one for a channel changes that one', () => {
    for (const grey of greys) expect(adjust({ type: 'curves', rgb: straight }, grey)).toEqual([...grey]);
    const falling = [
      [0, 1],
      [1, 0],
    ] as const;
    expect(adjust({ type: 'curves', rgb: straight, red: falling }, [40, 40, 40])).toEqual([215, 40, 40]);
  });

  it('hue and saturation keep greys grey and turn primaries into each other', () => {
    expect(adjust(hue(120), [255, 0, 0])).toEqual([0, 255, 0]);
    expect(adjust(hue(-120), [255, 0, 0])).toEqual([0, 0, 255]);
    expect(adjust(hue(0, -1), [200, 40, 90])).toEqual([120, 120, 120]);
    for (const grey of greys) expect(adjust(hue(77, 0.5), grey)).toEqual([...grey]);
    expect(adjust(hue(0, 0, 1), [1, 2, 3])).toEqual([255, 255, 255]);
    expect(adjust(hue(0, 0, -0.5), [200, 100, 0])).toEqual([100, 50, 0]);
  });
});

describe('adjusting a layer', () => {
  const invert: AdjustmentSettings = { type: 'invert' };

  it('changes what is selected by as much as it is, alpha never, and is undone', () => {
    const document = new PaintDocument(256, 256, [layerRecord({ id: 'a' })]);
    const tile = Uint8Array.from({ length: 262144 }, (_, i) => [100, 0, 0, i < 131072 ? 200 : 0][i & 3]!);
    document.apply([{ type: 'tiles', layerId: 'a', tiles: [{ x: 0, y: 0, data: tile }] }]);
    const mask = new SelectionMask({ x: 0, y: 0, width: 2, height: 1 }, Uint8Array.of(255, 128));
    const back = document.apply(adjustChanges(document, 'a', invert, mask));
    const after = document.layers.get('a').tiles.get(0, 0)!;
    expect([...after.subarray(0, 12)]).toEqual([155, 255, 255, 200, 128, 128, 128, 200, 100, 0, 0, 200]);
    document.apply(back);
    expect(document.layers.get('a').tiles.get(0, 0)).toBe(tile);
    document.apply(adjustChanges(document, 'a', invert, null));
    expect([...document.layers.get('a').tiles.get(0, 0)!.subarray(131072, 131076)]).toEqual([100, 0, 0, 0]);
    expect(adjustChanges(document, 'a', levels(0, 1), null)).toEqual([]);
  });

  it('keeps 16 bits', () => {
    const document = new PaintDocument(256, 256, [layerRecord({ id: 'a' })], { depth: 16 });
    const deep = new Uint16Array(262144);
    deep.set([1000, 20001, 65535, 60000]);
    document.apply([
      { type: 'tiles', layerId: 'a', tiles: [{ x: 0, y: 0, data: new Uint8Array(deep.buffer) }] },
    ]);
    document.apply(adjustChanges(document, 'a', invert, null));
    const after = new Uint16Array(document.layers.get('a').tiles.get(0, 0)!.buffer);
    expect([...after.subarray(0, 4)]).toEqual([64535, 45534, 0, 60000]);
  });
});
