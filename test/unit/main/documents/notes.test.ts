import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  createDocumentFile,
  openDocument,
  type StoredDocument,
} from '../../../../main/documents/document.ts';
import { NO_AIDS, packAids } from '../../../../renderer/engine/aids/aids.ts';
import { packSelection } from '../../../../renderer/engine/selection/pack-selection.ts';
import { selectEllipse, selectRectangle } from '../../../../renderer/engine/selection/shapes.ts';

const CANVAS = { x: 0, y: 0, width: 4000, height: 3000 };

let folder: string;
let path: string;
let document: StoredDocument;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-notes-'));
  path = join(folder, 'fox.impasto');
  createDocumentFile(path, 'fox', CANVAS.width, CANVAS.height);
  document = openDocument(path);
});
afterEach(() => {
  document.close();
  rmSync(folder, { recursive: true, force: true });
});

const select = (bytes: Uint8Array | null): void => {
  document.commit(bytes ? 'Select' : 'Deselect', [{ type: 'note', key: 'selection', bytes }]);
};
const selected = (): Uint8Array | null =>
  document.readNotes().find(({ key }) => key === 'selection')?.bytes ?? null;

it('a selection is a step: undone, done again, also after a restart', () => {
  const first = packSelection(selectEllipse({ x: 10, y: 10, width: 900, height: 700 }, CANVAS));
  const second = packSelection(selectRectangle({ x: 5, y: 6, width: 70, height: 80 }, CANVAS));
  select(first);
  select(second);
  select(null);
  document.close();
  document = openDocument(path);
  expect(document.state().history.map(({ label }) => label)).toEqual(['Select', 'Select', 'Deselect']);
  expect(selected()).toBeNull();
  const [one = 0, two = 0, three = 0] = document.state().history.map(({ seq }) => seq);
  expect(document.moveHead(two, true).changes).toEqual([{ type: 'note', key: 'selection', bytes: second }]);
  expect(selected()).toEqual(second);
  document.moveHead(one, false);
  expect(selected()).toEqual(first);
  document.moveHead(0, false);
  expect(selected()).toBeNull();
  document.moveHead(three, false);
  expect(selected()).toBeNull();
});

it('is thin on the disk: a hundred steps between two selections keep two selections', () => {
  const masks = [300, 500].map((width) =>
    packSelection(selectEllipse({ x: 9, y: 9, width, height: 2000 }, CANVAS)),
  );
  for (let i = 0; i < 100; i++) select(masks[i % 2] ?? null);
  const db = new Database(path, { readonly: true });
  const notes = db.prepare('SELECT COUNT(*) AS count FROM step_blob JOIN blob ON blob.id = blob').get();
  const kept = db
    .prepare('SELECT COUNT(*) AS count FROM blob WHERE id IN (SELECT blob FROM step_blob)')
    .get();
  const text = db.prepare('SELECT SUM(LENGTH(before) + LENGTH(after)) AS bytes FROM step').get();
  db.close();
  expect(notes).toEqual({ count: 199 });
  expect(kept).toEqual({ count: 2 });
  expect((text as { bytes: number }).bytes / 100).toBeLessThan(120);
});

it('a damaged selection in the history is refused and leaves the document as it is', () => {
  select(packSelection(selectRectangle({ x: 5, y: 6, width: 70, height: 80 }, CANVAS)));
  select(null);
  document.close();
  const db = new Database(path);
  db.prepare('UPDATE blob SET data = ? WHERE id IN (SELECT blob FROM step_blob)').run(Buffer.from('nothing'));
  db.close();
  document = openDocument(path);
  const { head } = document.state();
  expect(() => document.moveHead(1, true)).toThrow(/selection or guides/);
  expect(document.state().head).toBe(head);
});

it('a save point brings its guides back and leaves the selection alone', () => {
  const guided = packAids({ ...NO_AIDS, guides: [{ direction: 'vertical', position: 12.5 }] });
  document.commit('Add guide', [{ type: 'note', key: 'aids', bytes: guided }]);
  const point = document.addSavePoint('Guided');
  document.commit('Clear guides', [{ type: 'note', key: 'aids', bytes: null }]);
  select(packSelection(selectRectangle({ x: 5, y: 6, width: 70, height: 80 }, CANVAS)));
  const { changes } = document.readSavePoint(point.id);
  expect(changes).toEqual([{ type: 'note', key: 'aids', bytes: guided }]);
  document.commit('Restore', changes);
  expect(document.readSavePoint(point.id).changes).toEqual([]);
  expect(selected()).not.toBeNull();
});
