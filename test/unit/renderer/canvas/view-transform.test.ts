import { describe, expect, test } from 'vitest';
import {
  fitRect,
  flipView,
  panBy,
  rotateAbout,
  screenBounds,
  settleOnPixels,
  toDocument,
  toScreen,
  type ViewTransform,
  zoomAbout,
} from '../../../../renderer/canvas/view-transform.ts';

const VIEWS: ViewTransform[] = [
  { zoom: 1, rotation: 0, flip: false, x: 10, y: 20 },
  { zoom: 0.37, rotation: 0.4, flip: false, x: -300, y: 55.5 },
  { zoom: 12, rotation: -2.1, flip: true, x: 640, y: 400 },
];

describe.each(VIEWS)('view %o', (view) => {
  test('going to the screen and back returns to the point', () => {
    const back = toDocument(view, toScreen(view, { x: 123.25, y: -7.5 }));
    expect(back.x).toBeCloseTo(123.25, 9);
    expect(back.y).toBeCloseTo(-7.5, 9);
  });

  test('zooming keeps the point under the pointer', () => {
    const anchor = { x: 417, y: 233 };
    const before = toDocument(view, anchor);
    const after = toDocument(zoomAbout(view, anchor, view.zoom * 1.7), anchor);
    expect(after.x).toBeCloseTo(before.x, 6);
    expect(after.y).toBeCloseTo(before.y, 6);
  });

  test('turning keeps the point under the pointer and lengths', () => {
    const anchor = { x: 90, y: 800 };
    const before = toDocument(view, anchor);
    const turned = rotateAbout(view, anchor, 1.1);
    const after = toDocument(turned, anchor);
    expect(after.x).toBeCloseTo(before.x, 6);
    expect(after.y).toBeCloseTo(before.y, 6);
    expect(turned.zoom).toBe(view.zoom);
  });

  test('flipping mirrors about the middle of the screen', () => {
    const width = 1000;
    const point = { x: 31, y: 47 };
    const before = toScreen(view, point);
    const after = toScreen(flipView(view, width), point);
    expect(after.x).toBeCloseTo(width - before.x, 6);
    expect(after.y).toBeCloseTo(before.y, 6);
  });

  test('bounds on screen hold all corners', () => {
    const rect = { x: 3, y: 5, width: 200, height: 90 };
    const bounds = screenBounds(view, rect);
    for (const corner of [rect, { x: 203, y: 95 }, { x: 3, y: 95 }, { x: 203, y: 5 }]) {
      const { x, y } = toScreen(view, corner);
      expect(x).toBeGreaterThanOrEqual(bounds.x);
      expect(x).toBeLessThanOrEqual(bounds.x + bounds.width);
      expect(y).toBeGreaterThanOrEqual(bounds.y);
      expect(y).toBeLessThanOrEqual(bounds.y + bounds.height);
    }
  });
});

test('a fitted picture lies inside its margin, in the middle', () => {
  const view = fitRect({ x: 0, y: 0, width: 1024, height: 512 }, { width: 900, height: 700 }, 24);
  const corner = toScreen(view, { x: 0, y: 0 });
  const opposite = toScreen(view, { x: 1024, y: 512 });
  expect(corner.x).toBeGreaterThanOrEqual(23);
  expect(opposite.x).toBeLessThanOrEqual(877);
  expect(Math.abs(corner.y + opposite.y - 700)).toBeLessThanOrEqual(1);
});

test('an unturned view stands on whole pixels after any pan', () => {
  const view = settleOnPixels(panBy({ zoom: 1, rotation: 0, flip: false, x: 0, y: 0 }, 3.4, -8.6));
  expect([view.x, view.y]).toEqual([3, -9]);
});
