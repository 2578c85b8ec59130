import { describe, expect, it } from 'vitest';
import { type Aids, NO_AIDS, packAids, unpackAids } from '../../../../../renderer/engine/aids/aids.ts';
import { RulerFollower } from '../../../../../renderer/engine/aids/follow-ruler.ts';
import { mapAids } from '../../../../../renderer/engine/aids/map-aids.ts';
import { snapPoint, snapRect, snapTargets } from '../../../../../renderer/engine/aids/snap.ts';
import { scaling, translation } from '../../../../../renderer/engine/transform/affine.ts';
import { turnMap } from '../../../../../renderer/engine/transform/document-geometry.ts';

const FULL: Aids = {
  guides: [
    { direction: 'vertical', position: 100.5 },
    { direction: 'horizontal', position: -3 },
  ],
  locked: true,
  grid: { width: 40, height: 30, subdivisions: 2, x: 5, y: 7, colour: '#ff0080', opacity: 0.25 },
  rulers: [
    { id: 'r', kind: 'perspective-1', points: [{ x: 200, y: 100 }], on: true },
    {
      id: 's',
      kind: 'line',
      points: [
        { x: 0, y: 0 },
        { x: 30, y: 40 },
      ],
      on: false,
    },
  ],
};

describe('aids as bytes', () => {
  it('come back as they were; none need no bytes', () => {
    expect(unpackAids(packAids(FULL))).toEqual(FULL);
    expect(packAids(NO_AIDS)).toBeNull();
    expect(unpackAids(null)).toBe(NO_AIDS);
  });

  it('are refused when damaged, whatever byte is cut or changed', () => {
    const good = packAids(FULL) ?? new Uint8Array();
    for (let cut = 0; cut < good.length; cut++)
      expect(() => unpackAids(good.subarray(0, cut)), `cut at ${cut}`).toThrow(/damaged/);
    for (const text of ['[]', 'null', '{"guides":[{"direction":"up","position":1}]}', '"x"'])
      expect(() => unpackAids(Uint8Array.from(Buffer.from(text)))).toThrow(/damaged/);
    const far = Buffer.from(JSON.stringify({ ...FULL, grid: { ...FULL.grid, width: 0 } }));
    expect(() => unpackAids(Uint8Array.from(far))).toThrow(/damaged/);
  });
});

describe('aids go along with the picture', () => {
  it('when it is cropped and scaled', () => {
    const cropped = mapAids(FULL, translation(-20, -10));
    expect(cropped.guides.map(({ position }) => position)).toEqual([80.5, -13]);
    expect(cropped.grid).toMatchObject({ x: 25, y: 27 });
    const scaled = mapAids(FULL, scaling(2, 0.5));
    expect(scaled.guides.map(({ position }) => position)).toEqual([201, -1.5]);
    expect(scaled.grid).toMatchObject({ width: 80, height: 15, x: 10, y: 3.5 });
    expect(scaled.rulers[1]?.points).toEqual([
      { x: 0, y: 0 },
      { x: 60, y: 20 },
    ]);
  });

  it('a quarter turn makes upright guides level, and four turns change nothing', () => {
    const turned = mapAids(FULL, turnMap('right', 600, 400));
    // Right turn of 600 × 400: (x, y) → (400 - y, x).
    expect(turned.guides).toEqual([
      { direction: 'horizontal', position: 100.5 },
      { direction: 'vertical', position: 403 },
    ]);
    expect(turned.grid).toMatchObject({ width: 30, height: 40 });
    let back = turned;
    for (const [width, height] of [
      [400, 600],
      [600, 400],
      [400, 600],
    ] as const)
      back = mapAids(back, turnMap('right', width, height));
    expect(back).toEqual(FULL);
  });
});

describe('snapping', () => {
  const canvas = { x: 0, y: 0, width: 600, height: 400 };
  const targets = snapTargets({ aids: FULL, guides: true, grid: false, rects: [canvas] });

  it('a point comes to rest on the nearest line of each axis within reach', () => {
    expect(snapPoint({ x: 103, y: 250 }, targets, 4)).toEqual({ dx: -2.5, dy: 0, x: 100.5, y: null });
    expect(snapPoint({ x: 302, y: 398 }, targets, 4)).toEqual({ dx: -2, dy: 2, x: 300, y: 400 });
    expect(snapPoint({ x: 50, y: 50 }, targets, 4)).toMatchObject({ x: null, y: null, dx: 0, dy: 0 });
  });

  it('a rectangle rests by either edge or its middle', () => {
    expect(snapRect({ x: 498, y: 20, width: 100, height: 41 }, targets, 4)).toMatchObject({ dx: 2, x: 600 });
    expect(snapRect({ x: 251, y: 177, width: 100, height: 50 }, targets, 4)).toMatchObject({
      dx: -1,
      x: 300,
      dy: -2,
      y: 200,
    });
  });

  it('the grid has no end, subdivisions count, and an edge wins over a grid line as near', () => {
    const net = snapTargets({ aids: FULL, guides: false, grid: true, rects: [] });
    // Lines at 5 + 20 k and 7 + 15 k.
    expect(snapPoint({ x: -16, y: 1000 }, net, 4)).toMatchObject({ x: -15, y: 997 });
    const both = snapTargets({ aids: FULL, guides: false, grid: true, rects: [{ ...canvas, x: 9 }] });
    expect(snapPoint({ x: 7, y: 0 }, both, 4)).toMatchObject({ x: 9 });
  });
});

describe('strokes along drawing rulers', () => {
  const reach = { line: 10, decide: 4 };
  const distance = (p: { x: number; y: number }, a: { x: number; y: number }, b: { x: number; y: number }) =>
    Math.abs((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)) / Math.hypot(b.x - a.x, b.y - a.y);

  it('a line ruler takes a stroke that begins near it, from its first reading on', () => {
    const line = { ...FULL.rulers[1]!, on: true };
    const follower = RulerFollower.begin([line], { x: 8, y: 4 }, reach)!;
    const led = [
      follower.first,
      ...follower.lead([
        { x: 20, y: 30 },
        { x: 60, y: 0 },
      ]),
    ];
    expect(led).toHaveLength(3);
    for (const point of led) expect(distance(point, line.points[0]!, line.points[1]!)).toBeLessThan(1e-9);
    expect(RulerFollower.begin([line], { x: 80, y: 4 }, reach)).toBeNull();
    expect(RulerFollower.begin(FULL.rulers.slice(1), { x: 8, y: 4 }, reach)).toBeNull();
  });

  it.each([
    ['to the vanishing point', { x: 20, y: 9 }, { x: 200, y: 100 }],
    ['level', { x: 20, y: 1 }, { x: 100, y: 0 }],
    ['upright', { x: -2, y: 20 }, { x: 0, y: 100 }],
  ])('one vanishing point: %s, after holding back what is too short to tell', (_, by, to) => {
    const start = { x: 0, y: 0 };
    const follower = RulerFollower.begin(FULL.rulers, start, reach)!;
    expect(follower.lead([{ x: 1, y: 1 }])).toEqual([]);
    const led = follower.lead([by, { x: by.x * 3 + 7, y: by.y * 3 - 5 }]);
    expect(led).toHaveLength(3);
    for (const point of led) expect(distance(point, start, to)).toBeLessThan(1e-9);
  });

  it('with three vanishing points a level stroke goes to one of them', () => {
    const points = [
      { x: -500, y: 100 },
      { x: 900, y: 100 },
      { x: 200, y: 2000 },
    ];
    const ruler = { id: 'p', kind: 'perspective-3' as const, points, on: true };
    const start = { x: 200, y: 400 };
    const follower = RulerFollower.begin([ruler], start, reach)!;
    const [point] = follower.lead([{ x: 230, y: 398 }]);
    expect(distance(point!, start, points[1]!)).toBeLessThan(1e-9);
  });
});
