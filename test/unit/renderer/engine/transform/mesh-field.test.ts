import { describe, expect, it } from 'vitest';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerMask } from '../../../../../renderer/engine/layers/layer-mask.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { readDeepRegion, writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { tileSamples } from '../../../../../renderer/engine/tiles/tile.ts';
import { applyAffine, type Affine } from '../../../../../renderer/engine/transform/affine.ts';
import { liftMask } from '../../../../../renderer/engine/transform/lift-mask.ts';
import { liftPixels, type Lifted } from '../../../../../renderer/engine/transform/lift.ts';
import { MeshField } from '../../../../../renderer/engine/transform/mesh-field.ts';
import { placeChanges } from '../../../../../renderer/engine/transform/put-down.ts';
import { mappedBounds, resample } from '../../../../../renderer/engine/transform/resample.ts';
import {
  meshOver,
  meshPoint,
  moveHandles,
  remesh,
  type WarpMesh,
} from '../../../../../renderer/engine/transform/warp-mesh.ts';
import { seeded } from '../compositor/random-document.ts';

const RECT = { x: 37, y: 241, width: 90, height: 61 };

/** Smooth noise with a soft border, over a border of tiles; its mask fades across it. */
function painted(depth: 8 | 16): PaintDocument {
  const document = new PaintDocument(400, 500, [layerRecord({ id: 'a', mask: layerMask(0) })], { depth });
  const random = seeded(7);
  const maximum = depth === 16 ? 65535 : 255;
  const length = RECT.width * RECT.height * 4;
  const pixels = depth === 16 ? new Uint16Array(length) : new Uint8ClampedArray(length);
  for (let i = 0; i < length; i++) pixels[i] = Math.floor(random() * (maximum + 1));
  for (let i = 3; i < length; i += 4) pixels[i] = maximum;
  const layer = document.layers.get('a');
  document.apply([{ type: 'tiles', layerId: 'a', tiles: writeRegion(layer.tiles, RECT, pixels) }]);
  const data = new Uint8Array(layer.mask.format.tileBytes);
  const samples = tileSamples(data, layer.mask.format);
  for (let i = 0; i < samples.length; i++) samples[i] = ((i % 256) / 255) * maximum;
  document.apply([{ type: 'mask-tiles', layerId: 'a', tiles: [{ x: 0, y: 1, data }] }]);
  return document;
}

function lift(document: PaintDocument): Lifted {
  const lifted = liftPixels(document, 'a', null);
  if (!lifted) throw new Error('nothing was lifted');
  return lifted;
}

const bent = (mesh: WarpMesh): WarpMesh => {
  const { x, y } = mesh.points[5]!;
  return moveHandles(mesh, [5], { x: 80 - x, y: 250 - y });
};

describe('a mesh', () => {
  it('passes through its handles, and keeps its surface with another number of them where it is flat', () => {
    const mesh = bent(meshOver(RECT, 3, 4));
    for (const [i, point] of mesh.points.entries()) {
      const at = meshPoint(mesh, i % 4, Math.floor(i / 4));
      expect(at.x).toBeCloseTo(point.x, 9);
      expect(at.y).toBeCloseTo(point.y, 9);
    }
    const flat = remesh(meshOver(RECT, 2, 2), 5, 3);
    expect(flat.points).toEqual(
      meshOver(RECT, 5, 3).points.map(({ x, y }) => ({
        x: expect.closeTo(x, 9) as number,
        y: expect.closeTo(y, 9) as number,
      })),
    );
  });

  it('runs smoothly from cell to cell, and goes on straight beyond its edge', () => {
    const mesh = bent(meshOver(RECT, 3, 4));
    const slope = (u: number, v: number): number =>
      (meshPoint(mesh, u + 1e-5, v).x - meshPoint(mesh, u - 1e-5, v).x) / 2e-5;
    expect(slope(1 - 1e-4, 1.5)).toBeCloseTo(slope(1 + 1e-4, 1.5), 1);
    const [edge, out, inner] = [0, -0.1, 0.1].map((u) => meshPoint(mesh, u, 1.3).x);
    expect(edge! - out!).toBeCloseTo(inner! - edge!, 9);
  });
});

describe.each([8, 16] as const)('pixels under a mesh (%i bits)', (depth) => {
  it('stay bit for bit where no handle was moved, the mask too', () => {
    for (const cells of [1, 3, 7]) {
      const document = painted(depth);
      const field = new MeshField(meshOver(RECT, cells, cells), RECT);
      const { pixels } = lift(document);
      const placed = field.place(lift(document), 'bicubic')(RECT);
      expect(Buffer.from(placed.buffer).equals(Buffer.from(pixels.slice().buffer))).toBe(true);
      expect(
        placeChanges(document, lift(document), field.bounds, field.place(lift(document), 'bicubic')),
      ).toEqual([]);
    }
  });

  it.each<[string, Affine]>([
    ['moved by parts of pixels', { a: 1, b: 0, c: 0, d: 1, e: 12.3, f: -7.7 }],
    ['turned and sheared', { a: 0.9, b: 0.5, c: -0.6, d: 1.1, e: 160, f: 20 }],
    ['enlarged', { a: 2.4, b: 0, c: 0.2, d: 1.7, e: -50, f: -200 }],
    ['shrunk', { a: 0.31, b: 0.05, c: 0, d: 0.4, e: 80, f: 90 }],
    ['mirrored', { a: -1, b: 0, c: 0, d: 1, e: 300, f: 0 }],
  ])('are those of the affine transform, %s', (_name, map) => {
    const document = painted(depth);
    const { pixels, rect } = lift(document);
    const mesh = meshOver(RECT, 4, 3, (point) => applyAffine(map, point));
    const field = new MeshField(mesh, RECT);
    const exact = mappedBounds(map, {
      x: rect.x - 2,
      y: rect.y - 2,
      width: rect.width + 4,
      height: rect.height + 4,
    });
    const expected = resample(pixels, rect, map, exact, 'bicubic');
    const made = field.place(lift(document), 'bicubic')(exact);
    const unit = depth === 16 ? 257 : 1;
    let worst = 0;
    for (let i = 0; i < made.length; i += 4) {
      const [alpha = 0, other = 0] = [made[i + 3], expected[i + 3]];
      worst = Math.max(worst, Math.abs(alpha - other) / unit);
      const share = Math.min(alpha, other) / (255 * unit);
      for (let k = 0; k < 3; k++)
        worst = Math.max(worst, (Math.abs((made[i + k] ?? 0) - (expected[i + k] ?? 0)) * share) / unit);
    }
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('go where the mesh says: the place of a handle is found under it', () => {
    const document = new PaintDocument(400, 500, [layerRecord({ id: 'a' })], { depth });
    const layer = document.layers.get('a');
    const length = RECT.width * RECT.height * 4;
    const maximum = depth === 16 ? 65535 : 255;
    const pixels =
      depth === 16 ? new Uint16Array(length).fill(maximum) : new Uint8ClampedArray(length).fill(255);
    // Red and green tell where a pixel came from.
    for (let y = 0; y < RECT.height; y++) {
      for (let x = 0; x < RECT.width; x++) {
        pixels[(y * RECT.width + x) * 4] = (x / RECT.width) * maximum;
        pixels[(y * RECT.width + x) * 4 + 1] = (y / RECT.height) * maximum;
      }
    }
    document.apply([{ type: 'tiles', layerId: 'a', tiles: writeRegion(layer.tiles, RECT, pixels) }]);
    const mesh = bent(meshOver(RECT, 3, 3));
    const field = new MeshField(mesh, RECT);
    document.apply(
      placeChanges(document, lift(document), field.bounds, field.place(lift(document), 'bicubic')),
    );
    for (const [u, v] of [
      [1, 1],
      [1.5, 1.25],
      [2, 2],
      [0.5, 2.75],
    ] as const) {
      const at = meshPoint(mesh, u, v);
      const [red = 0, green = 0] = readDeepRegion(document.layers.get('a').tiles, {
        x: Math.floor(at.x),
        y: Math.floor(at.y),
        width: 1,
        height: 1,
      });
      // Within a pixel and a half of the picture.
      expect(Math.abs((red / maximum) * RECT.width - (u / 3) * RECT.width)).toBeLessThan(1.5);
      expect(Math.abs((green / maximum) * RECT.height - (v / 3) * RECT.height)).toBeLessThan(1.5);
    }
  });

  it('take a mask along: where its picture is, it is', () => {
    const document = painted(depth);
    const mesh = bent(meshOver(RECT, 3, 3));
    const field = new MeshField(mesh, RECT);
    const lifted = liftMask(document, 'a', null);
    if (!lifted) throw new Error('nothing was lifted');
    document.apply(placeChanges(document, lifted, field.bounds, field.place(lifted, 'bicubic')));
    const { tiles, format } = document.layers.get('a').mask;
    const { x, y } = meshPoint(mesh, 1.5, 1.5);
    const tile = tiles.get(0, 1);
    const value = tileSamples(tile!, format)[(Math.floor(y) - 256) * 256 + Math.floor(x)]! / format.maximum;
    // The mask grows by one step of 255 a pixel across.
    expect(Math.abs(value * 255 - (RECT.x + RECT.width / 2))).toBeLessThan(2);
  });
});
