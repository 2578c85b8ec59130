import { expect, test } from 'vitest';
import type { Change } from '../../../../renderer/engine/changes.ts';
import { PaintDocument } from '../../../../renderer/engine/document.ts';
import { layerRecord } from '../../../../renderer/engine/layers/layer-record.ts';
import { writeRegion } from '../../../../renderer/engine/tiles/region.ts';
import { groupLike, movesAdapters, placeAdapters } from '../../../../renderer/generation/place-adapters.ts';

const FRAME = { x: 32, y: 0, width: 64, height: 64 };
const INK = { path: '/m/ink.safetensors', strength: 0.8 };
const GRAIN = { path: '/m/grain.safetensors', strength: 1 };

/** Two groups of one painted layer each: left of x = 64 at half cover, and from there on. */
function twoGroups(bound: Readonly<Record<string, readonly string[]>>): PaintDocument {
  const groups = ['left', 'right'].flatMap((id) => [
    layerRecord({
      id,
      kind: 'group',
      name: id,
      words: { prompt: '', weight: 1, only: false, adapters: bound[id] },
    }),
    layerRecord({ id: `${id} paint`, parent: id }),
  ]);
  const document = new PaintDocument(128, 64, groups);
  for (const [id, x, alpha] of [
    ['left', 0, 128],
    ['right', 64, 255],
  ] as const) {
    const rect = { x, y: 0, width: 64, height: 64 };
    const pixels = new Uint8Array(64 * 64 * 4).fill(alpha);
    const tiles = writeRegion(document.layers.get(`${id} paint`), rect, pixels);
    document.apply([{ type: 'tiles', layerId: `${id} paint`, tiles }]);
  }
  return document;
}

/** The red channel of a row of the frame, at its ends. */
function ends(adapters: ReturnType<typeof placeAdapters>): (readonly number[] | undefined)[] {
  return adapters.map(({ region }) => region && [region.rgba[0] ?? -1, region.rgba[63 * 4] ?? -1]);
}

test('an adapter acts where the groups that it is bound to have paint, and others everywhere', () => {
  const document = twoGroups({ left: [INK.path] });
  const placed = placeAdapters(document, FRAME, [INK, GRAIN]);
  expect(placed.map(({ path }) => path)).toEqual([INK.path, GRAIN.path]);
  expect(placed[0]).toMatchObject({ strength: 0.8, region: { width: 64, height: 64 } });
  expect(ends(placed)).toEqual([[128, 0], undefined]);
  expect(ends(placeAdapters(twoGroups({ right: [INK.path] }), FRAME, [INK]))).toEqual([[0, 255]]);
  const both = twoGroups({ left: [INK.path], right: [INK.path] });
  expect(ends(placeAdapters(both, FRAME, [INK]))).toEqual([[128, 255]]);
});

test('bound to groups that are hidden, or have no paint in the frame, it is left out', () => {
  const document = twoGroups({ left: [INK.path] });
  const right = { x: 64, y: 0, width: 64, height: 64 };
  expect(placeAdapters(document, right, [INK, GRAIN])).toEqual([GRAIN]);
  document.apply([{ type: 'layer-props', layerId: 'left', props: { visible: false } }]);
  expect(placeAdapters(document, FRAME, [INK])).toEqual([]);
});

test('changes of properties may move an adapter, changes of pixels only where one is bound', () => {
  const paint: Change = { type: 'tiles', layerId: 'left paint', tiles: [] };
  const props: Change = { type: 'layer-props', layerId: 'left', props: { words: null } };
  expect(movesAdapters([paint], twoGroups({}))).toBe(false);
  expect(movesAdapters([paint], twoGroups({ left: [INK.path] }))).toBe(true);
  expect(movesAdapters([], twoGroups({ left: [INK.path] }))).toBe(false);
  expect(movesAdapters([props], twoGroups({}))).toBe(true);
});

test('a region is that of the group with its paint there, whatever its size in pixels, or of none', () => {
  const document = twoGroups({ left: [INK.path] });
  const [placed] = placeAdapters(document, FRAME, [INK]);
  expect(groupLike(document, FRAME, placed!.region!)?.id).toBe('left');
  const right = (i: number): boolean => (i >> 2) % 8 >= 4;
  const opacity = (i: number): boolean => i % 4 === 3;
  const grey = new Uint8Array(8 * 8 * 4).map((_, i) => (right(i) || opacity(i) ? 255 : 0));
  expect(groupLike(document, FRAME, { width: 8, height: 8, rgba: grey })?.id).toBe('right');
  // As masks are kept: white where they cover.
  const kept = grey.map((_, i) => (right(i) || !opacity(i) ? 255 : 0));
  expect(groupLike(document, FRAME, { width: 8, height: 8, rgba: kept })?.id).toBe('right');
  const corner = kept.map((value, i) => (i >= 4 * 16 ? 0 : value));
  expect(groupLike(document, FRAME, { width: 8, height: 8, rgba: corner })).toBeNull();
});
