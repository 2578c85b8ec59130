import { describe, expect, it } from 'vitest';
import { CpuCompositor } from '../../../../../renderer/engine/compositor/cpu.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import { layerMask } from '../../../../../renderer/engine/layers/layer-mask.ts';
import type { Layer } from '../../../../../renderer/engine/layers/layer.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { SoftMask } from '../../../../../renderer/engine/mask/soft-mask.ts';
import { writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import type { Rect } from '../../../../../renderer/engine/geometry/rect.ts';
import {
  maskFormat,
  tileKey,
  type TileChange,
  tileRange,
  tileSamples,
} from '../../../../../renderer/engine/tiles/tile.ts';
import { seeded } from '../compositor/random-document.ts';

const WIDTH = 330;
const HEIGHT = 290;

/** A disc, a band along the right border, and slanted stripes across tiles: 0 or 1. */
function drawn(x: number, y: number): number {
  const disc = (x - 120) ** 2 + (y - 150) ** 2 < 70 ** 2;
  return disc || x > 322 || (x > 200 && y < 120 && (x + y) % 41 < 13) ? 1 : 0;
}

/** The Gaussian in double precision, its kernel to six deviations, with the border going on beyond the canvas. */
function gaussian(deviation: number): Float64Array {
  const reach = Math.ceil(6 * deviation);
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * deviation * deviation)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  const along = (length: number, at: (i: number) => number, x: number): number => {
    let value = 0;
    for (let i = -reach; i <= reach; i++)
      value += weights[i + reach]! * at(Math.min(length - 1, Math.max(0, x + i)));
    return value / sum;
  };
  const rows = new Float64Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) rows[y * WIDTH + x] = along(WIDTH, (i) => drawn(i, y), x);
  const out = new Float64Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) out[y * WIDTH + x] = along(HEIGHT, (i) => rows[i * WIDTH + x]!, y);
  return out;
}

function softened(depth: 8 | 16, feather: number): Float64Array {
  const format = maskFormat(depth);
  const tiles = new Map<number, Uint8Array>();
  for (const [tx, ty] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const) {
    const data = new Uint8Array(format.tileBytes);
    const samples = tileSamples(data, format);
    for (let i = 0; i < 65536; i++)
      samples[i] = drawn(tx * 256 + (i & 255), ty * 256 + (i >> 8)) * format.maximum;
    tiles.set(tileKey(tx, ty), data);
  }
  const canvas = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
  const soft = new SoftMask({ format, get: (x, y) => tiles.get(tileKey(x, y)) }, 0, canvas, feather);
  return Float64Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const x = i % WIDTH;
    const y = Math.floor(i / WIDTH);
    const tile = soft.get(x >> 8, y >> 8);
    return tile ? tileSamples(tile, format)[(y & 255) * 256 + (x & 255)]! / format.maximum : 0;
  });
}

/** A mask's tiles after a rectangle of it was given one value. */
function painted({ mask, maskOutside }: Layer, rect: Rect, value: number): TileChange[] {
  const tiles: TileChange[] = [];
  const range = tileRange(rect);
  for (let ty = range.y0; ty < range.y1; ty++) {
    for (let tx = range.x0; tx < range.x1; tx++) {
      const before = mask.tiles.get(tx, ty);
      const data = before ? Uint8Array.from(before) : new Uint8Array(65536).fill(maskOutside);
      for (let y = Math.max(rect.y, ty * 256); y < Math.min(rect.y + rect.height, ty * 256 + 256); y++) {
        const row = (y - ty * 256) * 256 - tx * 256;
        data.fill(
          value,
          row + Math.max(rect.x, tx * 256),
          row + Math.min(rect.x + rect.width, tx * 256 + 256),
        );
      }
      tiles.push({ x: tx, y: ty, data });
    }
  }
  return tiles;
}

describe('a feathered mask', () => {
  // Kernels of pixels to 12, of squares of 2 to 128 pixels beyond it.
  it.each([
    [8, 0.4],
    [8, 2.5],
    [16, 11],
    [8, 13],
    [16, 30],
    [8, 200],
  ] as const)('of %i bits is the Gaussian of its feather within 1/255: %d px', (depth, feather) => {
    const exact = gaussian(feather);
    const made = softened(depth, feather);
    const worst = made.reduce((most, value, i) => Math.max(most, Math.abs(value - exact[i]!)), 0);
    expect(worst * 255).toBeLessThan(1);
  });

  it('is softer, and its own pixels stay', () => {
    const document = new PaintDocument(64, 8, [layerRecord({ id: 'a' })]);
    const layer = document.layers.get('a');
    const white = new Uint8Array(64 * 8 * 4).fill(255);
    document.apply([
      { type: 'tiles', layerId: 'a', tiles: writeRegion(layer, document.canvas, white) },
      { type: 'layer-props', layerId: 'a', props: { mask: layerMask(0) } },
    ]);
    const half = painted(layer, { x: 0, y: 0, width: 32, height: 8 }, 255);
    document.apply([{ type: 'mask-tiles', layerId: 'a', tiles: half }]);
    const before = layer.mask.tiles.get(0, 0);
    const compositor = new CpuCompositor(document);
    const alphas = (): number[] => {
      const out = new Uint8Array(64 * 8 * 4);
      compositor.render(document.canvas, out);
      return [4, 28, 31, 32, 35, 59].map((x) => out[(4 * 64 + x) * 4 + 3]!);
    };
    expect(alphas()).toEqual([255, 255, 255, 0, 0, 0]);
    const back = document.apply([
      { type: 'layer-props', layerId: 'a', props: { mask: { ...layerMask(0), feather: 4, density: 0.5 } } },
    ]);
    // Half of the normal distribution's function at (31.5 - x) / 4.
    for (const [i, value] of [255, 231.5, 197.6, 184.9, 151.8, 127.5].entries())
      expect(Math.abs(alphas()[i]! - value)).toBeLessThanOrEqual(1);
    expect(layer.mask.tiles.get(0, 0)).toBe(before);
    document.apply(back);
    expect(alphas()).toEqual([255, 255, 255, 0, 0, 0]);
  });

  it.each([3, 40])(
    'painted on, looks as if made anew, and says all that looks different: %d px',
    (feather) => {
      const random = seeded(feather);
      const width = 600;
      const height = 300;
      const group = layerRecord({ id: 'g', kind: 'group', mask: { ...layerMask(1), feather, density: 0.9 } });
      const document = new PaintDocument(width, height, [group, layerRecord({ id: 'a', parent: 'g' })]);
      const pixels = Uint8Array.from({ length: width * height * 4 }, (_, i) =>
        i % 4 === 3 ? 255 : (i * 7) & 255,
      );
      const tiles = writeRegion(document.layers.get('a'), document.canvas, pixels);
      document.apply([{ type: 'tiles', layerId: 'a', tiles }]);
      const compositor = new CpuCompositor(document);
      compositor.setActiveLayer('a');
      const look = (from: CpuCompositor): Uint8Array => {
        const out = new Uint8Array(width * height * 4);
        from.render(document.canvas, out);
        return out;
      };
      let before = look(compositor);
      compositor.takeDamage();
      for (let i = 0; i < 12; i++) {
        const rect = {
          x: Math.floor(random() * 560),
          y: Math.floor(random() * 260),
          width: 1 + Math.floor(random() * 40),
          height: 1 + Math.floor(random() * 40),
        };
        const tiles = painted(document.layers.get('g'), rect, random() < 0.5 ? 0 : 255);
        document.apply([{ type: 'mask-tiles', layerId: 'g', tiles }]);
        const damage = compositor.takeDamage();
        const after = look(compositor);
        expect(after).toEqual(look(new CpuCompositor(document)));
        for (let at = 0; at < after.length; at += 4) {
          if (after[at + 3] === before[at + 3]) continue;
          const x = (at / 4) % width;
          const y = Math.floor(at / 4 / width);
          const told = damage.some(
            (each) => x >= each.x && y >= each.y && x < each.x + each.width && y < each.y + each.height,
          );
          if (!told) throw new Error(`${x}, ${y} looks different and nobody was told`);
        }
        before = after;
      }
    },
  );
});
