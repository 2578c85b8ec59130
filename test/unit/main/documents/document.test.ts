import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createDocumentFile,
  openDocument,
  type StoredDocument,
} from '../../../../main/documents/document.ts';
import { SCHEMA_VERSION } from '../../../../main/documents/schema.ts';
import { type Change, StudioError } from '../../../../preload/contract/index.ts';
import { add, layer, tile } from '../../../fixtures/document-parts.ts';

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

/** Everything that can be seen of a document, to compare before and after. */
function look(of: StoredDocument): unknown {
  const { width, height, layers } = of.state();
  const pixels = layers.map(({ id }) =>
    of
      .readLayer(id)
      .map(({ x, y, data }) => `${x} ${y} ${data[0]} ${data.at(-1)}`)
      .toSorted((a, b) => a.localeCompare(b)),
  );
  return { width, height, layers, pixels };
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof StudioError ? error.code : `not a StudioError: ${String(error)}`;
  }
  return 'nothing thrown';
}

/** Small deterministic generator (mulberry32) for property tests. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A change that fits the document as it stands. */
function anyChange(of: StoredDocument, next: (below: number) => number): Change {
  const { layers } = of.state();
  const some = layers[next(layers.length)] ?? layers[0]!;
  switch (next(6)) {
    case 0:
      return add(
        layer(`L${next(1e9)}`, { kind: next(2) ? 'group' : 'paint' }),
        next(layers.filter(({ parent }) => parent === null).length + 1),
      );
    case 1:
      if (layers.length > 3) return { type: 'layer-remove', layerId: some.id };
      return { type: 'canvas', width: 1 + next(900), height: 1 + next(900) };
    case 2: {
      const groups = layers.filter(
        ({ kind, id }) => kind === 'group' && id !== some.id && some.kind !== 'group',
      );
      const parent = groups[next(groups.length + 1)]?.id ?? null;
      const room = layers.filter((other) => other.parent === parent && other.id !== some.id).length;
      return { type: 'layer-move', layerId: some.id, parent, index: next(room + 1) };
    }
    case 3:
      return {
        type: 'layer-props',
        layerId: some.id,
        props: { opacity: next(101) / 100, name: `name ${next(9)}`, visible: next(2) === 0 },
      };
    default:
      return {
        type: 'tiles',
        layerId: some.id,
        tiles: Array.from({ length: 1 + next(4) }, () => ({
          x: next(3) - 1,
          y: next(2),
          data: next(4) ? tile(next(256)) : null,
        })),
      };
  }
}

/** Something that another program did to a document. */
function sql(statements: string): (file: string) => void {
  return (file) => {
    const db = new Database(file);
    db.exec(statements);
    db.close();
  };
}

describe('a document on disk', () => {
  it('starts with a white sheet and an empty layer, and no history', () => {
    const { layers, head, history, width, height } = document.state();
    expect({ width, height, head, history }).toEqual({ width: 600, height: 300, head: 0, history: [] });
    expect(layers.map(({ name, locked }) => [name, locked])).toEqual([
      ['Sheet', true],
      ['Layer 1', false],
    ]);
    expect(document.readLayer(layers[0]!.id)).toHaveLength(6);
    expect(document.readLayer(layers[1]!.id)).toEqual([]);
  });

  it('undoes and redoes 300 random transactions exactly, also after opening again', () => {
    const next = random(7);
    const states = new Map([[0, look(document)]]);
    for (let count = 0; count < 300; count++) {
      const { seq } = document.commit('edit', [anyChange(document, next)]);
      states.set(seq, look(document));
    }
    document.close();
    document = openDocument(path);
    expect(look(document)).toEqual(states.get(document.state().head));
    const seqs = [...states.keys()];
    for (let walk = 0; walk < 40; walk++) {
      const target = walk % 10 === 9 ? 0 : seqs[next(seqs.length)]!;
      document.moveHead(target, false);
      expect(look(document)).toEqual(states.get(target));
    }
  });

  it('undoes a transaction of many changes in one step', () => {
    const before = look(document);
    const next = random(3);
    const probe = openCopy();
    const changes: Change[] = [];
    for (let count = 0; count < 25; count++) {
      const change = anyChange(probe, next);
      probe.commit('grow', [change]);
      changes.push(change);
    }
    document.commit('all at once', changes);
    expect(look(document)).toEqual(look(probe));
    probe.close();
    document.moveHead(0, false);
    expect(look(document)).toEqual(before);
  });

  it('returns what was applied, with pixels, so that the page can follow', () => {
    const layerId = document.state().layers[1]!.id;
    document.commit('paint', [{ type: 'tiles', layerId, tiles: [{ x: 0, y: 0, data: tile(9) }] }]);
    const { seq } = document.commit('paint', [
      { type: 'tiles', layerId, tiles: [{ x: 0, y: 0, data: tile(8) }] },
    ]);
    const { changes } = document.moveHead(seq - 1, true);
    expect(changes).toEqual([{ type: 'tiles', layerId, tiles: [{ x: 0, y: 0, data: tile(9) }] }]);
  });

  it('drops what could be redone when painting goes on, and forgets its pixels on closing', () => {
    const layerId = document.state().layers[1]!.id;
    const paint = (value: number): number =>
      document.commit('paint', [{ type: 'tiles', layerId, tiles: [{ x: 0, y: 0, data: tile(value) }] }]).seq;
    const first = paint(1);
    const second = paint(2);
    document.moveHead(first, false);
    const third = paint(3);
    expect(third).toBeGreaterThan(second);
    expect(document.state().history.map(({ seq }) => seq)).toEqual([first, third]);
    expect(codeOf(() => document.moveHead(second, false))).toBe('document/step-unknown');
    document.close();
    const db = new Database(path, { readonly: true });
    // The white sheet, and values 1 and 3.
    expect(db.prepare('SELECT count(*) AS n FROM blob').get()).toEqual({ n: 3 });
    db.close();
    document = openDocument(path);
  });

  it.each<[string, Change]>([
    ['document/layer-unknown', { type: 'layer-remove', layerId: 'nobody' }],
    ['document/layer-unknown', { type: 'tiles', layerId: 'nobody', tiles: [] }],
    ['document/layer-place', add(layer('new'), 99)],
    ['document/layer-unknown', add(layer('new', { parent: 'nobody' }), 0)],
  ])(
    'refuses with %s a change that does not fit, and keeps the rest of the transaction out too',
    (code, bad) => {
      const before = look(document);
      const layerId = document.state().layers[1]!.id;
      const good: Change = { type: 'layer-props', layerId, props: { opacity: 0.5 } };
      expect(codeOf(() => document.commit('half', [good, bad]))).toBe(code);
      expect(look(document)).toEqual(before);
      expect(document.state().history).toEqual([]);
    },
  );

  it('refuses a second writer, shows it the picture, and lets it write once the first has gone', () => {
    const second = openDocument(path);
    expect(second.state().readOnly).toMatch(/open in another window since \d\d:\d\d/);
    expect(look(second)).toEqual(look(document));
    expect(codeOf(() => second.commit('no', []))).toBe('document/read-only');
    second.close();
    document.close();
    document = openDocument(path);
    expect(document.state().readOnly).toBeNull();
    document.close();
    expect(readdirSync(folder)).toEqual(['fox.impasto']);
    document = openDocument(path);
  });

  it('opens a newer layout to look at only', () => {
    document.close();
    const db = new Database(path);
    db.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    db.close();
    document = openDocument(path);
    expect(document.state().readOnly).toMatch(/newer version/);
    expect(codeOf(() => document.commit('no', []))).toBe('document/read-only');
  });

  it.each<[string, string, (file: string) => void]>([
    ['document/not-found', 'a missing file', (file) => rmSync(file)],
    ['document/empty', 'an empty file', (file) => writeFileSync(file, '')],
    ['document/not-impasto', 'another format', (file) => writeFileSync(file, 'GIF89a'.repeat(500))],
    ['document/not-impasto', 'half a document', (file) => truncateSync(file, 2000)],
    [
      'document/not-impasto',
      'a database with a trigger',
      sql('CREATE TRIGGER evil AFTER INSERT ON step BEGIN DELETE FROM tile; END'),
    ],
    [
      'document/not-impasto',
      'a computed column',
      sql(`CREATE TABLE other (key TEXT PRIMARY KEY, v, value AS (upper(v))) WITHOUT ROWID;
        INSERT INTO other (key, v) SELECT key, value FROM meta;
        DROP TABLE meta; ALTER TABLE other RENAME TO meta`),
    ],
    [
      'document/not-impasto',
      'a newer layout with a view that never ends',
      sql(`PRAGMA user_version = 99; DROP TABLE meta; CREATE VIEW meta AS
        WITH RECURSIVE r(key, value) AS (SELECT 'a', 1 UNION ALL SELECT key, value + 1 FROM r) SELECT * FROM r`),
    ],
    ['document/not-impasto', 'an endless canvas', sql("UPDATE meta SET value = 1e9 WHERE key = 'width'")],
    ['document/not-impasto', 'a canvas of no size', sql("UPDATE meta SET value = -5 WHERE key = 'height'")],
    ['document/not-impasto', 'a size in words', sql("UPDATE meta SET value = 'wide' WHERE key = 'width'")],
    [
      'document/not-impasto',
      'a name as long as a book',
      sql("UPDATE meta SET value = hex(zeroblob(1000000)) WHERE key = 'name'"),
    ],
    [
      'document/not-impasto',
      'a profile larger than any',
      sql("INSERT INTO meta VALUES ('profile', zeroblob(70000000))"),
    ],
  ])('refuses with %s %s', (code, _what, spoil) => {
    const spoilt = join(folder, 'spoilt.impasto');
    createDocumentFile(spoilt, 'spoilt', 64, 64);
    spoil(spoilt);
    expect(codeOf(() => openDocument(spoilt))).toBe(code);
  });

  it('notices pixels that are not what was written', () => {
    document.close();
    const db = new Database(path);
    const { data } = db.prepare<[], { data: Buffer }>('SELECT data FROM blob').get()!;
    data[data.length - 5] = (data[data.length - 5] ?? 0) ^ 0xff;
    db.prepare('UPDATE blob SET data = ?').run(data);
    db.close();
    document = openDocument(path);
    expect(codeOf(() => document.readLayer(document.state().layers[0]!.id))).toBe('document/tile-damaged');
  });

  it('never unpacks more than a tile, whatever the file claims', () => {
    document.close();
    const db = new Database(path);
    db.prepare('UPDATE blob SET codec = 2, data = ?').run(Buffer.from('bomb'));
    db.close();
    document = openDocument(path);
    expect(codeOf(() => document.readLayer(document.state().layers[0]!.id))).toBe('document/tile-damaged');
  });

  function openCopy(): StoredDocument {
    const target = join(folder, 'copy.impasto');
    document.copyTo(target, 'copy');
    return openDocument(target);
  }
});
