import { describe, expect, it } from 'vitest';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerMask } from '../../../../../renderer/engine/layers/layer-mask.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import {
  cropChanges,
  scaleDocumentChanges,
  turnDocumentChanges,
  TURNS,
  turnMap,
} from '../../../../../renderer/engine/transform/document-geometry.ts';
import { applyAffine } from '../../../../../renderer/engine/transform/affine.ts';
import { mapSelection } from '../../../../../renderer/engine/selection/map-selection.ts';
import { selectRectangle } from '../../../../../renderer/engine/selection/shapes.ts';
import { readDeepRegion, writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { tileSamples } from '../../../../../renderer/engine/tiles/tile.ts';

/** A value that tells its place. */
const at = (x: number, y: number, k: number): number => (x * 7 + y * 13 + k * 31 + 1) % 251;

function made(depth: 8 | 16, width = 300, height = 280): PaintDocument {
  const document = new PaintDocument(
    width,
    height,
    [layerRecord({ id: 'a', name: 'a', mask: layerMask(1) })],
    { depth },
  );
  const rect = { x: -5, y: 0, width: width + 5, height };
  const scale = depth === 16 ? 257 : 1;
  const pixels =
    depth === 16 ? new Uint16Array(rect.width * height * 4) : new Uint8ClampedArray(rect.width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < rect.width; x++)
      for (let k = 0; k < 4; k++)
        pixels[(y * rect.width + x) * 4 + k] = (k === 3 ? 255 : at(x + rect.x + 5, y, k)) * scale;
  const layer = document.layers.get('a');
  document.apply([{ type: 'tiles', layerId: 'a', tiles: writeRegion(layer.tiles, rect, pixels) }]);
  const data = new Uint8Array(layer.mask.format.tileBytes);
  tileSamples(data, layer.mask.format).fill(layer.mask.format.maximum);
  tileSamples(data, layer.mask.format)[3 * 256 + 2] = 9;
  document.apply([{ type: 'mask-tiles', layerId: 'a', tiles: [{ x: 0, y: 0, data }] }]);
  return document;
}

const pixel = (document: PaintDocument, x: number, y: number): number[] => [
  ...readDeepRegion(document.layers.get('a').tiles, { x, y, width: 1, height: 1 }),
];
const mask = (document: PaintDocument, x: number, y: number): number => {
  const layer = document.layers.get('a');
  const tile = layer.mask.tiles.get(Math.floor(x / 256), Math.floor(y / 256));
  return tile
    ? (tileSamples(tile, layer.mask.format)[(y & 255) * 256 + (x & 255)] as number)
    : layer.maskOutside;
};

describe.each([8, 16] as const)('a whole picture of %i bits', (depth) => {
  const unit = depth === 16 ? 257 : 1;

  it('is cropped without losing what lies beyond, and taken back', () => {
    const document = made(depth);
    const back = document.apply(cropChanges(document, { x: 10, y: 3, width: 100, height: 50 }));
    expect([document.width, document.height]).toEqual([100, 50]);
    expect(pixel(document, 0, 0)).toEqual(
      [at(15, 3, 0), at(15, 3, 1), at(15, 3, 2), 255].map((v) => v * unit),
    );
    // Beyond the new canvas, and what was beyond the old one.
    expect(pixel(document, -15, -3)[0]).toBe(at(0, 0, 0) * unit);
    expect(mask(document, -8, 0)).toBe(9);
    document.apply(back);
    expect([document.width, document.height]).toEqual([300, 280]);
    expect(pixel(document, 0, 0)[0]).toBe(at(5, 0, 0) * unit);
    expect(mask(document, 2, 3)).toBe(9);
  });

  it.each(TURNS)('is turned (%s) bit for bit, the mask too', (turn) => {
    const document = made(depth);
    const map = turnMap(turn, 300, 280);
    const place = (x: number, y: number): [number, number] => {
      const to = applyAffine(map, { x: x + 0.5, y: y + 0.5 });
      return [to.x - 0.5, to.y - 0.5];
    };
    const wanted = [pixel(document, 0, 0), pixel(document, 299, 279), pixel(document, 17, 258)];
    document.apply(turnDocumentChanges(document, turn));
    expect(pixel(document, ...place(0, 0))).toEqual(wanted[0]);
    expect(pixel(document, ...place(299, 279))).toEqual(wanted[1]);
    expect(pixel(document, ...place(17, 258))).toEqual(wanted[2]);
    expect(mask(document, ...place(2, 3))).toBe(9);
    const size = [document.width, document.height];
    expect(size).toEqual(turn === 'left' || turn === 'right' ? [280, 300] : [300, 280]);
  });

  it('comes back by four quarter turns, and by turning to the other side', () => {
    const document = made(depth);
    const before = pixel(document, 33, 44);
    for (let i = 0; i < 4; i++) document.apply(turnDocumentChanges(document, 'right'));
    expect(pixel(document, 33, 44)).toEqual(before);
    document.apply(turnDocumentChanges(document, 'left'));
    document.apply(turnDocumentChanges(document, 'right'));
    expect(pixel(document, 33, 44)).toEqual(before);
  });

  it('is scaled with sharp edges: opaque stays opaque, a flat colour stays flat', () => {
    const document = new PaintDocument(200, 100, [layerRecord({ id: 'a', name: 'a' })], { depth });
    const layer = document.layers.get('a');
    const pixels = new Uint16Array(200 * 100 * 4);
    for (let i = 0; i < pixels.length; i += 4) pixels.set([200 * 257, 90 * 257, 3 * 257, 65535], i);
    document.apply([
      {
        type: 'tiles',
        layerId: 'a',
        tiles: writeRegion(layer.tiles, { x: 0, y: 0, width: 200, height: 100 }, pixels),
      },
    ]);
    document.apply(scaleDocumentChanges(document, { width: 77, height: 310 }));
    const out = readDeepRegion(layer.tiles, { x: 0, y: 0, width: 77, height: 310 });
    const wanted = [200 * unit, 90 * unit, 3 * unit, 255 * unit];
    expect(out.every((value, i) => value === wanted[i % 4])).toBe(true);
    expect(pixel(document, 77, 0)[3]).toBe(0);
  });
});

it('shrinks to the mean of what falls together', () => {
  const document = new PaintDocument(256, 256, [layerRecord({ id: 'a', name: 'a' })]);
  const layer = document.layers.get('a');
  const pixels = new Uint8ClampedArray(256 * 256 * 4).fill(255);
  // Stripes of one pixel: twice too fine for half the size, so only their mean may be left.
  for (let i = 0; i < 256 * 256; i++) if (i % 2 === 0) pixels.fill(0, i * 4, i * 4 + 3);
  document.apply([
    {
      type: 'tiles',
      layerId: 'a',
      tiles: writeRegion(layer.tiles, { x: 0, y: 0, width: 256, height: 256 }, pixels),
    },
  ]);
  document.apply(scaleDocumentChanges(document, { width: 64, height: 64 }));
  for (const x of [8, 20, 33, 50])
    expect(Math.abs((pixel(document, x, 30)[0] as number) - 127.5)).toBeLessThan(3);
});

it('refuses a canvas that is none', () => {
  const document = made(8);
  for (const width of [0, 1.5, 16385, Number.NaN]) {
    expect(() => cropChanges(document, { x: 0, y: 0, width, height: 5 })).toThrow(/canvas/);
    expect(() => scaleDocumentChanges(document, { width, height: 5 })).toThrow(/canvas/);
  }
});

it('takes the selection along', () => {
  const canvas = { x: 0, y: 0, width: 300, height: 280 };
  const selected = selectRectangle({ x: 10, y: 20, width: 30, height: 40 }, canvas);
  const turned = mapSelection(selected, turnMap('right', 300, 280), { x: 0, y: 0, width: 280, height: 300 });
  expect(turned?.bounds()).toEqual({ x: 280 - 60, y: 10, width: 40, height: 30 });
});
