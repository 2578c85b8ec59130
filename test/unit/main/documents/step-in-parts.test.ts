import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createDocumentFile,
  openDocument,
  type StoredDocument,
} from '../../../../main/documents/document.ts';
import { type Change, TILE_BYTES } from '../../../../preload/contract/index.ts';
import { tile } from '../../../fixtures/document-parts.ts';

let folder: string;
let path: string;
let document: StoredDocument;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-document-'));
  path = join(folder, 'fox.impasto');
  createDocumentFile(path, 'fox', 600, 300);
  document = openDocument(path);
});
afterEach(() => {
  document.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a step in parts', () => {
  const part = (x: number): Change[] => {
    const [paintLayer] = document.state().layers.slice(-1);
    return [{ type: 'tiles', layerId: paintLayer?.id ?? '', tiles: [{ x, y: 0, data: tile(40 + x) }] }];
  };
  const painted = (): number[] =>
    document
      .readLayer(document.state().layers.at(-1)?.id ?? '')
      .map(({ x, data }) => x * 1000 + data[0]!)
      .toSorted((a, b) => a - b);

  it('is nothing until its commit, then one step that is undone as one', () => {
    document.stagePart(0, part(0));
    document.stagePart(1, part(1));
    expect(painted()).toEqual([]);
    expect(document.state().history).toEqual([]);
    // Tidying meanwhile leaves the pixels that wait.
    document.maintain();
    document.commit('All', part(2), 2);
    expect(painted()).toEqual([40, 1041, 2042]);
    expect(document.state().history.map(({ label }) => label)).toEqual(['All']);
    document.moveHead(0, false);
    expect(painted()).toEqual([]);
    document.moveHead(1, false);
    expect(painted()).toHaveLength(3);
  });

  it('is refused whole when a part is missing, and begins anew with part 0', () => {
    expect(() => document.stagePart(1, part(1))).toThrowError(
      expect.objectContaining({ code: 'document/parts-missing' }),
    );
    document.stagePart(0, part(0));
    expect(() => document.commit('All', part(2), 2)).toThrowError(
      expect.objectContaining({ code: 'document/parts-missing' }),
    );
    expect(painted()).toEqual([]);
    document.stagePart(0, part(3));
    document.commit('All', part(2), 1);
    expect(painted()).toEqual([2042, 3043]);
  });

  it('is forgotten when another step comes instead', () => {
    document.stagePart(0, part(0));
    document.commit('Other', part(1));
    expect(painted()).toEqual([1041]);
    document.maintain();
    const db = new Database(path, { readonly: true });
    // The sheet's tile and the stroke's; the part's is gone.
    expect(db.prepare('SELECT count(*) AS count FROM blob').get()).toEqual({ count: 2 });
    db.close();
  });

  it('is read back in parts for whoever walks to it', () => {
    const layerId = document.state().layers.at(-1)?.id ?? '';
    const at = (i: number) => ({ x: i % 40, y: Math.floor(i / 40), data: tile(1 + (i % 7)) });
    const tiles = Array.from({ length: 600 }, (_, i) => at(i));
    document.commit('Wide', [
      { type: 'tiles', layerId, tiles },
      { type: 'layer-props', layerId, props: { name: 'Wide' } },
    ]);
    document.moveHead(0, false);
    const { parts, changes } = document.readMove(1, 0);
    expect(parts).toBe(3);
    const all = [...changes, ...[1, 2].flatMap((part) => document.readMove(1, part).changes)];
    const brief = (of: readonly { x: number; y: number; data: Uint8Array | null }[]): unknown[] =>
      of.map(({ x, y, data }) => [x, y, data?.length, data?.[0], data?.at(-1)]);
    const read = all.flatMap((change) => (change.type === 'tiles' ? change.tiles : []));
    expect(brief(read)).toEqual(brief(tiles));
    expect(all.at(-1)).toMatchObject({ type: 'layer-props' });
    // Nothing has moved.
    expect(document.state().head).toBe(0);
    expect(document.moveHead(1, true).changes).toHaveLength(2);
    expect(document.readMove(1, 0)).toEqual({ changes: [], parts: 1 });
    expect(() => document.readMove(77, 0)).toThrowError(
      expect.objectContaining({ code: 'document/step-unknown' }),
    );
  });

  it('converts depth on the way as one message would', () => {
    const deep = new Uint8Array(2 * TILE_BYTES).fill(7);
    const layerId = document.state().layers.at(-1)?.id ?? '';
    document.stagePart(0, [{ type: 'format', format: { depth: 16 } }]);
    document.commit('Deep', [{ type: 'tiles', layerId, tiles: [{ x: 0, y: 0, data: deep }] }], 1);
    expect(document.readLayer(layerId)[0]?.data.length).toBe(deep.length);
  });
});
