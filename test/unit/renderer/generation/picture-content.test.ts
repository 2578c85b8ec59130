import { expect, it } from 'vitest';
import { CpuCompositor } from '../../../../renderer/engine/compositor/cpu.ts';
import { PaintDocument } from '../../../../renderer/engine/document.ts';
import { layerRecord } from '../../../../renderer/engine/layers/layer-record.ts';
import { writeRegion } from '../../../../renderer/engine/tiles/region.ts';
import { readPicture } from '../../../../renderer/generation/picture-content.ts';

it('what is painted over is the whole picture, also while one layer is shown alone', () => {
  const document = new PaintDocument(8, 8, [layerRecord({ id: 'a' }), layerRecord({ id: 'b' })]);
  const paint = (id: string, x: number, value: number): void => {
    const rect = { x, y: 0, width: 4, height: 8 };
    const pixels = new Uint8ClampedArray(4 * 8 * 4).fill(value).map((each, i) => (i % 4 === 3 ? 255 : each));
    document.apply([
      { type: 'tiles', layerId: id, tiles: writeRegion(document.layers.get(id), rect, pixels) },
    ]);
  };
  paint('a', 0, 40);
  paint('b', 4, 200);
  const compositor = new CpuCompositor(document);
  const whole = readPicture(document, compositor, document.canvas);
  compositor.setSolo('b');
  const seen = new Uint8Array(8 * 8 * 4);
  compositor.render(document.canvas, seen);
  expect(seen[3]).toBe(0);
  expect(readPicture(document, compositor, document.canvas)).toEqual(whole);
  expect([whole[0], whole[16]]).toEqual([40, 200]);
});
