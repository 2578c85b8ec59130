import { describe, expect, test } from 'vitest';
import { compileCurve, sampleCurve } from '../../../../renderer/engine/brush/curve.ts';
import { mapPressure, measuredCurve, setPressureCurve } from '../../../../renderer/state/pressure-store.ts';

describe('pressure curves', () => {
  test('measured ones map the 5th to 95th percentile to the whole range', () => {
    const pressures = Array.from({ length: 1001 }, (_, i) => 0.2 + (i / 1000) * 0.4);
    const curve = measuredCurve(pressures)!;
    const table = compileCurve(curve.points);
    expect(sampleCurve(table, 0.22)).toBeCloseTo(0, 2);
    expect(sampleCurve(table, 0.58)).toBeCloseTo(1, 2);
    expect(sampleCurve(table, 0.4)).toBeCloseTo(0.5, 1);
  });

  test('a mouse, or too few readings, measure nothing', () => {
    expect(measuredCurve(Array.from({ length: 100 }, () => 0.5))).toBeNull();
    expect(measuredCurve([0.1, 0.5, 0.9])).toBeNull();
  });

  test('apply to their device alone, the floor to touches alone', () => {
    setPressureCurve('pen on test', {
      points: [
        [0, 0],
        [0.5, 1],
      ],
      floor: 0.1,
    });
    expect(mapPressure('pen on test', 0)).toBe(0);
    expect(mapPressure('pen on test', 0.001)).toBeCloseTo(0.1, 2);
    expect(mapPressure('pen on test', 0.5)).toBe(1);
    expect(mapPressure('another pen', 0.3)).toBe(0.3);
  });
});
