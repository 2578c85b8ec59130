import { describe, expect, it } from 'vitest';
import { brushWith, type Brush } from '../../../../../renderer/engine/brush/brush.ts';
import { beginStroke } from '../../../../../renderer/engine/brush/stroke.ts';
import { CpuCompositor } from '../../../../../renderer/engine/compositor/cpu.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerMask } from '../../../../../renderer/engine/layers/layer-mask.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { tileSamples } from '../../../../../renderer/engine/tiles/tile.ts';
import { transformChanges } from '../../../../../renderer/engine/transform/transform-layer.ts';
import { mergeDownChanges } from '../../../../../renderer/engine/merge/merge-layers.ts';

const sample = (x: number, y: number, time: number) => ({
  x,
  y,
  pressure: 1,
  tiltX: 0,
  tiltY: 0,
  twist: 0,
  time,
});

/** Draws a line across on a layer's pixels or mask; the picture is the same while drawn and when written. */
function draw(
  document: PaintDocument,
  brush: Brush,
  plane: 'pixels' | 'mask',
  colour: [number, number, number],
  layerId = 'a',
): void {
  const compositor = new CpuCompositor(document);
  const stroke = beginStroke(document, layerId, brush, colour, { plane });
  for (let i = 0; i <= 20; i++) stroke.extend([sample(40 + i * 9, 60, i * 8)]);
  const changes = stroke.commit();
  const shown = new Uint16Array(256 * 128 * 4);
  compositor.render({ x: 0, y: 0, width: 256, height: 128 }, shown);
  document.apply(changes);
  const written = new Uint16Array(shown.length);
  compositor.render({ x: 0, y: 0, width: 256, height: 128 }, written);
  expect(written).toEqual(shown);
  compositor.dispose();
}

const brushes: [string, Brush][] = [
  ['a hard brush', brushWith({ size: 30, hardness: 1 })],
  ['an eraser', brushWith({ size: 30, hardness: 1, mode: 'erase' })],
  ['a mixing brush', brushWith({ size: 30, mixing: { pickup: 0.4, length: 0.6, smear: false } })],
  ['a smudge', brushWith({ size: 30, mixing: { pickup: 1, length: 0.6, smear: true } })],
];

describe.each([8, 16] as const)('painting with %i bits', (depth) => {
  const setUp = (): PaintDocument => {
    const document = new PaintDocument(256, 256, [layerRecord({ id: 'a', mask: layerMask(1) })], { depth });
    draw(document, brushWith({ size: 200, hardness: 1 }), 'pixels', [200, 100, 50]);
    return document;
  };

  it.each(brushes)('on the mask with %s changes the mask only, and undo brings it back', (_, brush) => {
    const document = setUp();
    const layer = document.layers.get('a');
    const pixels = layer.tiles.get(0, 0)!;
    // Half hidden to begin with, so that a smudge finds an edge.
    const { format } = layer.mask;
    const half = new Uint8Array(format.tileBytes);
    tileSamples(half, format).forEach((_value, i, all) => (all[i] = i % 256 < 128 ? 0 : format.maximum));
    document.apply([{ type: 'mask-tiles', layerId: 'a', tiles: [{ x: 0, y: 0, data: half }] }]);
    draw(document, brush, 'mask', [128, 128, 128]);
    expect(layer.tiles.get(0, 0)).toBe(pixels);
    expect(layer.mask.tiles.get(0, 0)).not.toEqual(half);
    const values = tileSamples(layer.mask.tiles.get(0, 0)!, format);
    // Far from the line nothing changed.
    expect([values[200 * 256 + 10], values[200 * 256 + 200]]).toEqual([0, format.maximum]);
    if (_ === 'a hard brush') expect(values[60 * 256 + 100]! / format.maximum).toBeCloseTo(128 / 255, 2);
    if (_ === 'an eraser') expect(values[60 * 256 + 200]).toBe(0);
  });

  it('keeps as many steps of a faint stroke as the depth has', () => {
    const document = new PaintDocument(256, 256, [layerRecord({ id: 'a' })], { depth });
    draw(document, brushWith({ size: 80, hardness: 0, opacity: 0.04 }), 'pixels', [255, 128, 0]);
    const layer = document.layers.get('a');
    const samples = tileSamples(layer.tiles.get(0, 0)!, layer.format);
    const alphas = new Set(Array.from({ length: 80 }, (_, i) => samples[((20 + i) * 256 + 120) * 4 + 3]!));
    if (depth === 8) expect(alphas.size).toBeLessThan(15);
    else expect(alphas.size).toBeGreaterThan(25);
  });

  it('moves by whole pixels exactly, and turns without loss of depth', () => {
    const document = setUp();
    const before = document.layers.get('a').tiles.get(0, 0)!;
    const map = { a: 1, b: 0, c: 0, d: 1, e: 256, f: 0 };
    document.apply(transformChanges(document, 'a', map, 'bicubic'));
    expect(document.layers.get('a').tiles.get(1, 0)).toEqual(before);
    document.apply(transformChanges(document, 'a', { ...map, a: 0.5, d: 0.5, e: -100 }, 'bicubic'));
    expect(document.layers.get('a').tiles.get(0, 0)!.length).toBe(before.length);
  });

  it('merges a masked layer down so that the picture stays', () => {
    const document = new PaintDocument(
      256,
      256,
      [layerRecord({ id: 'b' }), layerRecord({ id: 'a', mask: layerMask(1), opacity: 0.7 })],
      { depth },
    );
    draw(document, brushWith({ size: 90, hardness: 0.2 }), 'pixels', [10, 200, 90], 'b');
    draw(document, brushWith({ size: 60, hardness: 0.5 }), 'pixels', [200, 100, 50]);
    draw(document, brushWith({ size: 20, hardness: 0.5 }), 'mask', [60, 60, 60]);
    const picture = (): Uint16Array => {
      const out = new Uint16Array(256 * 256 * 4);
      new CpuCompositor(document).render(document.canvas, out, 'premultiplied');
      return out;
    };
    const before = picture();
    document.apply(mergeDownChanges(document, 'a'));
    expect([...document.layers.all()].map(({ record }) => record.mask)).toEqual([null]);
    const worst = picture().reduce((most, value, i) => Math.max(most, Math.abs(value - before[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(depth === 8 ? 257 : 1);
  });
});

it('explains what cannot be painted on', () => {
  const document = new PaintDocument(64, 64, [
    layerRecord({ id: 'a' }),
    layerRecord({ id: 'f', kind: 'fill', name: 'Sky', fill: { type: 'solid', colour: [0, 0, 1] } }),
  ]);
  const brush = brushWith({ size: 10 });
  expect(() => beginStroke(document, 'f', brush, [0, 0, 0])).toThrow('"Sky" is a fill layer');
  expect(() => beginStroke(document, 'a', brush, [0, 0, 0], { plane: 'mask' })).toThrow(/no mask/);
});
