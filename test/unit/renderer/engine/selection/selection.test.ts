import { describe, expect, it } from 'vitest';
import {
  combineSelections,
  invertSelection,
  type SelectionMode,
} from '../../../../../renderer/engine/selection/combine.ts';
import type { Rect } from '../../../../../renderer/engine/geometry/rect.ts';
import { featherSelection, growSelection } from '../../../../../renderer/engine/selection/reshape.ts';
import { SelectionMask } from '../../../../../renderer/engine/selection/selection-mask.ts';
import {
  selectEllipse,
  selectPolygon,
  selectRectangle,
} from '../../../../../renderer/engine/selection/shapes.ts';
import { selectLike } from '../../../../../renderer/engine/selection/wand.ts';

const CANVAS = { x: 0, y: 0, width: 600, height: 500 };
const area = (mask: SelectionMask): number => mask.data.reduce((sum, value) => sum + value / 255, 0);

describe('shapes', () => {
  it('rectangles hold their pixels and stop at the canvas', () => {
    expect(area(selectRectangle({ x: 10, y: 20, width: 30, height: 40 }, CANVAS))).toBe(1200);
    expect(selectRectangle({ x: -10, y: 480, width: 30, height: 40 }, CANVAS).rect).toEqual({
      x: 0,
      y: 480,
      width: 20,
      height: 20,
    });
    expect(selectRectangle({ x: 900, y: 0, width: 5, height: 5 }, CANVAS).bounds().width).toBe(0);
  });

  it.each([
    [200, 100],
    [31, 77],
    [9, 9],
    [3, 3],
  ])('ellipses of %i × %i cover their area', (width, height) => {
    const mask = selectEllipse({ x: 40, y: 50, width, height }, CANVAS);
    const want = (Math.PI * width * height) / 4;
    expect(Math.abs(area(mask) - want)).toBeLessThan(want * 0.005 + 0.05);
  });

  it('polygons cover their area by the shoelace formula, edges smooth', () => {
    const points = [
      { x: 20.3, y: 10.7 },
      { x: 220.9, y: 60.2 },
      { x: 120.4, y: 300.1 },
      { x: 60, y: 150.5 },
    ];
    let twice = 0;
    points.forEach((p, i) => {
      const q = points[(i + 1) % points.length]!;
      twice += p.x * q.y - q.x * p.y;
    });
    const mask = selectPolygon(points, CANVAS);
    expect(Math.abs(area(mask) - Math.abs(twice) / 2)).toBeLessThan(10);
    expect(new Set(mask.data).size).toBeGreaterThan(50);
  });

  it('a line that crosses itself leaves the twice enclosed out; too few points select nothing', () => {
    const star = [0, 2, 4, 1, 3].map((i) => ({
      x: 300 + 100 * Math.sin((i * 2 * Math.PI) / 5),
      y: 250 - 100 * Math.cos((i * 2 * Math.PI) / 5),
    }));
    const mask = selectPolygon(star, CANVAS);
    expect(mask.at(300, 250)).toBe(0);
    expect(mask.at(300, 170)).toBe(255);
    expect(
      selectPolygon(
        [
          { x: 1, y: 1 },
          { x: 5, y: 5 },
          { x: Number.NaN, y: 0 },
        ],
        CANVAS,
      ).bounds().width,
    ).toBe(0);
  });
});

describe('joining', () => {
  const a = selectRectangle({ x: 0, y: 0, width: 20, height: 10 }, CANVAS);
  const b = selectRectangle({ x: 10, y: 5, width: 20, height: 10 }, CANVAS);

  it.each<[SelectionMode, number]>([
    ['replace', 200],
    ['add', 350],
    ['subtract', 150],
    ['intersect', 50],
  ])('%s', (mode, want) => {
    expect(area(combineSelections(a, b, mode))).toBe(want);
  });

  it('inverts within the canvas, twice to the same', () => {
    const inverse = invertSelection(a, CANVAS);
    expect(area(inverse)).toBe(600 * 500 - 200);
    expect(invertSelection(inverse, CANVAS).bounds()).toEqual(a.rect);
  });

  it('gives tiles and rectangles of what it holds', () => {
    expect(a.get(0, 0)!.filter((value) => value > 0).length).toBe(200);
    expect(a.get(1, 0)).toBeUndefined();
    expect([...a.read({ x: 18, y: 8, width: 4, height: 3 })]).toEqual([
      255, 255, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0,
    ]);
    expect(() => new SelectionMask({ x: 0, y: 0, width: 2, height: 2 }, new Uint8Array(3))).toThrowError(
      expect.objectContaining({ code: 'invalid-size' }),
    );
  });
});

describe('reshaping', () => {
  const square = selectRectangle({ x: 200, y: 200, width: 100, height: 100 }, CANVAS);

  it('grows by a true distance: a square gains rounded corners', () => {
    const grown = growSelection(square, 20, CANVAS);
    const want = 100 * 100 + 4 * 100 * 20 + Math.PI * 400;
    expect(Math.abs(area(grown) / want - 1)).toBeLessThan(0.01);
    expect(grown.at(190, 250)).toBe(255);
    expect(grown.at(181, 181)).toBe(0);
  });

  it('shrinks by the same distance, and away altogether', () => {
    expect(Math.abs(area(growSelection(square, -20, CANVAS)) - 3600)).toBeLessThan(36);
    expect(growSelection(square, -60, CANVAS).bounds().width).toBe(0);
  });

  it('shrinks from its edges and not from the canvas’s', () => {
    const all = selectRectangle(CANVAS, CANVAS);
    expect(growSelection(all, -10, CANVAS).bounds()).toEqual(CANVAS);
  });

  it('feathers to the width it says and keeps the whole', () => {
    const soft = featherSelection(square, 10, CANVAS);
    expect(Math.abs(area(soft) - 10_000)).toBeLessThan(60);
    expect(Math.abs(soft.at(200, 250) - 128)).toBeLessThan(16);
    expect(soft.at(200 - 12, 250)).toBeLessThan(6);
    expect(soft.at(200 + 12, 250)).toBeGreaterThan(249);
    expect(featherSelection(square, 0, CANVAS)).toBe(square);
  });
});

describe('wand', () => {
  const width = 120;
  const rect = { x: 7, y: 3, width, height: 100 };
  const options = { tolerance: 10, contiguous: true, closeGaps: 0 };

  /** White, with a black frame line from (20, 20) to (80, 80) that has a gap of `gap` pixels, and a grey spot. */
  function picture(gap: number): Uint8Array {
    const pixels = new Uint8Array(width * 100 * 4).fill(255);
    const dot = (x: number, y: number, value: number): void => {
      pixels.fill(value, (y * width + x) * 4, (y * width + x) * 4 + 3);
    };
    for (let i = 20; i <= 80; i++) {
      for (const t of [0, 1]) {
        dot(i, 20 + t, 0);
        dot(i, 80 - t, 0);
        dot(20 + t, i, 0);
        if (i < 50 || i >= 50 + gap) dot(80 - t, i, 0);
      }
    }
    dot(30, 30, 248);
    return pixels;
  }

  it('takes what hangs together and looks alike, within the tolerance', () => {
    const inside = selectLike(picture(0), rect, { x: 47.5, y: 43.5 }, options);
    expect(area(inside)).toBe(57 * 57);
    // The same where rows are read as they are needed.
    const whole = picture(0);
    const parts: number[] = [];
    const reader = (part: Rect): Uint8Array => {
      parts.push(part.height);
      const out = new Uint8Array(part.width * part.height * 4);
      for (let y = 0; y < part.height; y++) {
        const from = ((part.y - rect.y + y) * rect.width + part.x - rect.x) * 4;
        out.set(whole.subarray(from, from + part.width * 4), y * part.width * 4);
      }
      return out;
    };
    expect(selectLike(reader, rect, { x: 47.5, y: 43.5 }, options).data).toEqual(inside.data);
    expect(Math.max(...parts)).toBeLessThanOrEqual(256);
    const strict = selectLike(picture(0), rect, { x: 47.5, y: 43.5 }, { ...options, tolerance: 5 });
    expect(area(strict)).toBe(57 * 57 - 1);
    expect(inside.at(20 + 7, 40)).toBe(0);
  });

  it('takes everything alike when it need not hang together', () => {
    const all = selectLike(picture(0), rect, { x: 47, y: 43 }, { ...options, contiguous: false });
    expect(area(all)).toBe(width * 100 - (61 * 61 - 57 * 57));
  });

  it('leaks through a gap, and does not when gaps are closed', () => {
    expect(area(selectLike(picture(4), rect, { x: 47, y: 43 }, options))).toBeGreaterThan(8000);
    const closed = selectLike(picture(4), rect, { x: 47, y: 43 }, { ...options, closeGaps: 6 });
    expect(closed.at(100 + 7, 50 + 3)).toBe(0);
    expect(area(closed)).toBeGreaterThan(57 * 57 - 4);
    expect(area(closed)).toBeLessThan(57 * 57 + 40);
  });

  it('closes gaps up to the width it says, odd ones too, and none that are wider', () => {
    const leaks = (gap: number, closeGaps: number): boolean =>
      selectLike(picture(gap), rect, { x: 47, y: 43 }, { ...options, closeGaps }).at(100 + 7, 50 + 3) > 0;
    for (const width of [1, 2, 3, 5, 7]) expect(leaks(width, width), `${width}`).toBe(false);
    expect(leaks(9, 7)).toBe(true);
  });

  it('selects nothing outside, and refuses pixels that do not fit', () => {
    expect(selectLike(picture(0), rect, { x: 0, y: 0 }, options).bounds().width).toBe(0);
    expect(() => selectLike(new Uint8Array(4), rect, { x: 9, y: 9 }, options)).toThrowError(
      expect.objectContaining({ code: 'invalid-size' }),
    );
  });

  it('tells transparent from black', () => {
    const pixels = new Uint8Array(width * 100 * 4);
    pixels.fill(255, 3, 4);
    expect(area(selectLike(pixels, { ...rect, x: 0, y: 0 }, { x: 0, y: 0 }, options))).toBe(1);
  });
});
