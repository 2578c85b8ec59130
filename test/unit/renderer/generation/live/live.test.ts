import { describe, expect, it } from 'vitest';
import type { Rect } from '../../../../../renderer/engine/geometry/rect.ts';
import { readWorkingPart, workingRect } from '../../../../../renderer/generation/live/frame-pixels.ts';
import { LiveCanvas } from '../../../../../renderer/generation/live/live-canvas.ts';
import { LiveOverlay } from '../../../../../renderer/generation/live/live-overlay.ts';
import { LIVE_AT_REST, type LiveState } from '../../../../../renderer/generation/live/live-store.ts';
import { liveWords } from '../../../../../renderer/generation/live/live-words.ts';

const EDGE = 200;

/** A document of noise that can be painted on. */
function sheet() {
  const rgba = Uint8Array.from({ length: EDGE * EDGE * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7919) % 251));
  return {
    read: (rect: Rect): Uint8Array => {
      const part = new Uint8Array(rect.width * rect.height * 4);
      for (let y = 0; y < rect.height; y++) {
        const from = ((rect.y + y) * EDGE + rect.x) * 4;
        part.set(rgba.subarray(from, from + rect.width * 4), y * rect.width * 4);
      }
      return part;
    },
    paint: (x: number, y: number, edge: number, value: number): Rect => {
      for (let row = y; row < y + edge; row++)
        rgba.fill(value, (row * EDGE + x) * 4, (row * EDGE + x + edge) * 4);
      return { x, y, width: edge, height: edge };
    },
  };
}

describe('the frame at working size', () => {
  it.each([
    [
      { x: 0, y: 0, width: 200, height: 200 },
      { width: 64, height: 64 },
    ],
    [
      { x: 13, y: 27, width: 150, height: 90 },
      { width: 96, height: 56 },
    ],
    [
      { x: 10, y: 10, width: 40, height: 40 },
      { width: 128, height: 128 },
    ],
  ])('is the same read in parts as whole: frame %o at %o', (frame, size) => {
    const { read } = sheet();
    const whole = readWorkingPart(read, frame, size, { x: 0, y: 0, ...size });
    for (const part of [
      { x: 0, y: 0, width: 9, height: 5 },
      { x: 17, y: 11, width: 30, height: 31 },
      { x: size.width - 3, y: size.height - 2, width: 3, height: 2 },
    ]) {
      const { rgba } = readWorkingPart(read, frame, size, part);
      for (let y = 0; y < part.height; y++) {
        const from = ((part.y + y) * size.width + part.x) * 4;
        expect(rgba.subarray(y * part.width * 4, (y + 1) * part.width * 4)).toEqual(
          whole.rgba.subarray(from, from + part.width * 4),
        );
      }
    }
  });

  it('is the mean of what lies under each pixel', () => {
    const read = ({ width, height }: Rect): Uint8Array =>
      Uint8Array.from({ length: width * height * 4 }, (_, i) =>
        i % 4 === 3 ? 255 : [10, 30, 20, 40][(i >> 2) % 4]!,
      );
    const { rgba } = readWorkingPart(
      read,
      { x: 0, y: 0, width: 2, height: 2 },
      { width: 1, height: 1 },
      {
        x: 0,
        y: 0,
        width: 1,
        height: 1,
      },
    );
    expect([...rgba]).toEqual([25, 25, 25, 255]);
  });

  it('covers every pixel that a change falls into, and nothing beside the frame', () => {
    const frame = { x: 100, y: 0, width: 100, height: 100 };
    expect(workingRect({ x: 0, y: 0, width: 99, height: 9 }, frame, { width: 64, height: 64 })).toBeNull();
    expect(workingRect({ x: 101, y: 50, width: 1, height: 300 }, frame, { width: 64, height: 64 })).toEqual({
      x: 0,
      y: 32,
      width: 2,
      height: 32,
    });
  });
});

describe('the live canvas', () => {
  it('counts a change only where something differs, and sends what changed since', () => {
    const { read, paint } = sheet();
    const place = { frame: { x: 0, y: 0, width: EDGE, height: EDGE }, width: 50, height: 50 };
    const canvas = new LiveCanvas(place, read);
    canvas.touch({ x: 0, y: 0, width: 80, height: 80 });
    expect(canvas.takeChange()).toBeNull();
    canvas.touch(paint(40, 60, 8, 255));
    expect(canvas.takeChange()).toEqual({ x: 10, y: 15, width: 2, height: 2 });
    expect(canvas.number).toBe(1);
    expect(canvas.paintedAt[15 * 50 + 10]).toBe(1);
    expect(canvas.paintedAt[0]).toBe(0);
    canvas.touch(paint(80, 60, 4, 0));
    canvas.takeChange();
    expect(canvas.takeUnsent()).toMatchObject({ x: 10, y: 15, width: 11, height: 2 });
    expect(canvas.takeUnsent()).toBeNull();
  });
});

describe('what is shown over the picture', () => {
  const raster = (value: number) => ({ width: 8, height: 8, rgba: new Uint8Array(256).fill(value) });
  const alphaAt = (overlay: LiveOverlay, x: number, y: number): number | undefined =>
    overlay.rgba[(y * 8 + x) * 4 + 3];
  const valueAt = (overlay: LiveOverlay, x: number, y: number): number | undefined =>
    overlay.rgba[(y * 8 + x) * 4];

  it('lies bare where something was painted since, until a picture knows it', () => {
    const overlay = new LiveOverlay(8, 8);
    const paintedAt = new Uint32Array(64);
    overlay.take(0, raster(200), paintedAt, 0.5, null);
    expect(alphaAt(overlay, 2, 3)).toBe(100);
    paintedAt[3 * 8 + 2] = 1;
    overlay.bare({ x: 2, y: 3, width: 1, height: 1 }, paintedAt);
    expect([alphaAt(overlay, 2, 3), alphaAt(overlay, 3, 3)]).toEqual([0, 100]);
    overlay.take(0, raster(210), paintedAt, 0.5, null);
    expect(alphaAt(overlay, 2, 3)).toBe(0);
    overlay.take(1, raster(220), paintedAt, 0.5, null);
    expect([valueAt(overlay, 2, 3), alphaAt(overlay, 2, 3)]).toEqual([220, 110]);
  });

  it('keeps still around a nib, says so, and comes up to date when it is lifted', () => {
    const overlay = new LiveOverlay(8, 8);
    const paintedAt = new Uint32Array(64);
    expect(overlay.take(0, raster(100), paintedAt, 1, null)).toBe(false);
    expect(overlay.take(1, raster(200), paintedAt, 1, { x: 1, y: 1, radius: 2 })).toBe(true);
    expect([valueAt(overlay, 1, 3), valueAt(overlay, 3, 3), valueAt(overlay, 4, 1)]).toEqual([100, 200, 200]);
    overlay.release(paintedAt, 1);
    expect(valueAt(overlay, 1, 1)).toBe(200);
  });
});

describe('the words', () => {
  const live: LiveState = {
    phase: 'running',
    strength: 0.5,
    blend: 0.8,
    steps: 4,
    madeSteps: 4,
    madeWidth: 384,
    madeHeight: 256,
    ...LIVE_AT_REST,
    latency: 180,
  };

  it.each<[string, Partial<LiveState>, string]>([
    ['off', { phase: 'off' }, 'Live is off'],
    ['current', {}, '● Live 180 ms'],
    ['behind', { waiting: true, behind: 3 }, '◐ Live, 3 strokes behind'],
    ['behind', { waiting: true, behind: 1 }, '◐ Live, 1 stroke behind'],
    ['quiet', { heldBack: true, waiting: true }, '◌ Live, waiting for the pen'],
    ['yielding', { phase: 'yielding' }, '‖ Live, paused for Fill'],
    ['eased', { phase: 'eased', cause: 'slow' }, '▽ Live, 4 steps, 384 px'],
    [
      'stopped',
      { phase: 'stopped', error: { message: 'no memory', remedy: '' } },
      '■ Live stopped: no memory',
    ],
  ])('name the state %s', (state, change, text) => {
    const words = liveWords({ ...live, ...change }, 'Fill');
    expect(words.state).toBe(state);
    expect(`${words.mark} ${words.text}`.trim()).toBe(text);
  });
});
