import { describe, expect, it } from 'vitest';
import {
  brushWith,
  GRAIN_PATTERNS,
  TIP_SHAPES,
  type Brush,
  type Sample,
} from '../../../../../renderer/engine/brush/brush.ts';
import { grainTile } from '../../../../../renderer/engine/brush/grain.ts';
import { beginStroke } from '../../../../../renderer/engine/brush/stroke.ts';
import { mirrorSymmetry, radialSymmetry } from '../../../../../renderer/engine/brush/symmetry.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { readRegion, writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import type { Affine } from '../../../../../renderer/engine/transform/affine.ts';

const WIDTH = 400;
const HEIGHT = 300;
const sample = (x: number, y: number, time = 0): Sample => ({
  x,
  y,
  pressure: 1,
  tiltX: 0,
  tiltY: 0,
  twist: 0,
  time,
});

function documentWith(alphaLocked = false): PaintDocument {
  return new PaintDocument(WIDTH, HEIGHT, [layerRecord({ id: 'a', alphaLocked })]);
}

function paint(
  document: PaintDocument,
  brush: Partial<Brush>,
  samples: readonly Sample[],
  symmetry: readonly Affine[] = [],
): Uint8ClampedArray {
  const stroke = beginStroke(document, 'a', brushWith({ stabiliser: 0, ...brush }), [30, 60, 200], {
    symmetry,
  });
  stroke.extend(samples);
  const seen = readRegion(document.layers.get('a'), document.canvas);
  document.apply(stroke.commit());
  const pixels = readRegion(document.layers.get('a').tiles, document.canvas);
  if (samples.length === 1) expect(pixels).toEqual(seen);
  return pixels;
}

/** Left half one colour, right half another. */
function halves(document: PaintDocument, left: readonly number[], right: readonly number[]): void {
  const pixels = Uint8Array.from(
    { length: WIDTH * HEIGHT * 4 },
    (_, i) => ((i >> 2) % WIDTH < WIDTH / 2 ? left : right)[i & 3]!,
  );
  document.apply([
    { type: 'tiles', layerId: 'a', tiles: writeRegion(document.layers.get('a'), document.canvas, pixels) },
  ]);
}

const at = (pixels: Uint8ClampedArray, x: number, y: number): number[] => [
  ...pixels.subarray((y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 4),
];
const cover = (pixels: Uint8ClampedArray): number =>
  pixels.reduce((sum, value, i) => ((i & 3) === 3 ? sum + value / 255 : sum), 0);
const across = (y: number): Sample[] => Array.from({ length: 41 }, (_, i) => sample(50 + i * 7.5, y, i * 8));

describe('bitmap tips', () => {
  it.each(TIP_SHAPES.filter((shape) => shape !== 'round' && shape !== 'bitmap'))(
    '%s stays within its disc and scales with it',
    (tip) => {
      const share = (size: number): number => {
        const pixels = paint(documentWith(), { tip, size }, [sample(200, 150)]);
        for (let i = 0; i < WIDTH * HEIGHT; i++) {
          const far = Math.hypot((i % WIDTH) + 0.5 - 200, Math.floor(i / WIDTH) + 0.5 - 150) > size / 2 + 2;
          if (far && pixels[i * 4 + 3] !== 0)
            expect.fail(`covered outside at ${i % WIDTH}, ${Math.floor(i / WIDTH)}`);
        }
        return cover(pixels) / (Math.PI * (size / 2) ** 2);
      };
      const large = share(200);
      expect(large).toBeGreaterThan(0.04);
      expect(large).toBeLessThan(0.95);
      for (const size of [100, 40, 16]) expect(Math.abs(share(size) / large - 1)).toBeLessThan(0.12);
    },
  );

  it('turn about their centre without losing cover', () => {
    const still = cover(paint(documentWith(), { tip: 'chalk', size: 90 }, [sample(200, 150)]));
    for (const angle of [30, 90, 200]) {
      const turned = cover(paint(documentWith(), { tip: 'chalk', size: 90, angle }, [sample(200, 150)]));
      expect(Math.abs(turned / still - 1)).toBeLessThan(0.02);
    }
  });
});

describe('grain', () => {
  it.each(GRAIN_PATTERNS)(
    '%s lies between its depth and full, varies, and repeats without a seam',
    (pattern) => {
      const tile = grainTile({ pattern, size: 4, depth: 0.7 })!;
      expect(Math.min(...tile)).toBeGreaterThanOrEqual(0.3 - 1e-6);
      expect(Math.max(...tile)).toBeLessThanOrEqual(1);
      const mean = tile.reduce((sum, value) => sum + value, 0) / tile.length;
      expect(mean).toBeGreaterThan(0.4);
      expect(mean).toBeLessThan(0.95);
      if (pattern === 'noise') return;
      // Steps across the edge are like steps inside.
      let inside = 0;
      let edge = 0;
      for (let y = 0; y < 256; y++) {
        for (let x = 0; x < 255; x++)
          inside = Math.max(inside, Math.abs(tile[y * 256 + x]! - tile[y * 256 + x + 1]!));
        edge = Math.max(edge, Math.abs(tile[y * 256 + 255]! - tile[y * 256]!));
      }
      expect(edge).toBeLessThanOrEqual(inside * 1.05);
    },
  );

  it.each([8, 16, 32])(
    'paper of %i px shows no squares: it changes on the lines of its lattice as between them',
    (size) => {
      const tile = grainTile({ pattern: 'paper', size, depth: 1 })!;
      const steps = new Float64Array(size);
      for (let y = 0; y < 256; y++)
        for (let x = 0; x < 255; x++)
          steps[x % size]! += Math.abs(tile[y * 256 + x + 1]! - tile[y * 256 + x]!);
      expect(Math.min(...steps) / Math.max(...steps)).toBeGreaterThan(0.5);
    },
  );

  it('is anchored to the document: two strokes show the same surface', () => {
    const grain = { pattern: 'paper', size: 4, depth: 1 } as const;
    const document = documentWith();
    const once = paint(document, { size: 60, hardness: 1, grain, spacing: 1 }, [sample(150, 150)]);
    const twice = paint(document, { size: 60, hardness: 1, grain, spacing: 1 }, [sample(150, 150)]);
    let bare = 0;
    for (let y = 130; y < 170; y++) {
      for (let x = 130; x < 170; x++) {
        if (at(once, x, y)[3] === 0) {
          bare++;
          expect(at(twice, x, y)[3]).toBe(0);
        }
      }
    }
    expect(bare).toBeGreaterThan(20);
  });
});

describe('symmetry', () => {
  it('mirrors pixels about an upright line', () => {
    const pixels = paint(
      documentWith(),
      { size: 20, roundness: 0.3, angle: 30 },
      [sample(120, 100), sample(150, 140, 9)],
      mirrorSymmetry({ x: 200, y: 0 }, Math.PI / 2),
    );
    let seen = 0;
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH / 2; x++) {
        const left = at(pixels, x, y)[3]!;
        seen += left;
        if (Math.abs(left - at(pixels, WIDTH - 1 - x, y)[3]!) > 1) expect.fail(`${x}, ${y}`);
      }
    }
    expect(seen).toBeGreaterThan(50_000);
  });

  it('turns copies around a centre', () => {
    const pixels = paint(
      documentWith(),
      { size: 20, hardness: 1 },
      [sample(200, 50)],
      radialSymmetry({ x: 200, y: 150 }, 4),
    );
    for (const [x, y] of [
      [200, 50],
      [300, 150],
      [200, 250],
      [100, 150],
    ] as const)
      expect(at(pixels, x, y)).toEqual([30, 60, 200, 255]);
    expect(at(pixels, 270, 80)[3]).toBe(0);
  });
});

describe('mixing', () => {
  const red = [255, 0, 0, 255];
  const green = [0, 255, 0, 255];

  it('smudging carries colour across an edge and makes none of its own', () => {
    for (const smear of [false, true]) {
      const document = documentWith();
      halves(document, red, green);
      const pixels = paint(
        document,
        { size: 40, hardness: 0.5, flow: 0.8, mixing: { pickup: 1, length: smear ? 0 : 0.8, smear } },
        across(150),
      );
      const [r, g, b, a] = at(pixels, 215, 150) as [number, number, number, number];
      expect(r).toBeGreaterThan(40);
      expect(a).toBe(255);
      expect(b).toBe(0);
      expect(Math.abs(r + g - 255)).toBeLessThanOrEqual(2);
      expect(at(pixels, 215, 60)).toEqual(green);
      expect(at(pixels, 60, 150)).toEqual(red);
    }
  });

  it('smudging a flat colour changes nothing', () => {
    for (const smear of [false, true]) {
      const document = documentWith();
      halves(document, red, red);
      const stroke = beginStroke(
        document,
        'a',
        brushWith({ size: 40, mixing: { pickup: 1, length: 0.5, smear } }),
        [0, 0, 0],
      );
      stroke.extend(across(150));
      expect(stroke.commit()).toEqual([]);
    }
  });

  it('a wet brush shifts towards what it crosses, and keeps its own colour on an empty layer', () => {
    const wet = { size: 40, hardness: 1, mixing: { pickup: 0.5, length: 0.5, smear: false } };
    const empty = paint(documentWith(), wet, across(150));
    expect(at(empty, 200, 150)).toEqual([30, 60, 200, 255]);
    const document = documentWith();
    halves(document, red, red);
    const [r, , b] = at(paint(document, wet, across(150)), 200, 150) as [number, number, number];
    expect(r).toBeGreaterThan(60);
    expect(b).toBeLessThan(200);
  });

  it('keeps alpha where it is locked', () => {
    const document = documentWith(true);
    halves(document, [255, 0, 0, 120], [0, 255, 0, 30]);
    const pixels = paint(
      document,
      { size: 60, mixing: { pickup: 0.5, length: 0.5, smear: false } },
      across(150),
    );
    for (let i = 0; i < WIDTH * HEIGHT; i++)
      if (pixels[i * 4 + 3] !== (i % WIDTH < 200 ? 120 : 30)) expect.fail(`pixel ${i}`);
  });

  it('jitter strays from the colour by no more than it says, dab by dab', () => {
    const pixels = paint(
      documentWith(),
      { size: 12, hardness: 1, spacing: 1.5, jitter: { hue: 0, saturation: 0, value: 0.2 } },
      across(150),
    );
    const blues = new Set<number>();
    for (let x = 50; x < 350; x++) {
      const [, , b, a] = at(pixels, x, 150) as [number, number, number, number];
      if (a === 255) blues.add(b);
    }
    expect(blues.size).toBeGreaterThan(5);
    expect(Math.min(...blues)).toBeGreaterThanOrEqual(200 - 52);
    expect(Math.max(...blues)).toBeLessThanOrEqual(200 + 52);
  });

  it('leaves no trace when aborted', () => {
    const document = documentWith();
    halves(document, red, green);
    const before = readRegion(document.layers.get('a'), document.canvas);
    const stroke = beginStroke(
      document,
      'a',
      brushWith({ size: 40, mixing: { pickup: 1, length: 0, smear: true } }),
      [0, 0, 0],
    );
    stroke.extend(across(150));
    expect(readRegion(document.layers.get('a'), document.canvas)).not.toEqual(before);
    stroke.abort();
    expect(readRegion(document.layers.get('a'), document.canvas)).toEqual(before);
  });
});

describe('a resting airbrush', () => {
  it('goes on at its rate, and a clock that jumps makes no flood', () => {
    const coverAfter = (milliseconds: number): number => {
      const brush = { size: 30, hardness: 1, flow: 0.1, rate: 50, accumulation: 'build-up' } as const;
      return at(
        paint(documentWith(), brush, [sample(100, 100), sample(100, 100, milliseconds)]),
        100,
        100,
      )[3]!;
    };
    // One dab, then one each 20 ms: 1 - 0.9^n.
    expect(Math.abs(coverAfter(200) - 255 * (1 - 0.9 ** 11))).toBeLessThanOrEqual(1);
    expect(coverAfter(1e9)).toBe(coverAfter(1000));
  });
});

describe('a tip that turns with the path', () => {
  it('has the path’s direction from its first dab, and still prints a tap', () => {
    const flat = {
      size: 40,
      hardness: 1,
      roundness: 0.1,
      spacing: 0.05,
      dynamics: {
        angle: [
          {
            sensor: 'direction',
            curve: [
              [0, 0],
              [1, 1],
            ],
          },
        ],
      },
    } as const;
    const down = paint(
      documentWith(),
      flat,
      Array.from({ length: 20 }, (_, i) => sample(200, 100 + i * 5, i * 8)),
    );
    expect(at(down, 190, 100)[3]).toBe(0);
    expect(at(down, 200, 150)[3]).toBe(255);
    expect(cover(paint(documentWith(), flat, [sample(200, 100), sample(200, 100, 5)]))).toBeGreaterThan(50);
  });
});
