import { inflateSync, deflateSync } from 'node:zlib';
import type { BezierPath } from 'ag-psd';
import { describe, expect, it } from 'vitest';
import { fromPsdFill, toPsdFill } from '../../../../../renderer/engine/formats/psd/fills.ts';
import { readChannel } from '../../../../../renderer/engine/formats/psd/read-channel.ts';
import { rasteriseVectorMask } from '../../../../../renderer/engine/formats/psd/vector-mask.ts';
import type { Fill } from '../../../../../renderer/engine/layers/fill.ts';

const inflate = (data: Uint8Array, limit: number): Uint8Array =>
  inflateSync(data, { maxOutputLength: limit });

const polygon = (
  points: readonly (readonly [number, number])[],
  more: Partial<BezierPath> = {},
): BezierPath => ({
  open: false,
  operation: 'combine',
  fillRule: 'even-odd',
  knots: points.map(([x, y]) => ({ linked: true, points: [x, y, x, y, x, y] })),
  ...more,
});
const square = (from: number, to: number): BezierPath =>
  polygon([
    [from, from],
    [to, from],
    [to, to],
    [from, to],
  ]);
const area = (data: ArrayLike<number>): number =>
  Array.from(data).reduce((sum, value) => sum + value / 255, 0);

describe('a vector mask', () => {
  const size = { width: 40, height: 40 };

  it('covers what its paths enclose, parts of pixels too', () => {
    const mask = rasteriseVectorMask({ paths: [square(10.25, 20.75)] }, size);
    expect(area(mask?.data ?? [])).toBeCloseTo(10.5 ** 2, 0);
    expect(mask?.data[15 * 40 + 15]).toBe(255);
    expect(mask?.data[5 * 40 + 5]).toBe(0);
  });

  it('has round curves: four Bézier arcs enclose the area of a circle', () => {
    const k = 12 * 0.552_284_75;
    const knot = (x: number, y: number, dx: number, dy: number): BezierPath['knots'][number] => ({
      linked: true,
      points: [20 + x - dx, 20 + y - dy, 20 + x, 20 + y, 20 + x + dx, 20 + y + dy],
    });
    const knots = [knot(12, 0, 0, k), knot(0, 12, -k, 0), knot(-12, 0, 0, -k), knot(0, -12, k, 0)];
    const mask = rasteriseVectorMask({ paths: [polygon([], { knots })] }, size);
    expect(Math.abs(area(mask?.data ?? []) / (Math.PI * 144) - 1)).toBeLessThan(0.01);
  });

  it('combines, subtracts, intersects and excludes', () => {
    const second = (operation: NonNullable<BezierPath['operation']>): number =>
      area(
        rasteriseVectorMask({ paths: [square(4, 24), { ...square(14, 34), operation }] }, size)?.data ?? [],
      );
    expect(second('combine')).toBeCloseTo(700, 0);
    expect(second('subtract')).toBeCloseTo(300, 0);
    expect(second('intersect')).toBeCloseTo(100, 0);
    expect(second('exclude')).toBeCloseTo(600, 0);
    const inverted = rasteriseVectorMask({ paths: [square(4, 24)], invert: true }, size);
    expect(area(inverted?.data ?? [])).toBeCloseTo(1200, 0);
  });
});

describe('a channel', () => {
  it('comes out of zlib with prediction, in 8 and 32 bits', () => {
    // Rows of differences, by the specification: 5, 6, 8 and 200, 199, 0.
    const eight = deflateSync(Uint8Array.of(5, 1, 2, 200, 255, 57));
    const shape = { width: 3, height: 2, bits: 8, large: false } as const;
    expect([...readChannel({ compression: 3, data: eight }, shape, inflate)]).toEqual([5, 6, 8, 200, 199, 0]);
    // 1.0 and 2.0: bytes 3f 80 00 00 and 40 00 00 00, in planes 3f 40 | 80 00 | 00 00 | 00 00, as differences.
    const planes = [0x3f, 0x40, 0x80, 0, 0, 0, 0, 0];
    const differences = planes.map((value, i) => (value - (planes[i - 1] ?? 0)) & 255);
    const float = readChannel(
      { compression: 3, data: deflateSync(Uint8Array.from(differences)) },
      { width: 2, height: 1, bits: 32, large: false },
      inflate,
    );
    const view = new DataView(float.buffer, float.byteOffset);
    expect([view.getFloat32(0), view.getFloat32(4)]).toEqual([1, 2]);
  });

  it('is refused when its bytes could not fill it, whatever they claim', () => {
    const shape = { width: 10_000, height: 10_000, bits: 8, large: false } as const;
    for (const compression of [0, 1, 2, 3])
      expect(() => readChannel({ compression, data: new Uint8Array(100) }, shape, inflate)).toThrow(
        /cannot come out/,
      );
    const bomb = deflateSync(new Uint8Array(1e6));
    expect(() =>
      readChannel({ compression: 2, data: bomb }, { width: 10, height: 10, bits: 8, large: false }, inflate),
    ).toThrow(/damaged/);
  });
});

describe('a gradient fill', () => {
  it('comes back from Photoshop’s angle, scale and offset to the same ends', () => {
    const fill: Fill = {
      type: 'gradient',
      shape: 'linear',
      stops: [
        { at: 0, colour: [1, 0, 0], opacity: 1 },
        { at: 1, colour: [0, 0, 1], opacity: 0.5 },
      ],
      from: { x: 20, y: 70 },
      to: { x: 80, y: 30 },
    };
    const canvas = { width: 100, height: 100 };
    const back = fromPsdFill(toPsdFill(fill, canvas), canvas);
    expect(back).toMatchObject({ type: 'gradient', shape: 'linear', stops: fill.stops });
    if (back?.type !== 'gradient') throw new Error('no gradient');
    for (const end of ['from', 'to'] as const) {
      expect(back[end].x).toBeCloseTo(fill[end].x, 6);
      expect(back[end].y).toBeCloseTo(fill[end].y, 6);
    }
  });
});
