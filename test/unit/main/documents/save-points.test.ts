import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createDocumentFile,
  openDocument,
  type StoredDocument,
} from '../../../../main/documents/document.ts';
import { type Change, type LayerRecord, TILE_BYTES } from '../../../../preload/contract/index.ts';

let folder: string;
let path: string;
let document: StoredDocument;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-save-points-'));
  path = join(folder, 'fox.impasto');
  createDocumentFile(path, 'fox', 600, 300);
  document = openDocument(path);
});
afterEach(() => {
  document.close();
  rmSync(folder, { recursive: true, force: true });
});

const top = (): string => document.state().layers.at(-1)?.id ?? '';
/** Noise, so that a step weighs what it holds. */
const noise = (): Uint8Array<ArrayBuffer> =>
  crypto.getRandomValues(new Uint8Array(65_536)).reduce((out, value, i) => {
    out.fill(value, i * 4, i * 4 + 4);
    return out;
  }, new Uint8Array(TILE_BYTES));

const paint = (x: number, data: Uint8Array<ArrayBuffer> | null = noise()): Change => ({
  type: 'tiles',
  layerId: top(),
  tiles: [{ x, y: 0, data }],
});
const record = (id: string, parent: string | null, kind: 'paint' | 'group'): LayerRecord => ({
  id,
  kind,
  name: id,
  visible: true,
  opacity: 1,
  blend: 'normal',
  locked: false,
  alphaLocked: false,
  clipped: false,
  fillOpacity: 1,
  mask: null,
  parent,
});

function look(): unknown {
  const { width, height, layers } = document.state();
  const pixels = layers.map(({ id }) =>
    document
      .readLayer(id)
      .map(({ x, y, data }) => `${x},${y}:${Buffer.from(data.subarray(0, 64)).toString('hex')}`)
      .toSorted(),
  );
  return { width, height, layers, pixels };
}

function reopen(limits?: Parameters<typeof openDocument>[1]): void {
  document.close();
  document = openDocument(path, limits);
}

describe('a save point', () => {
  it('brings back pixels, properties, layers, their order and the canvas, as one step that can be undone', () => {
    document.commit('Group', [
      { type: 'layer-add', layer: record('g', null, 'group'), parent: null, index: 2 },
    ]);
    document.commit('Inner', [
      { type: 'layer-add', layer: record('a', 'g', 'paint'), parent: 'g', index: 0 },
    ]);
    document.commit('Stroke', [paint(0), paint(1)]);
    const kept = look();
    const point = document.addSavePoint('Sketch');

    document.commit('Drop', [{ type: 'layer-remove', layerId: 'g' }]);
    document.commit('Stroke', [paint(1), paint(2)]);
    document.commit('Crop', [{ type: 'canvas', width: 256, height: 256 }]);
    const later = look();
    const before = document.state().head;

    const { name, changes } = document.readSavePoint(point.id);
    document.commit(`Restore ${name}`, changes);
    expect(look()).toEqual(kept);
    document.moveHead(before, false);
    expect(look()).toEqual(later);
  });

  it('comes in as many messages as it is large, and is one step all the same', () => {
    const at = (i: number, value: number) => ({
      x: i % 30,
      y: Math.floor(i / 30),
      data: new Uint8Array(TILE_BYTES).fill(1 + (value % 7)),
    });
    const sheet = (seed: number): Change[] => [
      { type: 'tiles', layerId: top(), tiles: Array.from({ length: 600 }, (_, i) => at(i, i + seed)) },
    ];
    document.commit('Wide', sheet(0));
    const kept = look();
    const point = document.addSavePoint('Wide');
    document.commit('Otherwise', sheet(1));
    const later = look();
    const { head } = document.state();
    const { parts, changes, name } = document.readSavePoint(point.id);
    expect(parts).toBe(3);
    for (let part = 1; part < parts; part++) changes.push(...document.readSavePoint(point.id, part).changes);
    for (const [part, change] of changes.slice(0, -1).entries()) document.stagePart(part, [change]);
    document.commit(`Restore ${name}`, changes.slice(-1), changes.length - 1);
    expect(look()).toEqual(kept);
    expect(document.state().history.at(-1)?.label).toBe('Restore Wide');
    document.moveHead(head, false);
    expect(look()).toEqual(later);
  });

  it('changes in place what only looks different', () => {
    document.commit('Stroke', [paint(0)]);
    const point = document.addSavePoint('Before');
    const kept = look();
    document.commit('Hide', [
      { type: 'layer-props', layerId: top(), props: { visible: false, name: 'Ink' } },
    ]);
    document.commit('Stroke', [paint(0), paint(1)]);
    const { changes } = document.readSavePoint(point.id);
    expect(changes.map(({ type }) => type)).toEqual(['layer-props', 'tiles']);
    document.commit('Restore', changes);
    expect(look()).toEqual(kept);
    expect(document.readSavePoint(point.id).changes).toEqual([]);
  });

  it('survives a restart, thinning and steps that are dropped, with its name', () => {
    document.commit('Stroke', [paint(0)]);
    const point = document.addSavePoint('First');
    const kept = look();
    document.renameSavePoint(point.id, 'Fox, first try');
    document.moveHead(0, false);
    document.commit('Another way', [paint(2)]);
    for (let i = 0; i < 12; i++) document.commit(`Stroke ${i}`, [paint(1)]);
    reopen({ budgetBytes: 0, keepSteps: 2 });
    while (document.maintain());
    reopen();
    expect(document.state().savePoints).toEqual([{ ...point, name: 'Fox, first try' }]);
    document.commit('Restore', document.readSavePoint(point.id).changes);
    expect(look()).toEqual(kept);
  });

  it('can be removed, and says so when it is asked for afterwards', () => {
    const { id } = document.addSavePoint('Gone');
    document.removeSavePoint(id);
    expect(document.state().savePoints).toEqual([]);
    expect(() => document.readSavePoint(id)).toThrow(/not in the document any more/);
  });
});

describe('thinning', () => {
  it('drops the oldest steps only, down to the budget, and never what can be undone near the head', () => {
    for (let i = 0; i < 20; i++) document.commit(`Stroke ${i}`, [paint(0)]);
    const shown = look();
    reopen({ budgetBytes: 10 * 65_536, keepSteps: 5 });
    while (document.maintain());
    const { history, floor, head } = document.state();
    expect(history.length).toBeGreaterThanOrEqual(5);
    expect(history.length).toBeLessThan(14);
    expect(history[0]?.seq).toBe(floor + 1);
    expect(head).toBe(20);
    expect(look()).toEqual(shown);
    document.moveHead(floor, false);
    expect(document.state().head).toBe(floor);
    document.moveHead(20, false);
    expect(look()).toEqual(shown);
    expect(() => document.moveHead(floor - 1, false)).toThrow(/not in this document's history/);
  });

  it('keeps 200 steps whatever they weigh, and everything while the budget holds', () => {
    for (let i = 0; i < 230; i++) document.commit(`Stroke ${i}`, [paint(0, noise())]);
    while (document.maintain());
    expect(document.state().history).toHaveLength(230);
    reopen({ budgetBytes: 0, keepSteps: 200 });
    while (document.maintain());
    expect(document.state().history).toHaveLength(200);
  });

  it('gives the space back to the disk', () => {
    for (let i = 0; i < 40; i++) document.commit(`Stroke ${i}`, [paint(0)]);
    reopen();
    const before = statSync(path).size;
    reopen({ budgetBytes: 0, keepSteps: 1 });
    while (document.maintain());
    reopen();
    expect(statSync(path).size).toBeLessThan(before / 4);
  });
});

it('brings a file of the first layout up to the present one, with everything in it', () => {
  document.commit('Stroke', [paint(0)]);
  const kept = look();
  document.close();
  const db = new Database(path);
  db.exec('DROP TABLE mask_tile; DROP TABLE save_point; DROP TABLE save_point_blob; PRAGMA user_version = 1');
  db.close();
  document = openDocument(path);
  expect(look()).toEqual(kept);
  document.addSavePoint('Works');
  expect(document.state().savePoints).toHaveLength(1);
});
