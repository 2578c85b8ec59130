import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  createDocumentFile,
  openDocument,
  type StoredDocument,
} from '../../../../main/documents/document.ts';
import { encodeAnimation } from '../../../../main/documents/encode-animation.ts';
import { flattenDocument } from '../../../../main/documents/flatten.ts';
import { playHistory } from '../../../../main/documents/time-lapse.ts';
import { TILE_BYTES } from '../../../../preload/contract/index.ts';

let folder: string;
let document: StoredDocument;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-time-lapse-'));
  const path = join(folder, 'fox.impasto');
  createDocumentFile(path, 'fox', 512, 256);
  document = openDocument(path);
});
afterEach(() => {
  document.close();
  rmSync(folder, { recursive: true, force: true });
});

const COLOURS = [
  [255, 0, 0],
  [0, 160, 0],
  [20, 40, 220],
  [250, 200, 0],
] as const;

function paint(x: number, [r, g, b]: readonly [number, number, number], alpha = 255): void {
  const layerId = document.state().layers.at(-1)?.id ?? '';
  const data = new Uint8Array(TILE_BYTES);
  for (let i = 0; i < data.length; i += 4) data.set([r, g, b, alpha], i);
  document.commit(`Tile ${x}`, [{ type: 'tiles', layerId, tiles: [{ x, y: 0, data }] }]);
}

it('shows each step as the flattened document looked after it', () => {
  const expected = [flattenDocument(document).rgba];
  for (const [i, colour] of COLOURS.entries()) {
    paint(i % 2, colour, i === 3 ? 128 : 255);
    expected.push(flattenDocument(document).rgba);
  }
  const lapse = playHistory(document, 512, 100);
  expect(lapse).toMatchObject({ width: 512, height: 256, count: 5 });
  const frames = [...lapse.frames];
  expect(frames.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4]);
  for (const [i, frame] of frames.entries()) {
    // The sheet is opaque, so over white is what it is.
    const worst = frame.rgba.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - expected[i]![at]!)),
      0,
    );
    expect(worst).toBeLessThanOrEqual(1);
  }
});

it('shrinks by averaging and leaves out steps evenly, the first and last never', () => {
  for (let i = 0; i < 40; i++) paint(i % 2, COLOURS[i % 4]!);
  const lapse = playHistory(document, 128, 9);
  expect(lapse).toMatchObject({ width: 128, height: 64, count: 9 });
  const frames = [...lapse.frames];
  expect(frames.map(({ seq }) => seq)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40]);
  expect([...frames.at(-1)!.rgba.subarray(0, 3)]).toEqual([20, 40, 220]);
  expect([...frames.at(-1)!.rgba.subarray(100 * 4, 100 * 4 + 3)]).toEqual([250, 200, 0]);
});

it('plays only what is done, not what was undone', () => {
  for (const [i, colour] of COLOURS.entries()) paint(i % 2, colour);
  document.moveHead(2, false);
  expect([...playHistory(document, 64, 100).frames].map(({ seq }) => seq)).toEqual([0, 1, 2]);
});

it('follows a canvas that was cut', () => {
  paint(0, COLOURS[0]);
  document.commit('Crop', [{ type: 'canvas', width: 256, height: 256 }]);
  const frames = [...playHistory(document, 256, 10).frames];
  expect(frames).toHaveLength(3);
  // 512 × 256 within 256 × 256: half as large, in the middle.
  expect([...frames[1]!.rgba.subarray(0, 3)]).toEqual([0x59, 0x59, 0x59]);
  expect([...frames[1]!.rgba.subarray((128 * 256 + 10) * 4, (128 * 256 + 10) * 4 + 3)]).toEqual([255, 0, 0]);
  expect([...frames[2]!.rgba.subarray(0, 3)]).toEqual([255, 0, 0]);
});

it.each(['webp', 'gif'] as const)('becomes an animated %s that another decoder reads', async (format) => {
  for (const [i, colour] of COLOURS.entries()) paint(i % 2, colour);
  const told: number[] = [];
  const bytes = await encodeAnimation(playHistory(document, 128, 10), format, 10, (done) => told.push(done));
  expect(told).toEqual([1, 2, 3, 4, 5]);
  const meta = await sharp(bytes, { animated: true }).metadata();
  expect(meta).toMatchObject({ format, width: 128, pageHeight: 64, pages: 5, loop: 0 });
  expect(meta.delay).toEqual([100, 100, 100, 100, 2000]);
  const { data } = await sharp(bytes, { page: 1 }).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(Math.abs(data[0]! - 255) + data[1]! + data[2]!).toBeLessThan(12);
});

it('says when there is nothing to play', () => {
  expect(() => playHistory(document, 64, 10)).toThrow(/no steps to play/);
});
