import { describe, expect, it } from 'vitest';
import { DisplacementField } from '../../../../../renderer/engine/transform/displacement.ts';

const everywhere = (): number => 1;

function field(): DisplacementField {
  return new DisplacementField({ x: 0, y: 0, width: 400, height: 400 });
}

function from(it: DisplacementField, x: number, y: number): [number, number] {
  const out = new Float64Array(2);
  it.back()(x, y, out);
  return [out[0] as number, out[1] as number];
}

describe('a field of displacements', () => {
  it('shoves the middle by the whole way and the rim not at all', () => {
    const moved = field();
    moved.dab({ x: 200, y: 200 }, 100, { kind: 'push', dx: 12, dy: -4 }, everywhere);
    expect(from(moved, 200, 200)).toEqual([188, 204]);
    expect(from(moved, 304, 200)).toEqual([304, 200]);
    // Half way out: (1 - 1/4)² of it.
    expect(from(moved, 252, 200)[0]).toBeCloseTo(252 - 12 * (1 - 0.52 ** 2) ** 2, 4);
  });

  it('adds dabs as maps, one after the other', () => {
    const moved = field();
    for (let i = 0; i < 2; i++)
      moved.dab({ x: 200, y: 200 }, 400, { kind: 'push', dx: 8, dy: 0 }, (x) => (x > 100 && x < 300 ? 1 : 0));
    // The second dab takes from 8 px to the left, which the first had taken from there on.
    const weight = (x: number) => (1 - (x - 200) ** 2 / 400 ** 2) ** 2;
    const first = 200 - 8 * weight(200);
    expect(from(moved, 200, 200)[0]).toBeCloseTo(first - 8 * weight(first), 1);
  });

  it('twirls about the middle, keeping distances', () => {
    const moved = field();
    moved.dab({ x: 200, y: 200 }, 120, { kind: 'twirl', angle: 0.5 }, everywhere);
    const [x, y] = from(moved, 240, 200);
    expect(Math.hypot(x - 200, y - 200)).toBeCloseTo(40, 1);
    expect(Math.atan2(y - 200, x - 200)).toBeCloseTo(-0.5 * (1 - (40 / 120) ** 2) ** 2, 2);
  });

  it('draws together or pushes apart', () => {
    const pinched = field();
    pinched.dab({ x: 200, y: 200 }, 120, { kind: 'pinch', amount: 0.3 }, everywhere);
    expect(from(pinched, 240, 200)[0]).toBeGreaterThan(245);
    const blown = field();
    blown.dab({ x: 200, y: 200 }, 120, { kind: 'pinch', amount: -0.3 }, everywhere);
    expect(from(blown, 240, 200)[0]).toBeLessThan(235);
  });

  it('restores, and leaves alone what is not selected', () => {
    const moved = field();
    moved.dab({ x: 200, y: 200 }, 100, { kind: 'push', dx: 20, dy: 0 }, (x) => (x < 200 ? 0 : 1));
    expect(from(moved, 192, 200)).toEqual([192, 200]);
    expect(from(moved, 200, 200)[0]).toBe(180);
    for (let i = 0; i < 80; i++)
      moved.dab({ x: 200, y: 200 }, 200, { kind: 'restore', amount: 0.5 }, everywhere);
    expect(Math.abs(from(moved, 200, 200)[0] - 200)).toBeLessThan(0.01);
  });
});
