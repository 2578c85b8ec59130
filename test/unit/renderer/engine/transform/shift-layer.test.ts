import { describe, expect, it } from 'vitest';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerMask } from '../../../../../renderer/engine/layers/layer-mask.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import type { PlaneName } from '../../../../../renderer/engine/layers/layer.ts';
import { tileSamples } from '../../../../../renderer/engine/tiles/tile.ts';
import { shiftLayerChanges } from '../../../../../renderer/engine/transform/shift-layer.ts';

/** A layer with one dot at (250, 7) in its pixels and one at (3, 4) in its mask, which shows nothing elsewhere. */
function dotted(depth: 8 | 16, linked: boolean): PaintDocument {
  const mask = { ...layerMask(0), linked };
  const document = new PaintDocument(600, 600, [layerRecord({ id: 'a', name: 'a', mask })], { depth });
  const layer = document.layers.get('a');
  for (const [plane, at] of [
    ['pixels', (7 * 256 + 250) * 4 + 3],
    ['mask', 4 * 256 + 3],
  ] as const) {
    const { format } = layer.plane(plane);
    const data = new Uint8Array(format.tileBytes);
    tileSamples(data, format)[at] = format.maximum;
    const type = plane === 'pixels' ? 'tiles' : 'mask-tiles';
    document.apply([{ type, layerId: 'a', tiles: [{ x: 0, y: 0, data }] }]);
  }
  return document;
}

/** Where the plane's only dot is. */
function dot(document: PaintDocument, plane: PlaneName): [number, number] {
  const { tiles, format } = document.layers.get('a').plane(plane);
  for (const { x, y, data } of tiles.entries()) {
    const at = tileSamples(data, format).findIndex((value) => value === format.maximum);
    if (at < 0) continue;
    const pixel = Math.floor(at / format.channels);
    return [x * 256 + (pixel % 256), y * 256 + Math.floor(pixel / 256)];
  }
  throw new Error(`The ${plane} hold no dot.`);
}

describe.each([8, 16] as const)('moving a layer of %i bits', (depth) => {
  it('takes a linked mask along, across borders of tiles, and back', () => {
    const document = dotted(depth, true);
    const back = document.apply(shiftLayerChanges(document.layers.get('a'), 'pixels', 30, -9));
    expect([dot(document, 'pixels'), dot(document, 'mask')]).toEqual([
      [280, -2],
      [33, -5],
    ]);
    document.apply(back);
    expect([dot(document, 'pixels'), dot(document, 'mask')]).toEqual([
      [250, 7],
      [3, 4],
    ]);
  });

  it.each(['pixels', 'mask'] as const)('moves its %s alone where the two are not linked', (plane) => {
    const document = dotted(depth, false);
    document.apply(shiftLayerChanges(document.layers.get('a'), plane, 5, 6));
    expect(dot(document, 'pixels')).toEqual(plane === 'pixels' ? [255, 13] : [250, 7]);
    expect(dot(document, 'mask')).toEqual(plane === 'mask' ? [8, 10] : [3, 4]);
  });

  it('moves the mask of a layer that has no pixels, and nothing where there is nothing', () => {
    const document = dotted(depth, true);
    document.apply([{ type: 'tiles', layerId: 'a', tiles: [{ x: 0, y: 0, data: null }] }]);
    document.apply(shiftLayerChanges(document.layers.get('a'), 'pixels', 1, 1));
    expect(dot(document, 'mask')).toEqual([4, 5]);
    const empty = new PaintDocument(9, 9, [layerRecord({ id: 'a', name: 'a' })], { depth });
    expect(shiftLayerChanges(empty.layers.get('a'), 'pixels', 1, 1)).toEqual([]);
  });
});

describe('moving a gradient', () => {
  const fill = {
    type: 'gradient',
    shape: 'linear',
    stops: [{ at: 0, colour: [0, 0, 0], opacity: 1 }],
    from: { x: 10, y: 20 },
    to: { x: 110, y: 20 },
  } as const;

  it('takes its two points along, unless an unlinked mask alone is moved', () => {
    const document = new PaintDocument(64, 64, [
      layerRecord({ id: 'g', kind: 'fill', fill, mask: { ...layerMask(1), linked: false } }),
    ]);
    const layer = document.layers.get('g');
    expect(shiftLayerChanges(layer, 'mask', 5, -3)).toEqual([]);
    const back = document.apply(shiftLayerChanges(layer, 'pixels', 5, -3));
    expect(document.layers.get('g').record.fill).toEqual({
      ...fill,
      from: { x: 15, y: 17 },
      to: { x: 115, y: 17 },
    });
    document.apply(back);
    expect(document.layers.get('g').record.fill).toEqual(fill);
  });
});
