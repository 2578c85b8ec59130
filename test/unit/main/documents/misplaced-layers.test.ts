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

describe('layers whose group is not there', () => {
  /** Changes what the file says of layers, as somebody else might. */
  const tamper = (sql: string): void => {
    document.close();
    const db = new Database(path);
    db.exec(sql);
    db.close();
    document = openDocument(path);
  };
  const places = (of = document): [string, string | null][] =>
    of.state().layers.map(({ id, parent }) => [id, parent]);

  beforeEach(() => {
    document.commit('Layers', [
      add(layer('group', { kind: 'group' }), 2),
      add(layer('inner', { parent: 'group' }), 0),
      add(layer('other', { kind: 'group' }), 3),
    ]);
    document.commit('Paint', [{ type: 'tiles', layerId: 'inner', tiles: [{ x: 0, y: 0, data: tile(9) }] }]);
  });

  it.each([
    [
      'itself',
      "UPDATE layer SET parent = 'group' WHERE id = 'group'",
      ['group'],
      [
        ['group', null],
        ['inner', 'group'],
      ],
    ],
    [
      'one another',
      "UPDATE layer SET parent = CASE id WHEN 'group' THEN 'other' ELSE 'group' END WHERE id IN ('group', 'other')",
      ['group'],
      [
        ['group', null],
        ['inner', 'group'],
        ['other', 'group'],
      ],
    ],
    ['none at all', "UPDATE layer SET parent = 'gone' WHERE id = 'inner'", ['inner'], [['inner', null]]],
    [
      'a layer of paint',
      "UPDATE layer SET parent = (SELECT id FROM layer WHERE record LIKE '%Sheet%') WHERE id = 'inner'",
      ['inner'],
      [['inner', null]],
    ],
  ] as const)('stand at the top when it is %s, and it is said', (_what, sql, named, stand) => {
    tamper(sql);
    const { notices } = document.state();
    expect(notices).toEqual(
      named.map((name) => `Layer "${name}" stood in a group that is not there; it is shown at the top.`),
    );
    for (const place of stand) expect(places()).toContainEqual(place);
    expect(places()).toHaveLength(5);
    expect(document.readLayer('inner')).toHaveLength(1);
    // It is a layer like any other from now on.
    document.commit('Away', [{ type: 'layer-remove', layerId: 'inner' }]);
    document.moveHead(2, false);
    expect(places()).toHaveLength(5);
    document.close();
    document = openDocument(path);
    expect(document.state().notices).toEqual([]);
  });

  it('are shown in a file that may only be looked at, too', () => {
    tamper("UPDATE layer SET parent = id WHERE id IN ('group', 'inner')");
    const db = new Database(path);
    db.exec("UPDATE layer SET parent = id WHERE id IN ('group', 'inner')");
    const copy = join(folder, 'newer.impasto');
    db.exec(`VACUUM INTO '${copy}'`);
    db.close();
    const newer = new Database(copy);
    newer.pragma('user_version = 99');
    newer.close();
    const looked = openDocument(copy);
    expect(looked.state().readOnly).not.toBeNull();
    expect(looked.state().notices).toHaveLength(2);
    expect(places(looked)).toHaveLength(5);
    looked.close();
  });

  it('stand where their row says, whatever their description says', () => {
    tamper(`UPDATE layer SET record = json_set(record, '$.parent', 'inner') WHERE id = 'other'`);
    expect(places()).toContainEqual(['other', null]);
    expect(document.state().notices).toEqual([]);
  });
});
