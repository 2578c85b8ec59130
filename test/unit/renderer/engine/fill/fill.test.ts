import { describe, expect, it } from 'vitest';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { fillChanges } from '../../../../../renderer/engine/fill/paint-mask.ts';
import { layerRecord, type LayerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { SelectionMask } from '../../../../../renderer/engine/selection/selection-mask.ts';
import { selectRectangle } from '../../../../../renderer/engine/selection/shapes.ts';
import { readRegion } from '../../../../../renderer/engine/tiles/region.ts';

function documentWith(props: Partial<LayerRecord> = {}): PaintDocument {
  return new PaintDocument(600, 300, [layerRecord({ id: 'a', ...props })]);
}

const pixel = (document: PaintDocument, x: number, y: number): number[] => [
  ...readRegion(document.layers.get('a').tiles, { x, y, width: 1, height: 1 }),
];

describe('filling a selection', () => {
  it('covers exactly what is selected, by as much as it is selected', () => {
    const document = documentWith();
    document.apply(
      fillChanges(
        document,
        'a',
        selectRectangle({ x: 250, y: 100, width: 20, height: 5 }, document.canvas),
        [9, 8, 7],
        1,
      ),
    );
    expect(pixel(document, 250, 100)).toEqual([9, 8, 7, 255]);
    expect(pixel(document, 269, 104)).toEqual([9, 8, 7, 255]);
    for (const [x, y] of [
      [249, 100],
      [270, 100],
      [250, 99],
      [250, 105],
    ] as const)
      expect(pixel(document, x, y)).toEqual([0, 0, 0, 0]);
    const half = new SelectionMask({ x: 0, y: 0, width: 1, height: 1 }, new Uint8Array([128]));
    document.apply(fillChanges(document, 'a', half, [200, 0, 0], 0.5));
    expect(pixel(document, 0, 0)).toEqual([200, 0, 0, 64]);
  });

  it('makes one array of all empty tiles that are filled evenly, however many', () => {
    const document = new PaintDocument(16_384, 16_384, [layerRecord({ id: 'a' })]);
    const all = selectRectangle(document.canvas, document.canvas);
    const [change] = fillChanges(document, 'a', all, [9, 8, 7], 1);
    const tiles = change?.type === 'tiles' ? change.tiles : [];
    expect(tiles).toHaveLength(4096);
    expect(new Set(tiles.map(({ data }) => data)).size).toBe(1);
    document.apply(change ? [change] : []);
    expect(pixel(document, 16_383, 12_345)).toEqual([9, 8, 7, 255]);
  });

  it('changes nothing where nothing can change', () => {
    const locked = documentWith({ alphaLocked: true });
    const all = selectRectangle(locked.canvas, locked.canvas);
    expect(fillChanges(locked, 'a', all, [1, 2, 3], 1)).toEqual([]);
    const document = documentWith();
    expect(fillChanges(document, 'a', SelectionMask.none, [1, 2, 3], 1)).toEqual([]);
    document.apply(fillChanges(document, 'a', all, [1, 2, 3], 1));
    expect(fillChanges(document, 'a', all, [1, 2, 3], 1)).toEqual([]);
    expect(() => fillChanges(documentWith({ locked: true }), 'a', all, [1, 2, 3], 1)).toThrowError(
      expect.objectContaining({ code: 'layer-locked' }),
    );
  });
});
