import { describe, expect, test } from 'vitest';
import { dragFrame, frameBetween, gripAt, landing } from '../../../../renderer/tools/frame/frame-drag.ts';

const CANVAS = { width: 1000, height: 700 };
const FRAME = { x: 128, y: 64, width: 256, height: 320 };

describe('frame', () => {
  test('a drag makes a snapped frame whichever way it goes', () => {
    const there = frameBetween({ x: 100, y: 90 }, { x: 430, y: 300 }, landing(64), landing(64), CANVAS);
    expect(there).toEqual({ x: 128, y: 64, width: 320, height: 256 });
    expect(frameBetween({ x: 430, y: 300 }, { x: 100, y: 90 }, landing(64), landing(64), CANVAS)).toEqual(
      there,
    );
  });

  test('edges rest on lines before they land on steps', () => {
    const at = landing(64, { x: 437, y: null });
    expect(frameBetween({ x: 100, y: 90 }, { x: 430, y: 300 }, landing(64), at, CANVAS)).toEqual({
      x: 128,
      y: 64,
      width: 309,
      height: 256,
    });
    const corner = gripAt(FRAME, 384, 384, 10)!;
    expect(dragFrame(FRAME, corner, 50, 9, at, CANVAS)).toEqual({ x: 128, y: 64, width: 309, height: 320 });
    const whole = gripAt(FRAME, 250, 200, 10)!;
    expect(dragFrame(FRAME, whole, 9, 9, landing(64, { x: 131, y: 77.5 }), CANVAS)).toEqual({
      ...FRAME,
      x: 131,
      y: 78,
    });
  });

  test('edges and corners are gripped near them, the inside moves whole, far away is nothing', () => {
    expect(gripAt(FRAME, 130, 200, 10)).toEqual({ left: true, right: false, top: false, bottom: false });
    expect(gripAt(FRAME, 384, 384, 10)).toEqual({ left: false, right: true, top: false, bottom: true });
    expect(gripAt(FRAME, 250, 200, 10)).toEqual({ left: true, right: true, top: true, bottom: true });
    expect(gripAt(FRAME, 500, 200, 10)).toBeNull();
  });

  test('a frame never leaves the canvas and never gets smaller than 64 px', () => {
    const whole = gripAt(FRAME, 250, 200, 10)!;
    const corner = gripAt(FRAME, 384, 384, 10)!;
    for (let i = 0; i < 500; i++) {
      const dx = Math.round(Math.sin(i * 7.1) * 2000);
      const dy = Math.round(Math.cos(i * 3.3) * 2000);
      for (const grip of [whole, corner]) {
        const { x, y, width, height } = dragFrame(FRAME, grip, dx, dy, landing(8), CANVAS);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(x + width).toBeLessThanOrEqual(CANVAS.width);
        expect(y + height).toBeLessThanOrEqual(CANVAS.height);
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(64);
      }
    }
  });
});
