import { describe, expect, test } from 'vitest';
import { PaintDocument } from '../../../../renderer/engine/document.ts';
import { layerRecord } from '../../../../renderer/engine/layers/layer-record.ts';
import { writeRegion } from '../../../../renderer/engine/tiles/region.ts';
import { hasPicture } from '../../../../renderer/generation/frame-content.ts';
import { autoFrame, fitToMultiple, frameText, workingSize } from '../../../../renderer/generation/frame.ts';
import { resample, shrinkByWhole } from '../../../../renderer/generation/resample.ts';
import {
  possibleVerbs,
  priceNote,
  priceText,
  type VerbFacts,
  verbFor,
} from '../../../../renderer/generation/verb.ts';

describe('verb', () => {
  const blank: VerbFacts = {
    frameHasPixels: false,
    strength: 1,
    selected: false,
    hasText: true,
    blankBeside: false,
    onlyGroup: null,
    guides: 0,
    forced: null,
  };

  test.each<[string, Partial<VerbFacts>, string]>([
    ['an empty frame', {}, 'Generate'],
    ['an empty frame at any strength', { strength: 0.4 }, 'Generate'],
    ['pixels, strength < 100%', { frameHasPixels: true, strength: 0.45 }, 'Refine 45%'],
    ['pixels, strength 100%', { frameHasPixels: true }, 'Generate over'],
    ['a selection, 100%, text', { frameHasPixels: true, selected: true }, 'Fill'],
    ['a selection on an empty sheet', { selected: true }, 'Fill'],
    ['a selection, < 100%', { frameHasPixels: true, selected: true, strength: 0.5 }, 'Refine selection'],
    ['a selection, no text', { frameHasPixels: true, selected: true, hasText: false }, 'Remove'],
    ['blank canvas beside pixels', { frameHasPixels: true, blankBeside: true, strength: 0.5 }, 'Extend'],
    ['a group with "only this"', { frameHasPixels: true, onlyGroup: 'Fox' }, 'Redo Fox'],
    ['guides', { guides: 2 }, 'Generate, 2 guides'],
    ['a guide and a selection', { selected: true, guides: 1 }, 'Fill, 1 guide'],
  ])('%s: %s', (_name, facts, label) => {
    expect(verbFor({ ...blank, ...facts }).label).toBe(label);
  });

  test('a verb that was forced is pinned, as long as the canvas allows it', () => {
    const selected = { ...blank, frameHasPixels: true, selected: true };
    expect(verbFor({ ...selected, forced: 'remove' })).toMatchObject({ label: 'Remove', pinned: true });
    expect(verbFor({ ...selected, forced: 'fill' })).toMatchObject({ label: 'Fill', pinned: false });
    expect(verbFor({ ...blank, forced: 'remove' })).toMatchObject({ label: 'Generate', pinned: false });
    expect(possibleVerbs(selected).map(({ kind }) => kind)).toEqual(['generate-over', 'fill', 'remove']);
  });

  test.each([
    [{ seconds: 2.14, savedSeconds: 0.1, onceSeconds: 0, measured: true }, '2.1 s', null],
    [{ seconds: 2.2, savedSeconds: 7.8, onceSeconds: 0, measured: true }, '2.2 s', '78% from cache'],
    [
      { seconds: 40, savedSeconds: 0, onceSeconds: 6, measured: false },
      'about 40 s',
      '+6.0 s once, first time',
    ],
    [{ seconds: 200, savedSeconds: 0, onceSeconds: 0, measured: true }, '3 min', null],
  ])('price %o is said as %s and %s', (price, text, note) => {
    expect(priceText(price)).toBe(text);
    expect(priceNote(price)).toBe(note);
  });
});

describe('frame', () => {
  test('the working size keeps the canvas’s proportions in steps the model can make', () => {
    const model = { nativeWidth: 512, nativeHeight: 512, sizeMultiple: 64 };
    const size = workingSize({ width: 1920, height: 1080 }, model);
    expect(size.width % 64).toBe(0);
    expect(size.height % 64).toBe(0);
    expect(size.width / size.height).toBeCloseTo(16 / 9, 0);
    expect(fitToMultiple(1, 64)).toBe(64);
    expect(fitToMultiple(99_999, 64)).toBe(4096);
  });

  test('the frame is the largest that fits, in the middle, and names the working size', () => {
    const frame = autoFrame({ width: 1000, height: 600 }, { width: 256, height: 256 });
    expect(frame).toEqual({ x: 200, y: 0, width: 600, height: 600 });
    expect(frameText(frame, { width: 256, height: 256 })).toBe('600 × 600, drawn at 256 × 256, fitted');
  });
});

describe('what is in the frame', () => {
  const make = (): PaintDocument => {
    const document = new PaintDocument(300, 300, [layerRecord({ id: 'sheet' }), layerRecord({ id: 'top' })]);
    const white = new Uint8Array(300 * 300 * 4).fill(255);
    const tiles = writeRegion({ get: () => undefined }, document.canvas, white);
    document.apply([{ type: 'tiles', layerId: 'sheet', tiles }]);
    return document;
  };

  test('a white sheet whose edge tiles are partly beyond the canvas is blank', () => {
    expect(hasPicture(make(), { x: 0, y: 0, width: 300, height: 300 })).toBe(false);
  });

  test('one painted pixel counts, a hidden one does not', () => {
    const document = make();
    const dot = new Uint8Array(4).fill(200);
    const tiles = writeRegion({ get: () => undefined }, { x: 280, y: 10, width: 1, height: 1 }, dot);
    document.apply([{ type: 'tiles', layerId: 'top', tiles }]);
    const whole = { x: 0, y: 0, width: 300, height: 300 };
    expect(hasPicture(document, whole)).toBe(true);
    expect(hasPicture(document, { x: 0, y: 0, width: 200, height: 200 })).toBe(false);
    document.apply([{ type: 'layer-props', layerId: 'top', props: { visible: false } }]);
    expect(hasPicture(document, whole)).toBe(false);
  });
});

describe('resampling', () => {
  test('equal sizes return the same bytes', () => {
    const rgba = Uint8Array.from({ length: 4 * 6 }, (_, i) => (i * 37) % 256);
    expect([...resample({ width: 3, height: 2, rgba }, 3, 2)]).toEqual([...rgba]);
  });

  test('a flat colour stays that colour at any size', () => {
    const rgba = new Uint8Array(8 * 8 * 4);
    for (let i = 0; i < rgba.length; i += 4) rgba.set([12, 200, 77, 255], i);
    const out = resample({ width: 8, height: 8, rgba }, 29, 5);
    for (let i = 0; i < out.length; i += 4) expect([...out.subarray(i, i + 4)]).toEqual([12, 200, 77, 255]);
  });

  test('a linear ramp stays linear inside when enlarged', () => {
    const width = 32;
    const rgba = new Uint8Array(width * 4);
    for (let x = 0; x < width; x++) rgba.set([x * 6, x * 6, x * 6, 255], x * 4);
    const out = resample({ width, height: 1, rgba }, width * 4, 1);
    for (let x = 24; x < width * 4 - 24; x++) {
      const expected = ((x + 0.5) / 4 - 0.5) * 6;
      expect(Math.abs((out[x * 4] ?? 0) - expected)).toBeLessThanOrEqual(1.5);
    }
  });

  test('transparent pixels lend no colour', () => {
    const rgba = Uint8Array.from([255, 0, 0, 0, 0, 0, 255, 255]);
    const { rgba: out } = shrinkByWhole(
      { width: 2, height: 1, rgba: Uint8Array.from([...rgba, ...rgba]) },
      1,
    );
    expect(out.length).toBe(16);
    const small = shrinkByWhole({ width: 2, height: 2, rgba: Uint8Array.from([...rgba, ...rgba]) }, 2);
    expect([...small.rgba]).toEqual([0, 0, 255, 128]);
  });
});
