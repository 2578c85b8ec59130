import { expect, test } from 'vitest';
import { findEdges } from '../../../../../main/generation/control-features/canny.ts';
import { edgesOf, paint } from './pictures.ts';

/** The kernel of Sobel and Feldman; its transpose is the one downwards. */
const SOBEL = [
  [-1, 0, 1],
  [-2, 0, 2],
  [-1, 0, 1],
] as const;

type Plane = readonly (readonly number[])[];

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

/** A 3 × 3 correlation; beyond the border its nearest pixel goes on. */
function correlate(plane: Plane, kernel: readonly (readonly number[])[]): Plane {
  const [height, width] = [plane.length, plane[0]!.length];
  return plane.map((row, y) =>
    row.map((_, x) => {
      let sum = 0;
      for (const j of [-1, 0, 1])
        for (const i of [-1, 0, 1])
          sum += kernel[j + 1]![i + 1]! * plane[clamp(y + j, height - 1)]![clamp(x + i, width - 1)]!;
      return sum;
    }),
  );
}

/**
 * Canny's steps as the paper names them, in float64 and without a blur: gradient, its direction as an angle rounded to one of
 * four, suppression of what is not largest along it, and weak pixels kept as long as a strong one is found in their set.
 * Magnitudes are |dx| + |dy|, as OpenCV has them unless told otherwise; of equal neighbours the first one wins.
 */
function byDefinition(planes: readonly Plane[], low: number, high: number): boolean[][] {
  const turned = [0, 1, 2].map((j) => [0, 1, 2].map((i) => SOBEL[i]![j]!));
  const gradients = planes.map((plane) => ({ dx: correlate(plane, SOBEL), dy: correlate(plane, turned) }));
  const [height, width] = [planes[0]!.length, planes[0]![0]!.length];
  const every = <T>(of: (y: number, x: number) => T): T[][] =>
    Array.from({ length: height }, (_, y) => Array.from({ length: width }, (__, x) => of(y, x)));
  const field = every((y, x) => {
    const own = gradients.map(({ dx, dy }) => [dx[y]![x]!, dy[y]![x]!] as const);
    const size = ([dx, dy]: readonly [number, number]): number => Math.abs(dx) + Math.abs(dy);
    const most = own.reduce((best, next) => (size(next) > size(best) ? next : best));
    return { dx: most[0], dy: most[1], size: size(most) };
  });
  const sizeAt = (y: number, x: number): number => field[y]?.[x]?.size ?? 0;
  const isRidge = (y: number, x: number): boolean => {
    const { dx, dy, size } = field[y]![x]!;
    const degrees = (Math.atan2(dy, dx) * 180) / Math.PI;
    const sector = ((Math.round(degrees / 45) % 4) + 4) % 4;
    if (sector === 0) return size > sizeAt(y, x - 1) && size >= sizeAt(y, x + 1);
    if (sector === 2) return size > sizeAt(y - 1, x) && size >= sizeAt(y + 1, x);
    const side = sector === 1 ? 1 : -1;
    return size > sizeAt(y - 1, x - side) && size > sizeAt(y + 1, x + side);
  };
  const may = every((y, x) => sizeAt(y, x) > low && isRidge(y, x));
  let kept = every((y, x) => may[y]![x]! && sizeAt(y, x) > high);
  for (let grown = true; grown;) {
    const before = kept;
    const touches = (y: number, x: number): boolean =>
      [-1, 0, 1].some((j) => [-1, 0, 1].some((i) => before[y + j]?.[x + i] === true));
    kept = every((y, x) => may[y]![x]! && touches(y, x));
    grown = kept.some((row, y) => row.some((value, x) => value !== before[y]![x]));
  }
  return kept;
}

let seed = 11;
function random(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

const [WIDTH, HEIGHT] = [40, 30];
const pictures: Readonly<Record<string, (x: number, y: number, channel: number) => number>> = {
  noise: () => 256 * random(),
  'soft hills': (x, y, c) => 127 + 120 * Math.sin(x / (4 + c)) * Math.cos(y / (3 + c)),
  'discs of three colours': (x, y, c) =>
    Math.hypot(x - 12 - 6 * c, y - 14) < 9 ? 220 - 60 * c : 40 + 30 * c,
  'a star of lines': (x, y) => (Math.abs(Math.sin(6 * Math.atan2(y - 15, x - 20))) < 0.3 ? 30 : 230),
  'hills with noise': (x, y, c) => 127 + 80 * Math.sin(x / 5 + y / 9 + c) + 60 * random(),
};

test.each(Object.entries(pictures))('%s has the edges that the definition gives', (_name, value) => {
  const planes = [0, 1, 2].map((c) =>
    Array.from({ length: HEIGHT }, (_, y) =>
      Array.from({ length: WIDTH }, (__, x) => Math.floor(clamp(value(x, y, c), 255))),
    ),
  );
  const picture = paint(WIDTH, HEIGHT, () => 0);
  for (let i = 0; i < WIDTH * HEIGHT; i++)
    for (const c of [0, 1, 2]) picture.rgba[4 * i + c] = planes[c]![Math.floor(i / WIDTH)]![i % WIDTH]!;
  for (const [low, high] of [
    [100, 200],
    [20, 60],
    [300, 700],
  ] as const) {
    const expected = byDefinition(planes, low, high).flat();
    expect([...edgesOf(findEdges(picture, { low, high }))].map((edge) => edge > 0)).toEqual(expected);
    if (low === 20) expect(expected.filter(Boolean).length).toBeGreaterThan(20);
  }
});
