import { describe, expect, it } from 'vitest';
import { brushWith } from '../../../../../renderer/engine/brush/brush.ts';
import { BRUSH_PRESETS } from '../../../../../renderer/engine/brush/presets.ts';
import { beginStroke } from '../../../../../renderer/engine/brush/stroke.ts';
import { wetCover } from '../../../../../renderer/engine/brush/wet-edge.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { readRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { brushSchema } from '../../../../../preload/contract/brushes.ts';

/** Alpha across the middle of a stroke that goes over a border of tiles, from above it to below. */
function across(brush: Parameters<typeof beginStroke>[2], pressure: number, batch: number): number[] {
  const document = new PaintDocument(512, 320, [layerRecord({ id: 'a', name: 'Ink' })]);
  const stroke = beginStroke(document, 'a', brush, [30, 70, 160]);
  const samples = Array.from({ length: 90 }, (_, i) => ({
    x: 60 + 4 * i,
    y: 256,
    pressure,
    tiltX: 0,
    tiltY: 0,
    twist: 0,
    time: 8 * i,
  }));
  for (let i = 0; i < samples.length; i += batch) stroke.extend(samples.slice(i, i + batch));
  document.apply(stroke.commit());
  const pixels = readRegion(document.layers.get('a').tiles, document.canvas);
  return Array.from({ length: 160 }, (_, y) => pixels[4 * ((176 + y) * 512 + 256) + 3] ?? 0);
}

describe('a wet edge', () => {
  const wash = brushWith({ size: 80, hardness: 0.6, flow: 0.5, opacity: 0.9, stabiliser: 0 });

  it('leaves thin paint as it is and thins full paint, without a step between', () => {
    expect(wetCover(0.2, 0.9, 1)).toBe(0.2);
    expect(wetCover(0.9, 0.9, 0)).toBe(0.9);
    expect(wetCover(0.9, 0.9, 1)).toBeLessThan(0.3);
    for (let cover = 0; cover < 0.9; cover += 0.001)
      expect(Math.abs(wetCover(cover + 0.001, 0.9, 1) - wetCover(cover, 0.9, 1))).toBeLessThan(0.003);
  });

  it('makes both rims of a stroke darker than its middle, whose colour is even', () => {
    const wet = across({ ...wash, wetEdge: 0.9 }, 1, 10);
    const middle = wet[80] as number;
    expect(Math.max(...wet.slice(40, 60))).toBeGreaterThan(middle * 1.4);
    expect(Math.max(...wet.slice(100, 120))).toBeGreaterThan(middle * 1.4);
    for (const value of wet.slice(72, 88)) expect(Math.abs(value - middle)).toBeLessThanOrEqual(2);
  });

  it('leaves no rim at 0', () => {
    const dry = across(wash, 1, 10);
    expect(Math.max(...dry)).toBe(dry[80]);
  });

  it('is the same however the readings come', () => {
    expect(across({ ...wash, wetEdge: 0.9 }, 1, 90)).toEqual(across({ ...wash, wetEdge: 0.9 }, 1, 1));
  });

  it.each([0.3, 0.6, 1])('watercolour that ships has a rim at a pressure of %d', (pressure) => {
    const watercolour = BRUSH_PRESETS.find(({ id }) => id === 'watercolour')!;
    const shown = across({ ...watercolour, grain: null }, pressure, 10);
    const middle = shown[80] as number;
    expect(Math.max(...shown.slice(0, 76))).toBeGreaterThan(middle * 1.25);
  });

  it('is none in brushes that were kept before there was one', () => {
    const { wetEdge: _, ...kept } = brushWith({});
    expect(brushSchema.parse(kept).wetEdge).toBe(0);
  });
});
