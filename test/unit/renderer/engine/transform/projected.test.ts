import { describe, expect, it } from 'vitest';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { selectRectangle } from '../../../../../renderer/engine/selection/shapes.ts';
import { readDeepRegion, writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { liftPixels } from '../../../../../renderer/engine/transform/lift.ts';
import { placeChanges, placeOverlay } from '../../../../../renderer/engine/transform/put-down.ts';
import { pixelsAround } from '../../../../../renderer/engine/transform/pixels-around.ts';
import { placeProjected } from '../../../../../renderer/engine/transform/place-projected.ts';
import {
  applyProjective,
  invertProjective,
  isConvex,
  projectiveOf,
  quadOf,
  type Projective,
  type Quad,
} from '../../../../../renderer/engine/transform/projective.ts';

const SQUARE = { x: 10, y: 20, width: 40, height: 30 };
const BENT: Quad = [
  { x: 12, y: 18 },
  { x: 61, y: 25 },
  { x: 55, y: 60 },
  { x: 5, y: 49 },
];

function painted(depth: 8 | 16): PaintDocument {
  const document = new PaintDocument(300, 300, [layerRecord({ id: 'a', name: 'a' })], { depth });
  const pixels = new Uint16Array(SQUARE.width * SQUARE.height * 4);
  for (let i = 0; i < pixels.length; i += 4)
    pixels.set([((i / 4) % 40) * 6 * 257, Math.floor(i / 160) * 8 * 257, 40 * 257, 65535], i);
  const { tiles } = document.layers.get('a');
  document.apply([{ type: 'tiles', layerId: 'a', tiles: writeRegion(tiles, SQUARE, pixels) }]);
  return document;
}

const map = (quad: Quad): Projective => projectiveOf(SQUARE, quad) as Projective;

describe('a projective map', () => {
  it('takes corners to corners and keeps straight lines straight', () => {
    quadOf(SQUARE).forEach((corner, i) => {
      const to = applyProjective(map(BENT), corner);
      expect(to.x).toBeCloseTo((BENT[i] as { x: number }).x, 9);
      expect(to.y).toBeCloseTo((BENT[i] as { y: number }).y, 9);
    });
    const on = (t: number): { x: number; y: number } =>
      applyProjective(map(BENT), { x: 10 + 40 * t, y: 20 + 30 * t });
    const [a, b, c] = [on(0), on(0.3), on(1)] as const;
    const bend = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    expect(Math.abs(bend)).toBeLessThan(1e-6);
  });

  it('goes back where it came from', () => {
    const back = invertProjective(map(BENT)) as Projective;
    const there = applyProjective(map(BENT), { x: 33, y: 41 });
    const again = applyProjective(back, there);
    expect(again.x).toBeCloseTo(33, 9);
    expect(again.y).toBeCloseTo(41, 9);
  });

  it('is none for a figure that is not convex, or flat', () => {
    const crossed: Quad = [BENT[0], BENT[2], BENT[1], BENT[3]];
    expect(isConvex(crossed)).toBe(false);
    expect(projectiveOf(SQUARE, crossed)).toBeNull();
    expect(projectiveOf(SQUARE, [BENT[0], BENT[0], BENT[2], BENT[3]])).toBeNull();
  });
});

describe.each([8, 16] as const)('pixels that are taken up (%i bits)', (depth) => {
  it('are the same where they are put down as they were, and moved by whole pixels', () => {
    const document = painted(depth);
    const lifted = liftPixels(document, 'a', null);
    if (!lifted) throw new Error('nothing was lifted');
    expect(lifted.rect).toEqual(SQUARE);
    const put = (quad: Quad) =>
      placeChanges(document, lifted, pixelsAround(quad), placeProjected(lifted, map(quad), 'bicubic'));
    expect(put(quadOf(SQUARE))).toEqual([]);
    const before = readDeepRegion(document.layers.get('a').tiles, SQUARE);
    document.apply(put(quadOf({ ...SQUARE, x: 230, y: 7 })));
    expect(readDeepRegion(document.layers.get('a').tiles, { ...SQUARE, x: 230, y: 7 })).toEqual(before);
    expect(readDeepRegion(document.layers.get('a').tiles, SQUARE).every((value) => value === 0)).toBe(true);
  });

  it('leave what is not selected, and are seen before as they will be', () => {
    const document = painted(depth);
    const mask = selectRectangle({ x: 0, y: 0, width: 30, height: 300 }, document.canvas);
    const lifted = liftPixels(document, 'a', mask);
    if (!lifted) throw new Error('nothing was lifted');
    const quad = quadOf({ ...lifted.rect, y: lifted.rect.y + 100 });
    const lay = placeProjected(lifted, projectiveOf(lifted.rect, quad) as Projective, 'bicubic');
    const overlay = placeOverlay(document, lifted, pixelsAround(quad), lay);
    const changes = placeChanges(document, lifted, pixelsAround(quad), lay);
    document.apply(changes);
    const { tiles } = document.layers.get('a');
    expect(overlay.get(0, 0)).toEqual(tiles.get(0, 0));
    const alpha = (x: number, y: number) => readDeepRegion(tiles, { x, y, width: 1, height: 1 })[3];
    const full = depth === 16 ? 65535 : 255;
    expect([alpha(20, 30), alpha(35, 30), alpha(20, 130), alpha(35, 130)]).toEqual([0, full, full, 0]);
  });

  it('follow a perspective to within what bicubic sampling may differ from the gradient itself', () => {
    const document = painted(depth);
    const lifted = liftPixels(document, 'a', null);
    if (!lifted) throw new Error('nothing was lifted');
    document.apply(
      placeChanges(document, lifted, pixelsAround(BENT), placeProjected(lifted, map(BENT), 'bicubic')),
    );
    const from = { x: 31.5, y: 33.5 };
    const to = applyProjective(map(BENT), from);
    const [red = 0, green = 0] = readDeepRegion(document.layers.get('a').tiles, {
      x: Math.floor(to.x),
      y: Math.floor(to.y),
      width: 1,
      height: 1,
    });
    const unit = depth === 16 ? 257 : 1;
    // Six and eight steps a pixel: the pixel's middle lies within one pixel of the point.
    expect(Math.abs(red / unit - (from.x - 10.5) * 6)).toBeLessThan(7);
    expect(Math.abs(green / unit - (from.y - 20.5) * 8)).toBeLessThan(9);
  });
});
