import { describe, expect, it } from 'vitest';
import {
  type Brush,
  brushWith,
  type Sample,
  type Sensor,
} from '../../../../../renderer/engine/brush/brush.ts';
import { beginStroke } from '../../../../../renderer/engine/brush/stroke.ts';
import { StrokePath } from '../../../../../renderer/engine/brush/stroke-path.ts';
import { PulledString } from '../../../../../renderer/engine/brush/pulled-string.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { readRegion } from '../../../../../renderer/engine/tiles/region.ts';

const SIZE = 300;

function sample(x: number, y: number, more: Partial<Sample> = {}): Sample {
  return { x, y, pressure: 1, tiltX: 0, tiltY: 0, twist: 0, time: x + y, ...more };
}

/** Alpha of each pixel after a stroke, 0..255. */
function alphaOf(brush: Partial<Brush>, samples: readonly Sample[], step = samples.length): Uint8Array {
  const document = new PaintDocument(SIZE, SIZE, [layerRecord({ id: 'a' })]);
  const stroke = beginStroke(document, 'a', brushWith({ stabiliser: 0, ...brush }), [20, 60, 90], {
    seed: 3,
  });
  for (let i = 0; i < samples.length; i += step) stroke.extend(samples.slice(i, i + step));
  document.apply(stroke.commit());
  const rgba = readRegion(document.layers.get('a').tiles, document.canvas);
  return Uint8Array.from({ length: SIZE * SIZE }, (_, i) => rgba[i * 4 + 3] ?? 0);
}

const sum = (alpha: Uint8Array): number => alpha.reduce((total, value) => total + value, 0) / 255;
const line = Array.from({ length: 41 }, (_, i) => sample(50 + i * 5, 150));

describe("a brush's own tip", () => {
  /** A bar of 60 × 20 that is full on its left half and half full on its right. */
  const bitmap = {
    width: 60,
    height: 20,
    alpha: Uint8Array.from({ length: 1200 }, (_, i) => (i % 60 < 30 ? 255 : 128)),
  };

  it.each([40, 60, 120, 200])('prints its pixels at %i px: area and halves as they are', (size) => {
    const alpha = alphaOf({ tip: 'bitmap', bitmap, size }, [sample(150, 150)]);
    const scale = size / 60;
    const full = 1200 * scale * scale;
    expect(sum(alpha)).toBeGreaterThan(full * 0.75 * 0.96);
    expect(sum(alpha)).toBeLessThan(full * 0.75 * 1.04);
    const at = (dx: number, dy: number): number =>
      alpha[Math.floor(150 + dy) * SIZE + Math.floor(150 + dx)] ?? 0;
    expect(at(-size / 4, 0)).toBe(255);
    expect(Math.abs(at(size / 4, 0) - 128)).toBeLessThanOrEqual(2);
    // Beyond its shorter edge there is nothing.
    expect(at(0, size / 6 + size / 20 + 2)).toBe(0);
  });

  it('turns with its angle', () => {
    const turned = alphaOf({ tip: 'bitmap', bitmap, size: 120, angle: 90 }, [sample(150, 150)]);
    const at = (dx: number, dy: number): number => turned[(150 + dy) * SIZE + 150 + dx] ?? 0;
    expect([at(0, -30), Math.abs(at(0, 30) - 128) <= 2, at(45, 0)]).toEqual([255, true, 0]);
  });

  it('keeps its corners when it is turned', () => {
    const square = { width: 32, height: 32, alpha: new Uint8Array(1024).fill(255) };
    const turned = alphaOf({ tip: 'bitmap', bitmap: square, size: 100, angle: 45 }, [sample(150, 150)]);
    expect(sum(turned)).toBeGreaterThan(10_000 * 0.97);
    expect(turned[150 * SIZE + 150 + 68]).toBeGreaterThan(0);
  });

  it('is refused without its pixels, or with too few', () => {
    expect(() => alphaOf({ tip: 'bitmap' }, [sample(9, 9)])).toThrow(/no pixels/);
    const short = { ...bitmap, alpha: new Uint8Array(10) };
    expect(() => alphaOf({ tip: 'bitmap', bitmap: short }, [sample(9, 9)])).toThrow(/size says/);
  });
});

describe('a second tip', () => {
  const dual = {
    tip: 'round',
    bitmap: null,
    size: 0.25,
    spacing: 1.5,
    scatter: 0,
    count: 1,
    hardness: 1,
  } as const;
  const brush = { size: 60, hardness: 1, spacing: 0.05 };

  it('lets paint through only where it has been: the product of both covers', () => {
    const first = alphaOf(brush, line);
    const second = alphaOf({ size: 15, hardness: 1, spacing: 1.5 }, line);
    const both = alphaOf({ ...brush, dual }, line);
    expect(both.some((value) => value > 0)).toBe(true);
    for (let i = 0; i < both.length; i++) {
      const expected = (first[i]! * second[i]!) / 255;
      expect(Math.abs(both[i]! - expected)).toBeLessThanOrEqual(1);
    }
  });

  it('draws the same however the readings are split, also while it scatters', () => {
    const scattered = { ...dual, scatter: 1, count: 3, tip: 'chalk' as const };
    const whole = alphaOf({ ...brush, dual: scattered }, line);
    expect(alphaOf({ ...brush, dual: scattered }, line, 3)).toEqual(whole);
  });

  it('works on colour that strays or is taken up too', () => {
    const jitter = { hue: 0.2, saturation: 0, value: 0 };
    const both = alphaOf({ ...brush, dual, jitter }, line);
    const first = alphaOf({ ...brush, jitter }, line);
    expect(sum(both)).toBeGreaterThan(50);
    expect(sum(both)).toBeLessThan(sum(first) / 2);
  });
});

describe('a pulled string', () => {
  it('moves the tip only while it is taut, straight towards the pen, never farther than its length', () => {
    const string = new PulledString(20);
    const start = string.push(sample(0, 0));
    expect(string.push(sample(12, 9))).toMatchObject({ x: start.x, y: start.y });
    const tip = string.push(sample(30, 40));
    expect(Math.hypot(30 - tip.x, 40 - tip.y)).toBeCloseTo(20, 9);
    expect(tip.x / tip.y).toBeCloseTo(30 / 40, 9);
    let last = tip;
    for (let i = 0; i < 500; i++) {
      const pen = sample(100 * Math.sin(i * 1.7), 100 * Math.cos(i * 0.9));
      const next = string.push(pen);
      expect(Math.hypot(pen.x - next.x, pen.y - next.y)).toBeLessThanOrEqual(20 + 1e-9);
      const moved = Math.hypot(next.x - last.x, next.y - last.y);
      expect(moved).toBeLessThanOrEqual(Math.hypot(pen.x - last.x, pen.y - last.y));
      last = next;
    }
  });

  it('takes a tremble out of a line', () => {
    const trembling = Array.from({ length: 200 }, (_, i) => sample(20 + i, 150 + (i % 2 === 0 ? 4 : -4)));
    const rise = (brush: Partial<Brush>): number => {
      const alpha = alphaOf({ size: 3, hardness: 1, ...brush }, trembling);
      let rows = 0;
      for (let y = 0; y < SIZE; y++)
        if (alpha.subarray(y * SIZE + 80, y * SIZE + 180).some((value) => value > 40)) rows++;
      return rows;
    };
    expect(rise({})).toBeGreaterThanOrEqual(9);
    expect(rise({ string: 40 })).toBeLessThanOrEqual(6);
  });

  it('draws on to where the pen left, or not', () => {
    const reach = (finishes: boolean): number => {
      const alpha = alphaOf({ size: 4, hardness: 1, string: 50, finishes }, line);
      let right = 0;
      for (let x = 0; x < SIZE; x++) if ((alpha[150 * SIZE + x] ?? 0) > 0) right = x;
      return right;
    };
    expect(reach(true)).toBeGreaterThanOrEqual(250);
    expect(reach(false)).toBeLessThanOrEqual(204);
  });
});

describe('parameters that follow the pen', () => {
  const half: readonly (readonly [number, number])[] = [
    [0, 0],
    [1, 1],
  ];

  it('count follows pressure', () => {
    const dabs = (pressure: number): number => {
      const path = new StrokePath(
        brushWith({ count: 8, stabiliser: 0, dynamics: { count: [{ sensor: 'pressure', curve: half }] } }),
        1,
      );
      let placed = 0;
      path.extend([sample(10, 10, { pressure })], () => placed++);
      return placed;
    };
    expect([dabs(1), dabs(0.5), dabs(0)]).toEqual([8, 4, 1]);
  });

  it('count is sixteen at most, so that no brush stands still', () => {
    const path = new StrokePath(brushWith({ count: 40, stabiliser: 0 }), 1);
    let placed = 0;
    path.extend([sample(10, 10)], () => placed++);
    expect(placed).toBe(16);
  });

  // A dab that cannot be seen is not placed.
  const visible = [
    [0, 0.1],
    [1, 0.9],
  ] as const;
  // Azimuth as Pointer Events has it: 0 leans along +x, a quarter turn along +y, whatever the tilt is.
  it.each<[Sensor, Partial<Sample>, number]>([
    ['pressure', { pressure: 0.3 }, 0.3],
    ['tilt', { tiltX: 30, tiltY: 40 }, 50 / 90],
    ['azimuth', { tiltX: 45 }, 0],
    ['azimuth', { tiltY: 20 }, 0.25],
    ['azimuth', { tiltX: -45 }, 0.5],
    ['azimuth', { tiltY: -70 }, 0.75],
    ['azimuth', { tiltX: 45, tiltY: 45 }, 0.125],
    ['twist', { twist: 90 }, 0.25],
  ])('opacity follows %s: %j is %f', (sensor, pen, value) => {
    const path = new StrokePath(
      brushWith({ stabiliser: 0, dynamics: { opacity: [{ sensor, curve: visible }] } }),
      1,
    );
    const opacities: number[] = [];
    path.extend([sample(10, 10, pen)], ({ opacity }) => opacities.push(opacity));
    expect(opacities[0]).toBeCloseTo(0.1 + 0.8 * value, 3);
  });

  it('grain shows by as much as its curve says', () => {
    const grained = (dynamics: Brush['dynamics']): number =>
      sum(
        alphaOf({ size: 80, hardness: 1, grain: { pattern: 'paper', size: 4, depth: 1 }, dynamics }, [
          sample(150, 150),
        ]),
      );
    const none = grained({
      grain: [
        {
          sensor: 'pressure',
          curve: [
            [0, 0],
            [1, 0],
          ],
        },
      ],
    });
    expect(none).toBeGreaterThan(Math.PI * 1600 * 0.99);
    expect(grained({})).toBeLessThan(none * 0.8);
  });

  it('taking up colour follows pressure: at none, the brush gives its own', () => {
    const document = new PaintDocument(SIZE, SIZE, [layerRecord({ id: 'a' })]);
    const lay = (
      brush: Partial<Brush>,
      colour: readonly [number, number, number],
      pressure: number,
    ): void => {
      const stroke = beginStroke(document, 'a', brushWith({ stabiliser: 0, hardness: 1, ...brush }), colour);
      stroke.extend([sample(150, 150, { pressure }), sample(160, 150, { pressure })]);
      document.apply(stroke.commit());
    };
    lay({ size: 120 }, [200, 0, 0], 1);
    const mixing = { pickup: 1, length: 0, smear: false };
    const dynamics = { pickup: [{ sensor: 'pressure' as const, curve: half }] };
    lay({ size: 20, mixing, dynamics }, [0, 0, 200], 0);
    const at = (): number[] => [
      ...readRegion(document.layers.get('a').tiles, { x: 158, y: 150, width: 1, height: 1 }),
    ];
    expect(at()).toEqual([0, 0, 200, 255]);
  });
});
