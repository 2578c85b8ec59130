import { TILE_SIZE } from '../../../../../renderer/engine/tiles/tile.ts';
import { describe, expect, it } from 'vitest';
import { CpuCompositor } from '../../../../../renderer/engine/compositor/cpu.ts';
import {
  levelForZoom,
  LevelRenderer,
  levelSize,
} from '../../../../../renderer/engine/compositor/level-renderer.ts';
import { PaintDocument } from '../../../../../renderer/engine/document.ts';
import type { Fill } from '../../../../../renderer/engine/layers/fill.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { writeRegion } from '../../../../../renderer/engine/tiles/region.ts';
import { seeded } from './random-document.ts';

const [WIDTH, HEIGHT] = [700, 500];

function painted(): PaintDocument {
  const random = seeded(11);
  const document = new PaintDocument(WIDTH, HEIGHT, [layerRecord({ id: 'a' })]);
  const rect = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
  const pixels = Uint8Array.from({ length: WIDTH * HEIGHT * 4 }, (_, i) =>
    (i & 3) === 3 && i % 64 < 32 ? 0 : Math.floor(random() * 256),
  );
  document.apply([
    { type: 'tiles', layerId: 'a', tiles: writeRegion(document.layers.get('a'), rect, pixels) },
  ]);
  return document;
}

function levelsOf(document: PaintDocument): {
  levels: LevelRenderer;
  compositor: CpuCompositor;
  renders: { count: number; pixels: number };
} {
  const compositor = new CpuCompositor(document);
  const renders = { count: 0, pixels: 0 };
  const source = {
    render: (...given: Parameters<CpuCompositor['render']>) => {
      renders.count += 1;
      renders.pixels += given[0].width * given[0].height;
      compositor.render(...given);
    },
    absent: (tx: number, ty: number) => compositor.absent(tx, ty),
    packed: (tx: number, ty: number) => compositor.packed(tx, ty),
    likeness: (tx: number, ty: number) => compositor.likeness(tx, ty),
  };
  const levels = new LevelRenderer(source, () => document.canvas, compositor.followDamage());
  return { levels, compositor, renders };
}

/** A whole level, put together from its tiles. */
function wholeLevel(levels: LevelRenderer, document: PaintDocument, level: number): Uint8ClampedArray {
  const { width, height } = levelSize(document, level);
  const out = new Uint8ClampedArray(width * height * 4);
  for (let ty = 0; ty * 256 < document.height; ty++) {
    for (let tx = 0; tx * 256 < document.width; tx++) {
      const piece = levels.draw(level, tx, ty);
      if (!piece) throw new Error('A tile of the canvas is missing.');
      const { rect, pixels } = piece;
      for (let y = 0; y < rect.height; y++) {
        const row = pixels.subarray(y * rect.width * 4, (y + 1) * rect.width * 4);
        out.set(row, ((rect.y + y) * width + rect.x) * 4);
      }
    }
  }
  return out;
}

/** Mean of premultiplied values over a square of the document, as far as there is one; straight. */
function average(full: Uint8ClampedArray, x: number, y: number, scale: number): number[] {
  const sum = [0, 0, 0, 0];
  let count = 0;
  for (let v = y * scale; v < Math.min(HEIGHT, (y + 1) * scale); v++) {
    for (let u = x * scale; u < Math.min(WIDTH, (x + 1) * scale); u++) {
      const at = (v * WIDTH + u) * 4;
      const a = full[at + 3]!;
      for (let k = 0; k < 3; k++) sum[k]! += (full[at + k]! * a) / 255;
      sum[3]! += a;
      count += 1;
    }
  }
  const a = sum[3]!;
  return [...sum.slice(0, 3).map((value) => (a > 0 ? (value / a) * 255 : 0)), a / count];
}

describe('levels of detail', () => {
  it('are chosen so that they are never smaller than the screen wants', () => {
    expect([64, 1, 0.99, 0.5, 0.49, 0.25, 0.06, 0.03, 0.0001].map(levelForZoom)).toEqual([
      0, 0, 0, 1, 1, 2, 4, 5, 5,
    ]);
  });

  it.each([0, 1, 2, 3, 4, 5])('level %i is the average of the document, up to its edges', (level) => {
    const document = painted();
    const { levels, compositor } = levelsOf(document);
    const full = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
    compositor.render(document.canvas, full);
    const { width, height } = levelSize(document, level);
    const got = wholeLevel(levels, document, level);
    // From 1/16 on averages are taken of averages, whose squares at the edges may be cut off.
    const inner = level > 3 ? 1 : 0;
    const step = level === 0 ? 97 : level === 1 ? 13 : 1;
    for (let i = 0; i < width * height; i += step) {
      const [x, y] = [i % width, Math.floor(i / width)];
      if (x >= width - inner || y >= height - inner) continue;
      const want = average(full, x, y, 1 << level);
      const weight = want[3]! / 255;
      for (let k = 0; k < 4; k++) {
        const off = Math.abs(got[i * 4 + k]! - want[k]!) * (k === 3 ? 1 : weight);
        expect(off).toBeLessThanOrEqual(1.5);
      }
    }
  });

  it.each([0, 2, 3, 5])('level %i after damage is what it would be from the start', (level) => {
    const document = painted();
    const { levels, renders } = levelsOf(document);
    wholeLevel(levels, document, level);
    const rect = { x: 301, y: 77, width: 10, height: 5 };
    const tiles = writeRegion(document.layers.get('a'), rect, new Uint8Array(200).fill(200));
    document.apply([{ type: 'tiles', layerId: 'a', tiles }]);
    renders.pixels = 0;
    const piece = levels.draw(level, 1, 0, rect)!;
    // A dab costs what it covers, to whole squares of the level.
    expect(renders.pixels).toBeLessThanOrEqual(16 * 24);
    const fresh = levelsOf(document).levels.draw(level, 1, 0, rect)!;
    expect(piece.rect).toEqual(fresh.rect);
    expect(Buffer.from(piece.pixels).equals(Buffer.from(fresh.pixels))).toBe(true);
  });

  it.each([0, 1, 3, 5])('level %i drawn some rows at a time is what it is at once', (level) => {
    const document = painted();
    const whole = levelsOf(document).levels.draw(level, 1, 1)!;
    const { levels, renders } = levelsOf(document);
    for (let y = 256; y < HEIGHT; y += 64) {
      const before = renders.pixels;
      const part = { x: 256, y, width: 256, height: Math.min(64, HEIGHT - y) };
      const piece = levels.draw(level, 1, 1, part)!;
      // No more is composited than was asked for.
      expect(renders.pixels - before).toBeLessThanOrEqual(256 * 64);
      const rows = piece.rect.y - whole.rect.y;
      const from = rows * whole.rect.width * 4;
      const same = whole.pixels.subarray(from, from + piece.pixels.length);
      expect(Buffer.from(piece.pixels).equals(Buffer.from(same)), `row ${y}`).toBe(true);
    }
  });

  it('are drawn at once where few layers lie, and some rows at a time where many do', () => {
    const layers = Array.from({ length: 30 }, (_, i) => layerRecord({ id: `l${i}` }));
    const document = new PaintDocument(768, 256, layers);
    layers.forEach(({ id }, i) => {
      const data = new Uint8Array(262_144).fill(i + 1);
      const tiles = [{ x: 0, y: 0, data }, ...(i < 8 ? [{ x: 1, y: 0, data }] : [])];
      document.apply([{ type: 'tiles', layerId: id, tiles }]);
    });
    const { levels } = levelsOf(document);
    expect([0, 1, 2].map((tx) => levels.rowsAtOnce(tx, 0))).toEqual([64, 128, 256]);
  });

  it('are kept from 1/8 on: going on to a smaller one composites nothing', () => {
    const document = painted();
    const { levels, renders } = levelsOf(document);
    wholeLevel(levels, document, 3);
    const { count } = renders;
    wholeLevel(levels, document, 4);
    wholeLevel(levels, document, 5);
    expect(renders.count).toBe(count);
    wholeLevel(levels, document, 2);
    expect(renders.count).toBeGreaterThan(count);
  });

  it('composite blank tiles once, and never take other pixels for the same', () => {
    const document = new PaintDocument(16_384, 16_384, [
      layerRecord({ id: 'sheet' }),
      layerRecord({ id: 'a' }),
    ]);
    const white = new Uint8Array(262_144).fill(255);
    const sheet = Array.from({ length: 4096 }, (_, i) => ({ x: i & 63, y: i >> 6, data: white }));
    document.apply([{ type: 'tiles', layerId: 'sheet', tiles: sheet }]);
    const { levels, renders } = levelsOf(document);
    for (let i = 0; i < 4096; i++) levels.draw(5, i & 63, i >> 6);
    expect(renders.count).toBe(1);
    const red = new Uint8Array(262_144).map((_, i) => ((i & 3) === 0 || (i & 3) === 3 ? 255 : 0));
    document.apply([{ type: 'tiles', layerId: 'a', tiles: [{ x: 40, y: 50, data: red }] }]);
    expect([...levels.draw(5, 40, 50)!.pixels.subarray(0, 4)]).toEqual([255, 0, 0, 255]);
    expect([...levels.draw(5, 41, 50)!.pixels.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
    document.apply([{ type: 'layer-props', layerId: 'a', props: { opacity: 0.5 } }]);
    expect([...levels.draw(5, 40, 50)!.pixels.subarray(0, 4)]).toEqual([255, 128, 128, 255]);
    document.apply([{ type: 'layer-props', layerId: 'a', props: { blend: 'dissolve' } }]);
    const noise = levels.draw(0, 40, 50)!.pixels;
    expect(Buffer.from(noise).equals(Buffer.from(levels.draw(0, 41, 50)!.pixels))).toBe(false);
  });

  it('take a gradient for what it is: another in every place', () => {
    const document = new PaintDocument(1024, 256, [layerRecord({ id: 'f', kind: 'fill', fill: GRADIENT })]);
    const { levels } = levelsOf(document);
    const greys = [0, 1, 2, 3].map((tx) => levels.draw(3, tx, 0)!.pixels[0]!);
    expect(new Set(greys).size).toBe(4);
  });

  it('of another canvas are made anew', () => {
    const document = painted();
    const { levels } = levelsOf(document);
    wholeLevel(levels, document, 4);
    document.apply([{ type: 'canvas', width: 300, height: 200 }]);
    expect(levels.draw(4, 2, 0)).toBeNull();
    expect(levels.draw(4, 1, 0)!.rect).toEqual({ x: 16, y: 0, width: 3, height: 13 });
  });

  it('unpacks the tiles of a tile one by one before it is drawn, and those of others never', () => {
    const layers = ['a', 'b', 'c'].map((id) => layerRecord({ id }));
    const document = new PaintDocument(512, 256, layers);
    for (const [i, { id }] of layers.entries()) {
      const data = (x: number): Uint8Array<ArrayBuffer> =>
        new Uint8Array(TILE_SIZE * TILE_SIZE * 4).fill(40 * i + x + 1);
      const tiles = [0, 1].map((x) => ({ x, y: 0, data: data(x) }));
      document.apply([{ type: 'tiles', layerId: id, tiles }]);
    }
    const stored = layers.map(({ id }) => [0, 1].map((x) => document.layers.get(id).tiles.storedAt(x, 0)!));
    for (const tile of stored.flat()) tile.pack();
    const { levels } = levelsOf(document);
    const unpacked = (x: number): number => stored.filter((tiles) => tiles[x]!.unpacked !== null).length;
    for (let done = 0; done < 3; done++) {
      expect([unpacked(0), unpacked(1)]).toEqual([done, 0]);
      expect(levels.prepare(0, 0, 0)).toBe(true);
    }
    expect(levels.prepare(0, 0, 0)).toBe(false);
    // What looks like a tile that was drawn needs nothing of its own.
    const before = levels.draw(0, 0, 0);
    for (const tile of stored.flat()) tile.pack();
    expect(levels.prepare(0, 0, 0)).toBe(false);
    expect(levels.draw(0, 0, 0)?.pixels).toBe(before?.pixels);
  });
});

const GRADIENT: Fill = {
  type: 'gradient',
  shape: 'linear',
  stops: [
    { at: 0, colour: [0, 0, 0], opacity: 1 },
    { at: 1, colour: [1, 1, 1], opacity: 1 },
  ],
  from: { x: 0, y: 0 },
  to: { x: 1024, y: 0 },
};
