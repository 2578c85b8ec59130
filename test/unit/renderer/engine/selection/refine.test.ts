import { describe, expect, it } from 'vitest';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { fillChanges } from '../../../../../renderer/engine/fill/paint-mask.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { addMaskChanges } from '../../../../../renderer/engine/mask/mask-changes.ts';
import { selectColourRange } from '../../../../../renderer/engine/selection/colour-range.ts';
import { combineSelections } from '../../../../../renderer/engine/selection/combine.ts';
import {
  borderSelection,
  shiftSelection,
  smoothSelection,
} from '../../../../../renderer/engine/selection/refine.ts';
import { selectPlane } from '../../../../../renderer/engine/selection/select-plane.ts';
import type { SelectionMask } from '../../../../../renderer/engine/selection/selection-mask.ts';
import { selectEllipse, selectRectangle } from '../../../../../renderer/engine/selection/shapes.ts';

const CANVAS = { x: 0, y: 0, width: 600, height: 500 };
const area = (mask: SelectionMask): number => mask.data.reduce((sum, value) => sum + value / 255, 0);

describe('smoothing', () => {
  it('takes specks and holes away and keeps the rest', () => {
    const square = selectRectangle({ x: 100, y: 100, width: 200, height: 200 }, CANVAS);
    const speck = selectRectangle({ x: 400, y: 400, width: 2, height: 2 }, CANVAS);
    const hole = selectRectangle({ x: 200, y: 200, width: 2, height: 2 }, CANVAS);
    const rough = combineSelections(combineSelections(square, speck, 'add'), hole, 'subtract');
    const smooth = smoothSelection(rough, 8, CANVAS);
    expect(smooth.at(400, 400)).toBe(0);
    expect(smooth.at(200, 200)).toBe(255);
    expect(smooth.at(150, 150)).toBe(255);
    expect(Math.abs(area(smooth) - 40_000)).toBeLessThan(150);
    // The corner's own pixel has a quarter of its surroundings selected.
    expect(smooth.at(100, 100)).toBe(0);
  });
});

describe('a border', () => {
  it('of a disc is a ring of the width asked for', () => {
    const disc = selectEllipse({ x: 100, y: 100, width: 200, height: 200 }, CANVAS);
    const want = Math.PI * (105 ** 2 - 95 ** 2);
    expect(Math.abs(area(borderSelection(disc, 10, CANVAS)) - want) / want).toBeLessThan(0.06);
  });
});

it('shifts by whole pixels and loses what leaves the canvas', () => {
  const moved = shiftSelection(
    selectRectangle({ x: 10, y: 10, width: 20, height: 20 }, CANVAS),
    -20,
    5,
    CANVAS,
  );
  expect(moved.bounds()).toEqual({ x: 0, y: 15, width: 10, height: 20 });
});

describe('colour range', () => {
  it('falls off with the distance of colours and follows alpha', () => {
    const pixels = Uint8Array.from([200, 0, 0, 255, 180, 0, 0, 255, 0, 0, 200, 255, 200, 0, 0, 128]);
    const mask = selectColourRange(pixels, { x: 0, y: 0, width: 4, height: 1 }, [[200, 0, 0]], 40);
    expect([...mask.data]).toEqual([255, 128, 0, 128]);
  });
});

describe('what a layer holds as a selection', () => {
  it.each([8, 16] as const)('alpha and mask come back at %i bits', (depth) => {
    const document = new PaintDocument(600, 500, [layerRecord({ id: 'a' })], { depth });
    const disc = selectEllipse({ x: 200, y: 150, width: 150, height: 120 }, CANVAS);
    document.apply(fillChanges(document, 'a', disc, [10, 20, 30], 1));
    const layer = document.layers.get('a');
    expect(selectPlane(layer, 'pixels', CANVAS).read(CANVAS)).toEqual(disc.read(CANVAS));
    document.apply(addMaskChanges(document, 'a', disc));
    expect(selectPlane(layer, 'mask', CANVAS).read(CANVAS)).toEqual(disc.read(CANVAS));
  });

  it('a mask that shows everything selects the canvas', () => {
    const document = new PaintDocument(600, 500, [layerRecord({ id: 'a' })]);
    document.apply(addMaskChanges(document, 'a', null));
    expect(area(selectPlane(document.layers.get('a'), 'mask', CANVAS))).toBe(600 * 500);
  });
});
