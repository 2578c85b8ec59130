import { describe, expect, it } from 'vitest';
import { outlineMask } from '../../../../../renderer/engine/selection/outline-mask.ts';
import type { SelectionMask } from '../../../../../renderer/engine/selection/selection-mask.ts';

const CANVAS = { x: 0, y: 0, width: 400, height: 300 };
const area = (mask: SelectionMask): number => mask.data.reduce((sum, value) => sum + value / 255, 0);

describe('outlines', () => {
  it.each([
    [20, 0],
    [7, 0.3],
    [3.5, 1.1],
    [1, 0.7],
  ])('a line of width %f at %f rad covers a rectangle with round ends', (width, angle) => {
    const from = { x: 60, y: 60 };
    const to = { x: 60 + 180 * Math.cos(angle), y: 60 + 180 * Math.sin(angle) };
    const want = 180 * width + (Math.PI * width * width) / 4;
    expect(Math.abs(area(outlineMask([from, to], false, width, CANVAS)) - want) / want).toBeLessThan(0.02);
  });

  it('a hairline covers by its width', () => {
    const mask = outlineMask(
      [
        { x: 20.5, y: 50.5 },
        { x: 220.5, y: 50.5 },
      ],
      false,
      0.25,
      CANVAS,
    );
    expect(Math.abs(area(mask) - 50)).toBeLessThan(2);
  });

  it('a closed square has four sides, an open one three', () => {
    const square = [
      { x: 50, y: 50 },
      { x: 150, y: 50 },
      { x: 150, y: 150 },
      { x: 50, y: 150 },
    ];
    const closed = area(outlineMask(square, true, 4, CANVAS));
    expect(Math.abs(closed - (104 ** 2 - 96 ** 2 - (4 - Math.PI) * 4))).toBeLessThan(8);
    expect(closed - area(outlineMask(square, false, 4, CANVAS))).toBeGreaterThan(380);
  });

  it('stops at the canvas', () => {
    const mask = outlineMask(
      [
        { x: -500, y: 100 },
        { x: 900, y: 100 },
      ],
      false,
      10,
      CANVAS,
    );
    expect(mask.bounds()).toEqual({ x: 0, y: 95, width: 400, height: 10 });
  });
});
