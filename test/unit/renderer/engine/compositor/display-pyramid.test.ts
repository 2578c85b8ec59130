import { describe, expect, it } from 'vitest';
import { CpuCompositor } from '../../../../../renderer/engine/compositor/cpu.ts';
import { DisplayPyramid, levelForZoom } from '../../../../../renderer/engine/compositor/display-pyramid.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { seeded } from './random-document.ts';

function painted(): PaintDocument {
  const random = seeded(11);
  const document = new PaintDocument(700, 500, [layerRecord({ id: 'a' })]);
  const rect = { x: 0, y: 0, width: 700, height: 500 };
  const pixels = Uint8Array.from({ length: 700 * 500 * 4 }, (_, i) =>
    (i & 3) === 3 && i % 64 < 32 ? 0 : Math.floor(random() * 256),
  );
  document.apply([
    { type: 'tiles', layerId: 'a', tiles: writeRegion(document.layers.get('a'), rect, pixels) },
  ]);
  return document;
}

/** Mean of premultiplied values over a square of the document, straight. */
function average(full: Uint8ClampedArray, x: number, y: number, scale: number): number[] {
  const sum = [0, 0, 0, 0];
  for (let v = y * scale; v < Math.min(500, (y + 1) * scale); v++) {
    for (let u = x * scale; u < Math.min(700, (x + 1) * scale); u++) {
      const at = (v * 700 + u) * 4;
      const a = full[at + 3]!;
      for (let k = 0; k < 3; k++) sum[k]! += (full[at + k]! * a) / 255;
      sum[3]! += a;
    }
  }
  const a = sum[3]!;
  return [...sum.slice(0, 3).map((value) => (a > 0 ? (value / a) * 255 : 0)), a / (scale * scale)];
}

describe('display pyramid', () => {
  it('chooses a level that is never smaller than the screen wants', () => {
    expect([64, 1, 0.99, 0.5, 0.49, 0.25, 0.06, 0.03, 0.0001].map(levelForZoom)).toEqual([
      0, 0, 0, 1, 1, 2, 4, 5, 5,
    ]);
  });

  it.each([0, 1, 2, 3])('level %i is the average of the document', (level) => {
    const document = painted();
    const compositor = new CpuCompositor(document);
    const full = new Uint8ClampedArray(700 * 500 * 4);
    compositor.render(document.canvas, full);
    const pyramid = new DisplayPyramid(compositor, () => document.canvas);
    const scale = 1 << level;
    for (let ty = 0; ty * 256 * scale < 500; ty++) {
      for (let tx = 0; tx * 256 * scale < 700; tx++) {
        const { pixels, changed } = pyramid.refresh(level, tx, ty);
        expect(changed).toEqual({ x: 0, y: 0, width: 256, height: 256 });
        for (let i = 0; i < 65536; i += 97) {
          const want = average(full, tx * 256 + (i & 255), ty * 256 + (i >> 8), scale);
          const weight = want[3]! / 255;
          for (let k = 0; k < 4; k++) {
            const off = Math.abs(pixels[i * 4 + k]! - want[k]!) * (k === 3 ? 1 : weight);
            expect(off).toBeLessThanOrEqual(1.5);
          }
        }
      }
    }
  });

  it('makes only what was damaged again, and equals a fresh one', () => {
    const document = painted();
    const compositor = new CpuCompositor(document);
    const pyramid = new DisplayPyramid(compositor, () => document.canvas);
    pyramid.refresh(2, 0, 0);
    expect(pyramid.refresh(2, 0, 0).changed.width).toBe(0);
    compositor.takeDamage();
    const rect = { x: 301, y: 77, width: 10, height: 5 };
    const tiles = writeRegion(document.layers.get('a'), rect, new Uint8Array(200).fill(200));
    document.apply([{ type: 'tiles', layerId: 'a', tiles }]);
    pyramid.damage(rect);
    const { pixels, changed } = pyramid.refresh(2, 0, 0);
    expect(changed).toEqual({ x: 75, y: 19, width: 3, height: 2 });
    const fresh = new DisplayPyramid(compositor, () => document.canvas).refresh(2, 0, 0).pixels;
    expect(Buffer.from(pixels).equals(Buffer.from(fresh))).toBe(true);
  });

  it('keeps within its bytes', () => {
    const document = painted();
    let renders = 0;
    const compositor = new CpuCompositor(document);
    const source = {
      render: (...given: Parameters<CpuCompositor['render']>) => (renders++, compositor.render(...given)),
    };
    const pyramid = new DisplayPyramid(source, () => document.canvas, 2 * 262144);
    for (const tx of [0, 1, 2]) pyramid.refresh(0, tx, 0);
    pyramid.refresh(0, 2, 0);
    expect(renders).toBe(3);
    pyramid.refresh(0, 0, 0);
    expect(renders).toBe(4);
  });
});
