import { describe, expect, it } from 'vitest';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { filterChanges } from '../../../../../renderer/engine/filter/filter-layer.ts';
import type { FilterSettings } from '../../../../../renderer/engine/filter/filters.ts';
import type { Rect } from '../../../../../renderer/engine/geometry/rect.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { selectRectangle } from '../../../../../renderer/engine/selection/shapes.ts';
import { readDeepRegion, writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { seeded } from '../compositor/random-document.ts';

const ALL: Rect = { x: 200, y: 200, width: 130, height: 110 };
const PAINT: Rect = { x: 236, y: 233, width: 50, height: 40 };

/** Random colours with random alpha across a corner of four tiles. */
function painted(depth: 8 | 16, alphaLocked = false): PaintDocument {
  const document = new PaintDocument(400, 400, [layerRecord({ id: 'a', alphaLocked })], { depth });
  const random = seeded(11);
  const length = PAINT.width * PAINT.height * 4;
  const maximum = depth === 16 ? 65535 : 255;
  const pixels = depth === 16 ? new Uint16Array(length) : new Uint8ClampedArray(length);
  for (let i = 0; i < length; i++) pixels[i] = Math.floor(random() * (maximum + 1));
  document.apply([
    { type: 'tiles', layerId: 'a', tiles: writeRegion(document.layers.get('a').tiles, PAINT, pixels) },
  ]);
  return document;
}

/** Premultiplied, 0 … 1. */
function values(document: PaintDocument, rect = ALL): Float64Array {
  const { tiles, format } = document.layers.get('a');
  const pixels = readDeepRegion(tiles, rect);
  return Float64Array.from(pixels, (value, i) =>
    i % 4 === 3
      ? value / format.maximum
      : ((value / format.maximum) * (pixels[i - (i % 4) + 3] as number)) / format.maximum,
  );
}

function run(document: PaintDocument, settings: FilterSettings, selected: Rect | null = null): Float64Array {
  const mask = selected && selectRectangle(selected, document.canvas);
  document.apply(filterChanges(document, 'a', settings, mask));
  return values(document);
}

const worst = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);

/** The Gaussian as its formula says, in doubles, over everything. */
function blurred(before: Float64Array, deviation: number): Float64Array {
  const weight = (d: number): number => Math.exp(-(d * d) / (2 * deviation * deviation));
  const reach = Math.ceil(6 * deviation);
  let total = 0;
  for (let d = -reach; d <= reach; d++) total += weight(d);
  const pass = (from: Float64Array, dx: number, dy: number): Float64Array =>
    from.map((_, i) => {
      const x = (i >> 2) % ALL.width;
      const y = Math.floor((i >> 2) / ALL.width);
      let sum = 0;
      for (let d = -reach; d <= reach; d++) {
        const [px, py] = [x + d * dx, y + d * dy];
        if (px < 0 || py < 0 || px >= ALL.width || py >= ALL.height) continue;
        sum += weight(d) * (from[(py * ALL.width + px) * 4 + (i % 4)] as number);
      }
      return sum / total;
    });
  return pass(pass(before, 1, 0), 0, 1);
}

describe.each([8, 16] as const)('filters of a layer (%i bits)', (depth) => {
  it.each([0.7, 3, 8])(
    'blur by %f pixels as the Gaussian does, within 1/255 and what storing colour and alpha apart rounds',
    (radius) => {
      const document = painted(depth);
      const expected = blurred(values(document), radius);
      const rounded = depth === 8 ? 0.5 / 255 : 0;
      expect(worst(run(document, { type: 'gaussian-blur', radius }), expected)).toBeLessThanOrEqual(
        1 / 255 + rounded,
      );
    },
  );

  it('sharpen colours by what a blur takes away, and leave alpha', () => {
    const document = painted(depth);
    const before = values(document);
    const soft = blurred(before, 2);
    const after = run(document, { type: 'sharpen', radius: 2, amount: 0.8 });
    const expected = before.map((value, i) => {
      const alpha = before[i - (i % 4) + 3] as number;
      if (i % 4 === 3 || alpha === 0) return value;
      const own = value / alpha;
      const around = (soft[i] as number) / (soft[i - (i % 4) + 3] as number);
      return Math.min(1, Math.max(0, own + 0.8 * (own - around))) * alpha;
    });
    expect(worst(after, expected)).toBeLessThanOrEqual(1 / 255);
  });

  it('pixelate by means of squares from the corner of the document', () => {
    const document = painted(depth);
    const before = values(document);
    const after = run(document, { type: 'pixelate', size: 10 });
    const expected = before.map((_, i) => {
      const x = ALL.x + ((i >> 2) % ALL.width);
      const y = ALL.y + Math.floor((i >> 2) / ALL.width);
      let sum = 0;
      for (let v = 0; v < 10; v++) {
        for (let u = 0; u < 10; u++) {
          const px = Math.floor(x / 10) * 10 + u - ALL.x;
          const py = Math.floor(y / 10) * 10 + v - ALL.y;
          if (px < ALL.width && py < ALL.height) sum += before[(py * ALL.width + px) * 4 + (i % 4)] ?? 0;
        }
      }
      return sum / 100;
    });
    expect(worst(after, expected)).toBeLessThanOrEqual(1 / 255);
  });

  it('add noise of the deviation that is asked for, the same each time, none where there is no paint', () => {
    const document = new PaintDocument(400, 400, [layerRecord({ id: 'a' })], { depth });
    const grey = new Uint8ClampedArray(200 * 200 * 4)
      .fill(128)
      .map((value, i) => (i % 4 === 3 ? 255 : value));
    const rect = { x: 100, y: 100, width: 200, height: 200 };
    const { tiles } = document.layers.get('a');
    document.apply([{ type: 'tiles', layerId: 'a', tiles: writeRegion(tiles, rect, grey) }]);
    const settings = { type: 'noise', amount: 0.05, monochrome: false, seed: 3 } as const;
    const changes = filterChanges(document, 'a', settings, null);
    expect(filterChanges(document, 'a', settings, null)).toEqual(changes);
    document.apply(changes);
    const noise = values(document, rect)
      .filter((_, i) => i % 4 === 1)
      .map((value) => value - 128 / 255);
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const deviation = Math.sqrt(noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length);
    expect(Math.abs(mean)).toBeLessThan(0.001);
    expect(deviation).toBeCloseTo(0.05, 2);
    expect(values(document, { x: 90, y: 90, width: 10, height: 220 }).every((value) => value === 0)).toBe(
      true,
    );
  });

  it('act where it is selected, leave locked transparency, and are taken back bit for bit', () => {
    const selected = { x: 240, y: 220, width: 20, height: 40 };
    const document = painted(depth);
    const before = values(document);
    const back = document.apply(
      filterChanges(
        document,
        'a',
        { type: 'gaussian-blur', radius: 3 },
        selectRectangle(selected, document.canvas),
      ),
    );
    const after = values(document);
    let changed = 0;
    for (let i = 0; i < after.length; i++) {
      const x = ALL.x + ((i >> 2) % ALL.width);
      const y = ALL.y + Math.floor((i >> 2) / ALL.width);
      const inside = x >= 240 && x < 260 && y >= 220 && y < 260;
      if (!inside) expect(after[i]).toBe(before[i]);
      else if (after[i] !== before[i]) changed++;
    }
    expect(changed).toBeGreaterThan(1000);
    document.apply(back);
    expect(values(document)).toEqual(before);
    const locked = painted(depth, true);
    const alpha = values(locked).filter((_, i) => i % 4 === 3);
    expect(run(locked, { type: 'gaussian-blur', radius: 3 }).filter((_, i) => i % 4 === 3)).toEqual(alpha);
  });
});
