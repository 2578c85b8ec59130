import { describe, expect, it } from 'vitest';
import {
  applyAffine,
  compose,
  IDENTITY,
  invertAffine,
  rotation,
  scaling,
  translation,
} from '../../../../../renderer/engine/transform/affine.ts';
import { scalePixels } from '../../../../../renderer/engine/transform/scale-pixels.ts';

const close = (point: { x: number; y: number }, x: number, y: number): void => {
  expect(point.x).toBeCloseTo(x, 6);
  expect(point.y).toBeCloseTo(y, 6);
};

describe('affine maps', () => {
  it('compose inner first and invert', () => {
    const map = compose(translation(10, 5), compose(rotation(Math.PI / 2), scaling(2, 3)));
    close(applyAffine(map, { x: 1, y: 1 }), 10 - 3, 5 + 2);
    close(applyAffine(invertAffine(map)!, { x: 7, y: 7 }), 1, 1);
    expect(invertAffine(scaling(0, 1))).toBeNull();
    expect(invertAffine(scaling(Number.NaN, 1))).toBeNull();
    expect(compose(IDENTITY, map)).toEqual(map);
  });
});

describe('scaling pixels', () => {
  const flat = (width: number, height: number, rgba: readonly number[]): Uint8Array =>
    Uint8Array.from({ length: width * height * 4 }, (_, i) => rgba[i & 3]!);

  it.each([
    [7, 5, 3, 11],
    [64, 64, 512, 512],
    [512, 300, 64, 64],
    [1, 1, 9, 9],
  ])('keeps a flat %i × %i image flat at %i × %i', (w, h, tw, th) => {
    const out = scalePixels(flat(w, h, [200, 30, 7, 255]), w, h, tw, th);
    expect(out.length).toBe(tw * th * 4);
    expect(Buffer.from(out).equals(Buffer.from(flat(tw, th, [200, 30, 7, 255])))).toBe(true);
  });

  it('at the same size changes nothing', () => {
    const pixels = Uint8Array.from({ length: 20 * 20 * 4 }, (_, i) => ((i & 3) === 3 ? 255 : (i * 37) & 255));
    expect([...scalePixels(pixels, 20, 20, 20, 20)]).toEqual([...pixels]);
  });

  it('keeps the mean when shrinking, and does not alias a fine grid', () => {
    const grid = Uint8Array.from({ length: 256 * 256 * 4 }, (_, i) =>
      (i & 3) === 3 ? 255 : ((i >> 2) + (i >> 10)) % 2 === 0 ? 255 : 0,
    );
    const out = scalePixels(grid, 256, 256, 37, 37);
    for (let y = 2; y < 35; y++) {
      for (let x = 2; x < 35; x++) expect(Math.abs(out[(y * 37 + x) * 4]! - 127.5)).toBeLessThan(4);
    }
  });

  it('takes no colour from transparent pixels', () => {
    const pixels = flat(64, 64, [255, 0, 0, 255]);
    for (let i = 0; i < 64 * 32; i++) pixels.set([0, 255, 0, 0], i * 4);
    const out = scalePixels(pixels, 64, 64, 20, 20);
    for (let i = 0; i < out.length; i += 4)
      if (out[i + 3]! > 0) expect([...out.subarray(i, i + 3)]).toEqual([255, 0, 0]);
  });

  it('refuses sizes that do not fit', () => {
    const refused = expect.objectContaining({ code: 'invalid-size' });
    expect(() => scalePixels(new Uint8Array(16), 2, 2, 0, 5)).toThrowError(refused);
    expect(() => scalePixels(new Uint8Array(15), 2, 2, 4, 4)).toThrowError(refused);
    expect(() => scalePixels(new Uint8Array(16), 2, 2, 1e9, 1)).toThrowError(refused);
  });
});
