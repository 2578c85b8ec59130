import { describe, expect, it } from 'vitest';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { readRegion, writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import {
  compose,
  rotation,
  scaling,
  translation,
  type Affine,
} from '../../../../../renderer/engine/transform/affine.ts';
import { transformChanges } from '../../../../../renderer/engine/transform/transform-layer.ts';
import { seeded } from '../compositor/random-document.ts';

const SQUARE = { x: 100, y: 80, width: 90, height: 70 };

function painted(pixels: (i: number) => number): PaintDocument {
  const document = new PaintDocument(600, 500, [layerRecord({ id: 'a' })]);
  const bytes = Uint8Array.from({ length: SQUARE.width * SQUARE.height * 4 }, (_, i) => pixels(i));
  document.apply([
    { type: 'tiles', layerId: 'a', tiles: writeRegion(document.layers.get('a'), SQUARE, bytes) },
  ]);
  return document;
}

const random = seeded(8);
/** Colour where there is no alpha is not kept, so there is some everywhere. */
const noise = (i: number): number => Math.floor(random() * 255) + ((i & 3) === 3 ? 1 : 0);
const red = (i: number): number => [255, 0, 0, 255][i & 3]!;
const about = (map: Affine): Affine => compose(translation(145, 115), compose(map, translation(-145, -115)));
const transform = (document: PaintDocument, map: Affine, sampling: 'nearest' | 'bicubic' = 'bicubic') =>
  document.apply(transformChanges(document, 'a', map, sampling));
const read = (document: PaintDocument, rect = document.canvas): Uint8ClampedArray =>
  readRegion(document.layers.get('a').tiles, rect);

const same = (a: Uint8ClampedArray, b: Uint8ClampedArray): boolean => Buffer.from(a).equals(Buffer.from(b));

function area(document: PaintDocument): number {
  return read(document).reduce((sum, value, i) => ((i & 3) === 3 ? sum + value / 255 : sum), 0);
}

describe('transforming a layer', () => {
  it('moves by whole pixels without changing a bit, beyond the canvas and back', () => {
    const document = painted(noise);
    const before = read(document, SQUARE);
    transform(document, translation(-250, 333));
    expect(same(read(document, { ...SQUARE, x: -150, y: 413 }), before)).toBe(true);
    transform(document, translation(250, -333));
    expect(same(read(document, SQUARE), before)).toBe(true);
  });

  it('turns by quarters and mirrors exactly, pixel for pixel', () => {
    const document = painted(noise);
    const before = read(document);
    transform(document, about({ ...scaling(-1, 1) }), 'nearest');
    expect(same(read(document), before)).toBe(false);
    transform(document, about({ ...scaling(-1, 1) }), 'nearest');
    expect(same(read(document), before)).toBe(true);
    for (let i = 0; i < 4; i++) transform(document, about({ a: 0, b: 1, c: -1, d: 0, e: 0, f: 0 }));
    expect(same(read(document), before)).toBe(true);
  });

  it.each<[string, Affine, number]>([
    ['larger', scaling(1.7, 2.3), 1.7 * 2.3],
    ['smaller', scaling(0.31, 0.27), 0.31 * 0.27],
    ['turned', rotation(0.7), 1],
    ['sheared', { a: 1, b: 0.4, c: 0.2, d: 1, e: 0, f: 0 }, 1 - 0.08],
  ])('keeps colour and area when %s', (_, map, factor) => {
    const document = painted(red);
    transform(document, about(map));
    expect(Math.abs(area(document) / (90 * 70 * factor) - 1)).toBeLessThan(0.01);
    const pixels = read(document);
    for (let i = 0; i < pixels.length; i += 4) {
      if (pixels[i + 3]! > 0 && (pixels[i] !== 255 || pixels[i + 1] !== 0))
        expect.fail(`a fringe at ${i / 4}`);
    }
  });

  it('comes back close to what it was after a turn and its inverse', () => {
    const document = painted((i) =>
      (i & 3) === 3 ? 255 : Math.round(127 + 120 * Math.sin(((i >> 2) % 90) / 12)),
    );
    const before = read(document, { x: 120, y: 95, width: 50, height: 40 });
    transform(document, about(rotation(0.4)));
    transform(document, about(rotation(-0.4)));
    const after = read(document, { x: 120, y: 95, width: 50, height: 40 });
    const mean = before.reduce((sum, value, i) => sum + Math.abs(value - after[i]!), 0) / before.length;
    expect(mean).toBeLessThan(3);
  });

  it('is undone bit for bit, empties what it leaves, and refuses what it cannot do', () => {
    const document = painted(noise);
    const before = read(document);
    const back = transform(document, about(rotation(1)));
    document.apply(back);
    expect(same(read(document), before)).toBe(true);
    transform(document, translation(512, 256));
    expect([...document.layers.get('a').tiles.entries()].every((tile) => tile.x >= 2)).toBe(true);
    expect(() => transformChanges(document, 'a', scaling(1e4, 1e4), 'bicubic')).toThrowError(
      expect.objectContaining({ code: 'invalid-size' }),
    );
    expect(() => transformChanges(document, 'a', translation(Number.NaN, 0), 'bicubic')).toThrowError(
      expect.objectContaining({ code: 'invalid-value' }),
    );
    transform(document, scaling(0, 1));
    expect(document.layers.get('a').tiles.size).toBe(0);
  });
});
