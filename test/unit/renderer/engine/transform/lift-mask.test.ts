import { describe, expect, it } from 'vitest';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerMask } from '../../../../../renderer/engine/layers/layer-mask.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { selectRectangle } from '../../../../../renderer/engine/selection/shapes.ts';
import { tileSamples } from '../../../../../renderer/engine/tiles/tile.ts';
import type { Rect } from '../../../../../renderer/engine/geometry/rect.ts';
import { liftMask } from '../../../../../renderer/engine/transform/lift-mask.ts';
import { placeProjected } from '../../../../../renderer/engine/transform/place-projected.ts';
import { projectiveOf, quadOf, type Quad } from '../../../../../renderer/engine/transform/projective.ts';
import { placeChanges, placeOverlay } from '../../../../../renderer/engine/transform/put-down.ts';
import { resample } from '../../../../../renderer/engine/transform/resample.ts';
import { asAffine } from '../../../../../renderer/engine/transform/projective.ts';

const CANVAS: Rect = { x: 0, y: 0, width: 300, height: 280 };
const SPOT: Rect = { x: 40, y: 60, width: 50, height: 30 };
const TURNED: Quad = [
  { x: 150, y: 40 },
  { x: 210, y: 90 },
  { x: 186, y: 120 },
  { x: 126, y: 70 },
];

/** A mask that hides (or shows) all but a spot with a slope in it. */
function masked(depth: 8 | 16, outside: 0 | 1): PaintDocument {
  const record = layerRecord({ id: 'a', kind: 'group', mask: layerMask(outside) });
  const document = new PaintDocument(CANVAS.width, CANVAS.height, [record], { depth });
  const { format } = document.layers.get('a').mask;
  const data = new Uint8Array(format.tileBytes);
  const samples = tileSamples(data, format);
  samples.fill(outside * format.maximum);
  for (let y = 0; y < SPOT.height; y++)
    for (let x = 0; x < SPOT.width; x++)
      samples[(SPOT.y + y) * 256 + SPOT.x + x] = Math.round(((x + 10) / 70) * format.maximum);
  document.apply([{ type: 'mask-tiles', layerId: 'a', tiles: [{ x: 0, y: 0, data }] }]);
  return document;
}

/** All values of the mask on the canvas, 0 … 1. */
function values(document: PaintDocument): Float64Array {
  const layer = document.layers.get('a');
  const out = new Float64Array(CANVAS.width * CANVAS.height);
  for (let y = 0; y < CANVAS.height; y++) {
    for (let x = 0; x < CANVAS.width; x++) {
      const tile = layer.mask.tiles.get(x >> 8, y >> 8);
      const value = tile
        ? tileSamples(tile, layer.mask.format)[(y & 255) * 256 + (x & 255)]!
        : layer.maskOutside;
      out[y * CANVAS.width + x] = value / layer.mask.format.maximum;
    }
  }
  return out;
}

/** The mask as an opaque grey picture of the canvas, of 16 bits. */
function picture(document: PaintDocument): Uint16Array {
  const out = new Uint16Array(CANVAS.width * CANVAS.height * 4).fill(65535);
  for (const [i, value] of values(document).entries()) out.fill(Math.round(value * 65535), i * 4, i * 4 + 3);
  return out;
}

describe.each([
  [8, 0],
  [8, 1],
  [16, 0],
  [16, 1],
] as const)('a mask of %i bits that is %i outside', (depth, outside) => {
  const take = (document: PaintDocument) => {
    const lifted = liftMask(document, 'a', null);
    if (!lifted) throw new Error('nothing was lifted');
    return lifted;
  };

  it('is taken up with a margin around where it differs from its outside', () => {
    expect(take(masked(depth, outside)).rect).toEqual({ x: 38, y: 58, width: 54, height: 34 });
    const plain = new PaintDocument(9, 9, [layerRecord({ id: 'a', mask: layerMask(outside) })]);
    expect(liftMask(plain, 'a', null)).toBeNull();
  });

  it('turned is the same as its picture turned, within 1/255', () => {
    const document = masked(depth, outside);
    const map = projectiveOf(SPOT, TURNED)!;
    const affine = asAffine(map)!;
    const expected = resample(picture(document), CANVAS, affine, CANVAS, 'bicubic');
    const lifted = take(document);
    const placing = placeProjected(lifted, map, 'bicubic');
    const overlay = placeOverlay(document, lifted, CANVAS, placing);
    const changes = placeChanges(document, lifted, CANVAS, placing);
    const back = document.apply(changes);
    let worst = 0;
    for (const [i, value] of values(document).entries()) {
      const alpha = expected[i * 4 + 3]! / 65535;
      const wanted = (expected[i * 4]! / 65535) * alpha + outside * (1 - alpha);
      worst = Math.max(worst, Math.abs(value - wanted));
    }
    expect(worst).toBeLessThanOrEqual(1 / 255);
    // What was seen before is what came.
    for (const { x, y, data } of document.layers.get('a').mask.tiles.entries())
      expect(Buffer.from(overlay.get(x, y)!).equals(Buffer.from(data))).toBe(true);
    document.apply(back);
    expect(values(document)).toEqual(values(masked(depth, outside)));
  });

  it('moved by whole pixels keeps every bit, and what it leaves is as outside', () => {
    const document = masked(depth, outside);
    const before = values(document);
    const quad = quadOf({ ...SPOT, x: SPOT.x + 190, y: SPOT.y + 11 });
    const lifted = take(document);
    document.apply(
      placeChanges(document, lifted, CANVAS, placeProjected(lifted, projectiveOf(SPOT, quad)!, 'bicubic')),
    );
    const after = values(document);
    for (let y = 0; y < SPOT.height; y++) {
      for (let x = 0; x < SPOT.width; x++) {
        const from = (SPOT.y + y) * CANVAS.width + SPOT.x + x;
        expect(after[from + 11 * CANVAS.width + 190]).toBe(before[from]);
        expect(after[from]).toBe(outside);
      }
    }
  });

  it('leaves what is not selected', () => {
    const document = masked(depth, outside);
    const half = selectRectangle({ x: 0, y: 0, width: 60, height: 280 }, document.canvas);
    const lifted = liftMask(document, 'a', half)!;
    expect(lifted.rect).toEqual({ x: 38, y: 58, width: 22, height: 34 });
    const quad = quadOf({ ...lifted.rect, y: lifted.rect.y + 100 });
    const before = values(document);
    document.apply(
      placeChanges(
        document,
        lifted,
        CANVAS,
        placeProjected(lifted, projectiveOf(lifted.rect, quad)!, 'bicubic'),
      ),
    );
    const after = values(document);
    const at = (x: number, y: number): number => y * CANVAS.width + x;
    expect(after[at(45, 70)]).toBe(outside);
    expect(after[at(45, 170)]).toBe(before[at(45, 70)]);
    expect(after[at(80, 70)]).toBe(before[at(80, 70)]);
  });
});
