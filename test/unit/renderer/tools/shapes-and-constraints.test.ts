import { describe, expect, it } from 'vitest';
import { averageColour } from '../../../../renderer/tools/eyedropper/average-colour.ts';
import { constrainedRect } from '../../../../renderer/tools/selection/constrain.ts';
import { boxOf, lineEnd, shapePoints } from '../../../../renderer/tools/shape/shape-points.ts';
import type { ShapeSettings } from '../../../../renderer/state/tool-store.ts';

const BASE: ShapeSettings = {
  kind: 'ellipse',
  fill: true,
  stroke: false,
  lineWidth: 4,
  corners: 5,
  inner: 0.5,
  rounding: 0,
};
const BOX = { left: 10, top: 20, right: 210, bottom: 120 };

/** Area by the shoelace formula. */
function area(points: readonly { x: number; y: number }[]): number {
  return Math.abs(
    points.reduce((sum, a, i) => {
      const b = points[(i + 1) % points.length] ?? a;
      return sum + a.x * b.y - b.x * a.y;
    }, 0) / 2,
  );
}

describe('shapes', () => {
  it('an ellipse has the area of an ellipse', () => {
    expect(area(shapePoints(BASE, BOX)) / (Math.PI * 100 * 50)).toBeCloseTo(1, 2);
  });

  it('a regular polygon and a star have theirs', () => {
    const circle = { left: 0, top: 0, right: 200, bottom: 200 };
    const hexagon = area(shapePoints({ ...BASE, kind: 'polygon', corners: 6 }, circle));
    expect(hexagon).toBeCloseTo(((3 * Math.sqrt(3)) / 2) * 100 ** 2, 3);
    const star = area(shapePoints({ ...BASE, kind: 'star', corners: 5 }, circle));
    expect(star).toBeCloseTo(10 * 0.5 * 100 * 50 * Math.sin(Math.PI / 5), 3);
  });

  it('a rounded rectangle loses its corners, never more than half an edge', () => {
    const rounded = area(shapePoints({ ...BASE, kind: 'rectangle', rounding: 20 }, BOX));
    expect(Math.abs(rounded - (200 * 100 - (4 - Math.PI) * 400))).toBeLessThan(10);
    const pill = shapePoints({ ...BASE, kind: 'rectangle', rounding: 900 }, BOX);
    expect(Math.abs(area(pill) - (100 * 100 + Math.PI * 2500))).toBeLessThan(40);
  });

  it('Shift keeps edges equal, Alt draws from the middle, lines turn by 15°', () => {
    expect(boxOf({ x: 50, y: 50 }, { x: 90, y: 20 }, true, false)).toEqual({
      left: 50,
      top: 10,
      right: 90,
      bottom: 50,
    });
    expect(boxOf({ x: 50, y: 50 }, { x: 60, y: 70 }, false, true)).toEqual({
      left: 40,
      top: 30,
      right: 60,
      bottom: 70,
    });
    const end = lineEnd({ x: 0, y: 0 }, { x: 100, y: 24 }, true);
    expect(Math.atan2(end.y, end.x)).toBeCloseTo(Math.PI / 12, 6);
  });
});

describe('selections of a ratio or a size', () => {
  const from = { x: 100, y: 100 };
  it.each([
    ['free', { x: 150, y: 90 }, { x: 100, y: 90, width: 50, height: 10 }],
    ['ratio', { x: 150, y: 110 }, { x: 100, y: 100, width: 50, height: 25 }],
    ['ratio', { x: 90, y: 60 }, { x: 20, y: 60, width: 80, height: 40 }],
    ['size', { x: 30, y: 40 }, { x: 30, y: 40, width: 2, height: 1 }],
  ] as const)('%s', (constraint, to, want) => {
    expect(constrainedRect(from, to, { constraint, width: 2, height: 1 })).toEqual(want);
  });
});

it('the eyedropper averages by what is seen', () => {
  expect(averageColour(Uint8Array.from([200, 0, 0, 255, 0, 100, 0, 255, 9, 9, 9, 0]))).toEqual([100, 50, 0]);
  expect(averageColour(Uint8Array.from([200, 0, 0, 0]))).toBeNull();
});
