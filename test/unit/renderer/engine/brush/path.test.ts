import { describe, expect, it } from 'vitest';
import { brushWith, type Sample } from '../../../../../renderer/engine/brush/brush.ts';
import { catmullRom, hermitePoint } from '../../../../../renderer/engine/brush/catmull-rom.ts';
import { compileCurve, sampleCurve } from '../../../../../renderer/engine/brush/curve.ts';
import type { Dab } from '../../../../../renderer/engine/brush/dab.ts';
import { BRUSH_PRESETS } from '../../../../../renderer/engine/brush/presets.ts';
import { Stabiliser } from '../../../../../renderer/engine/brush/stabiliser.ts';
import { StrokePath } from '../../../../../renderer/engine/brush/stroke-path.ts';
import { checkBrush } from '../../../../../renderer/engine/brush/check-brush.ts';

const sample = (x: number, y: number, time: number, more: Partial<Sample> = {}): Sample => ({
  x,
  y,
  pressure: 1,
  tiltX: 0,
  tiltY: 0,
  twist: 0,
  time,
  ...more,
});

function dabsOf(brush: Parameters<typeof brushWith>[0], samples: readonly Sample[], seed = 1): Dab[] {
  const dabs: Dab[] = [];
  const path = new StrokePath(brushWith(brush), seed);
  path.extend(samples, (dab) => dabs.push(dab));
  path.finish((dab) => dabs.push(dab));
  return dabs;
}

const circle = (count: number): Sample[] =>
  Array.from({ length: count + 1 }, (_, i) => {
    const turn = (2 * Math.PI * i) / count;
    return sample(300 + 200 * Math.cos(turn), 300 + 200 * Math.sin(turn), (1000 * i) / count);
  });

describe('spacing', () => {
  it.each([5, 33, 200])('puts dabs at even distances whatever the event rate (%i readings)', (count) => {
    const line = Array.from({ length: count + 1 }, (_, i) => sample((500 * i) / count, 0, (500 * i) / count));
    const dabs = dabsOf({ size: 20, spacing: 0.25, stabiliser: 0 }, line);
    expect(dabs.length).toBe(101);
    dabs.forEach((dab, i) => expect(dab.x).toBeCloseTo(5 * i, 6));
  });

  it('follows a curve between sparse readings: a circle of 24 points is round within 0.05 px, 0.8 at its ends (chords miss by 1.7)', () => {
    const dabs = dabsOf({ size: 10, spacing: 0.2, stabiliser: 0.001 }, circle(24));
    const ends = 60;
    dabs.forEach((dab, i) => {
      const off = Math.abs(Math.hypot(dab.x - 300, dab.y - 300) - 200);
      expect(off).toBeLessThan(i < ends || i >= dabs.length - ends ? 0.8 : 0.05);
    });
    expect(dabs.length).toBeGreaterThan(620);
    expect(dabs.length).toBeLessThan(632);
  });

  it('does not depend on readings that repeat a place', () => {
    const once = dabsOf({ size: 9, stabiliser: 0 }, [sample(0, 0, 0), sample(100, 0, 10)]);
    const twice = dabsOf({ size: 9, stabiliser: 0 }, [
      sample(0, 0, 0),
      sample(0, 0, 2),
      sample(100, 0, 10),
      sample(100, 0, 12),
    ]);
    expect(twice).toEqual(once);
  });
});

describe('stabiliser', () => {
  it('lags a steady pen by half its window, at any event rate', () => {
    for (const rate of [60, 240]) {
      const stabiliser = new Stabiliser(5);
      let out = sample(0, 0, 0);
      for (let i = 0; i <= rate; i++) out = stabiliser.push(sample((1000 * i) / rate, 0, (1000 * i) / rate));
      // 5 × 8 ms at one pixel a millisecond, averaged.
      expect(out.x).toBeCloseTo(1000 - 20, 6);
    }
  });

  it('takes the tremble out of a line', () => {
    const shaky = Array.from({ length: 200 }, (_, i) => sample(i * 2, i % 2 === 0 ? 3 : -3, i * 4));
    const stabiliser = new Stabiliser(6);
    const out = shaky.map((reading) => stabiliser.push(reading)).slice(30);
    for (const reading of out) expect(Math.abs(reading.y)).toBeLessThan(0.4);
  });

  it('keeps pressure as it is up to level 6 and averages it above', () => {
    for (const [level, same] of [
      [6, true],
      [7, false],
    ] as const) {
      const stabiliser = new Stabiliser(level);
      stabiliser.push(sample(0, 0, 0, { pressure: 0 }));
      expect(stabiliser.push(sample(1, 0, 8, { pressure: 1 })).pressure === 1).toBe(same);
    }
  });

  it('survives a clock that steps back', () => {
    const dabs = dabsOf({ size: 10, stabiliser: 8 }, [
      sample(0, 0, 100),
      sample(50, 0, 40),
      sample(90, 10, 41),
      sample(99, 10, 300),
    ]);
    expect(dabs.every((dab) => Number.isFinite(dab.x) && Number.isFinite(dab.y))).toBe(true);
    expect(dabs.at(-1)!.x).toBeGreaterThan(97);
  });
});

describe('Catmull-Rom', () => {
  it('goes through its points and has one tangent on both sides of each', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 10, y: 5 },
      { x: 12, y: 40 },
      { x: 90, y: 41 },
      { x: 91, y: 0 },
    ] as const;
    const first = catmullRom(points[0], points[1], points[2], points[3]);
    const second = catmullRom(points[1], points[2], points[3], points[4]);
    expect(hermitePoint(first, 0)).toEqual(points[1]);
    expect(hermitePoint(first, 1)).toEqual(points[2]);
    expect(first.m2.x * second.m1.y - first.m2.y * second.m1.x).toBeCloseTo(0, 9);
  });

  it('is a straight, even line on even readings', () => {
    const segment = catmullRom({ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 20, y: 0 }, { x: 30, y: 0 });
    for (const t of [0.1, 0.5, 0.9])
      expect(hermitePoint(segment, t)).toEqual({ x: expect.closeTo(10 + 10 * t, 9), y: 0 });
  });
});

describe('curves', () => {
  it('go through their points, never overshoot, and are flat beyond them', () => {
    const table = compileCurve([
      [0.1, 0.2],
      [0.5, 0.9],
      [0.6, 0.9],
      [0.9, 0.3],
    ]);
    expect(sampleCurve(table, 0.5)).toBeCloseTo(0.9, 2);
    expect(sampleCurve(table, 0)).toBeCloseTo(0.2, 6);
    expect(sampleCurve(table, 1)).toBeCloseTo(0.3, 6);
    expect(Math.max(...table)).toBeLessThanOrEqual(0.9 + 1e-6);
    for (let x = 0.1; x < 0.49; x += 0.01)
      expect(sampleCurve(table, x + 0.01)).toBeGreaterThanOrEqual(sampleCurve(table, x));
  });

  it('of two points are straight', () => {
    const table = compileCurve([
      [0, 0],
      [1, 1],
    ]);
    for (const x of [0, 0.123, 0.5, 0.999, 1]) expect(sampleCurve(table, x)).toBeCloseTo(x, 6);
  });
});

describe('sensors', () => {
  const line = (more: (i: number) => Partial<Sample>): Sample[] =>
    Array.from({ length: 51 }, (_, i) => sample(i * 4, 0, i * 10, more(i)));
  const ramp = [
    [0, 0],
    [1, 1],
  ] as const;

  it('pressure drives size, tilt drives opacity, twist and direction turn the tip', () => {
    const bySize = dabsOf(
      { size: 40, stabiliser: 0, dynamics: { size: [{ sensor: 'pressure', curve: ramp }] } },
      line((i) => ({ pressure: i / 50 })),
    );
    for (const dab of bySize.slice(5)) expect(dab.radius).toBeCloseTo((20 * dab.x) / 200, 1);
    const byTilt = dabsOf(
      { stabiliser: 0, dynamics: { opacity: [{ sensor: 'tilt', curve: ramp }] } },
      line(() => ({ tiltX: 45 })),
    );
    for (const dab of byTilt) expect(dab.opacity).toBeCloseTo(0.5, 3);
    const byTwist = dabsOf(
      { stabiliser: 0, dynamics: { angle: [{ sensor: 'twist', curve: ramp }] } },
      line(() => ({ twist: 90 })),
    );
    for (const dab of byTwist) expect(dab.angle).toBeCloseTo(Math.PI / 2, 6);
    const down = Array.from({ length: 20 }, (_, i) => sample(0, i * 5, i));
    const byDirection = dabsOf(
      { stabiliser: 0, dynamics: { angle: [{ sensor: 'direction', curve: ramp }] } },
      down,
    );
    expect(byDirection.at(-1)!.angle).toBeCloseTo(Math.PI / 2, 6);
  });

  it('speed, fade and random stay within their ranges and random follows its seed', () => {
    const bySpeed = dabsOf(
      { stabiliser: 0, dynamics: { opacity: [{ sensor: 'speed', curve: ramp }] } },
      line(() => ({})),
    );
    expect(bySpeed.at(-1)!.opacity).toBeCloseTo(0.1, 2);
    const byFade = dabsOf(
      {
        size: 2,
        stabiliser: 0,
        dynamics: {
          flow: [
            {
              sensor: 'fade',
              curve: [
                [0, 1],
                [1, 0],
              ],
            },
          ],
        },
      },
      line(() => ({})),
    );
    expect(byFade.at(-1)!.x).toBeLessThan(129);
    const random = {
      stabiliser: 0,
      dynamics: { size: [{ sensor: 'random', curve: ramp }] },
      scatter: 1,
    } as const;
    expect(
      dabsOf(
        random,
        line(() => ({})),
        5,
      ),
    ).toEqual(
      dabsOf(
        random,
        line(() => ({})),
        5,
      ),
    );
    expect(
      dabsOf(
        random,
        line(() => ({})),
        5,
      ),
    ).not.toEqual(
      dabsOf(
        random,
        line(() => ({})),
        6,
      ),
    );
  });
});

describe('presets', () => {
  it('are valid, have names of their own, and each makes dabs', () => {
    expect(new Set(BRUSH_PRESETS.map((brush) => brush.id)).size).toBe(BRUSH_PRESETS.length);
    expect(new Set(BRUSH_PRESETS.map((brush) => brush.name)).size).toBe(BRUSH_PRESETS.length);
    for (const brush of BRUSH_PRESETS) {
      checkBrush(brush);
      expect(dabsOf(brush, circle(60)).length, brush.name).toBeGreaterThan(20);
    }
  });
});
