import { describe, expect, test, vi } from 'vitest';
import { PalmRejection } from '../../../../renderer/input/palm-rejection.ts';
import { Pinch } from '../../../../renderer/input/pinch.ts';
import { TapGesture } from '../../../../renderer/input/tap-gesture.ts';
import { TouchRouter } from '../../../../renderer/input/touch-router.ts';
import { wheelIntent } from '../../../../renderer/input/wheel-intent.ts';
import { toDocument } from '../../../../renderer/canvas/view-transform.ts';

const touch = (time: number, width = 10) => ({ pointerType: 'touch', width, height: width, time });

describe('palms', () => {
  test('touches count for nothing until 500 ms after the last pen event, hovering included', () => {
    const palms = new PalmRejection();
    expect(palms.rejects(touch(0))).toBe(false);
    palms.notePen(1000);
    expect(palms.rejects(touch(1400))).toBe(true);
    expect(palms.rejects(touch(1499))).toBe(true);
    expect(palms.rejects(touch(1500))).toBe(false);
  });

  test('a contact wider than 40 px is a palm', () => {
    const palms = new PalmRejection();
    expect(palms.rejects(touch(0, 40))).toBe(false);
    expect(palms.rejects(touch(0, 41))).toBe(true);
  });

  test('pens and mice are never palms', () => {
    const palms = new PalmRejection();
    palms.notePen(0);
    expect(palms.rejects({ ...touch(1, 100), pointerType: 'pen' })).toBe(false);
  });
});

describe('taps', () => {
  test('two fingers that land and lift quickly are a tap of two', () => {
    const taps = new TapGesture();
    taps.down(1, 100, 100, 0);
    taps.down(2, 200, 100, 90);
    expect(taps.up(1, 200)).toBe(0);
    expect(taps.up(2, 240)).toBe(2);
  });

  test.each([
    ['the second lands after 250 ms', 251, 300, 0],
    ['they lift after 500 ms', 90, 501, 0],
    ['one moves 12 px', 90, 200, 12],
  ])('no tap when %s', (_reason, landed, lifted, moved) => {
    const taps = new TapGesture();
    taps.down(1, 100, 100, 0);
    taps.down(2, 200, 100, landed);
    taps.move(2, 200 + moved, 100);
    taps.up(1, lifted);
    expect(taps.up(2, lifted)).toBe(0);
  });

  test('a failed gesture does not spoil the next tap', () => {
    const taps = new TapGesture();
    taps.down(1, 0, 0, 0);
    taps.move(1, 50, 0);
    taps.up(1, 100);
    taps.down(1, 0, 0, 1000);
    taps.down(2, 50, 0, 1010);
    taps.down(3, 99, 0, 1020);
    taps.up(1, 1100);
    taps.up(2, 1100);
    expect(taps.up(3, 1100)).toBe(3);
  });
});

describe('fingers that rest', () => {
  const view = { x: 0, y: 0, zoom: 1, rotation: 0, flip: false };
  const held = (fingers: number): { router: TouchRouter; acts: string[] } => {
    const acts: string[] = [];
    const act = (name: string) => () => void acts.push(name);
    const router = new TouchRouter({
      view: () => view,
      setView: () => undefined,
      retract: () => undefined,
      undo: act('undo'),
      redo: act('redo'),
      fit: act('fit'),
      panels: act('panels'),
    });
    for (let id = 0; id < fingers; id++) {
      const point = { x: 100 * id, y: 50 };
      router.down(id, point, point, 20 * id);
    }
    return { router, acts };
  };

  test('two undo again and again, three redo, until they lift', () => {
    vi.useFakeTimers();
    try {
      for (const [fingers, name] of [
        [2, 'undo'],
        [3, 'redo'],
      ] as const) {
        const { router, acts } = held(fingers);
        vi.advanceTimersByTime(599);
        expect(acts).toEqual([]);
        vi.advanceTimersByTime(1 + 3 * 180);
        expect(acts).toEqual([name, name, name, name]);
        for (let id = 0; id < fingers; id++) router.up(id, 1200);
        vi.advanceTimersByTime(2000);
        expect(acts.length).toBe(4);
      }
    } finally {
      vi.useRealTimers();
    }
  });

  test('one that moves, or one alone, repeats nothing', () => {
    vi.useFakeTimers();
    try {
      const pinch = held(2);
      pinch.router.move(1, { x: 120, y: 50 }, { x: 120, y: 50 });
      const single = held(1);
      vi.advanceTimersByTime(3000);
      expect([...pinch.acts, ...single.acts]).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('wheel', () => {
  const wheel = { deltaX: 0, deltaY: 0, deltaMode: 0, ctrlKey: false, shiftKey: false, altKey: false };

  test('a wheel zooms, in on turning away', () => {
    const intent = wheelIntent({ ...wheel, deltaY: -120 });
    expect(intent).toMatchObject({ kind: 'zoom' });
    expect(intent.kind === 'zoom' && intent.factor).toBeGreaterThan(1);
  });

  test.each([
    ['sideways movement', { deltaX: 3, deltaY: 8 }],
    ['a fractional distance', { deltaY: 4.5 }],
  ])('%s is a trackpad and pans', (_name, change) => {
    expect(wheelIntent({ ...wheel, ...change }).kind).toBe('pan');
  });

  test('a pinch, which browsers report with Ctrl, zooms', () => {
    expect(wheelIntent({ ...wheel, deltaX: 0, deltaY: 2.5, ctrlKey: true }).kind).toBe('zoom');
  });

  test('the switch overrules the guess', () => {
    expect(wheelIntent({ ...wheel, deltaY: 120 }, 'pan').kind).toBe('pan');
    expect(wheelIntent({ ...wheel, deltaX: 3, deltaY: 4 }, 'zoom').kind).toBe('zoom');
  });
});

describe('two fingers', () => {
  const view = { zoom: 1, rotation: 0, flip: false, x: 0, y: 0 };

  test('spreading zooms about their middle', () => {
    const pinch = new Pinch(view, [
      { x: 100, y: 100 },
      { x: 200, y: 100 },
    ]);
    const next = pinch.move([
      { x: 50, y: 100 },
      { x: 250, y: 100 },
    ]);
    expect(next.zoom).toBeCloseTo(2, 9);
    expect(toDocument(next, { x: 150, y: 100 }).x).toBeCloseTo(150, 6);
  });

  test('a turn under 12° does not turn the view; beyond, it does', () => {
    const turned = (degrees: number): number => {
      const pinch = new Pinch(view, [
        { x: 0, y: 0 },
        { x: 100, y: 0 },
      ]);
      const angle = (degrees * Math.PI) / 180;
      return pinch.move([
        { x: 0, y: 0 },
        { x: 100 * Math.cos(angle), y: 100 * Math.sin(angle) },
      ]).rotation;
    };
    expect(turned(11)).toBe(0);
    expect(turned(30)).toBeCloseTo(Math.PI / 6, 6);
    expect(turned(88)).toBeCloseTo(Math.PI / 2, 6);
  });
});
