import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentFile, openDocument } from '../../../main/documents/document.ts';
import { TILE_BYTES } from '../../../preload/contract/index.ts';

/**
 * `IMPASTO_WAL=all` truncates at every offset, `IMPASTO_WAL=90000-115400` at every offset of that part, so that the whole
 * can be done piece by piece; by default at every frame's edges and a sample between. On a disk in memory
 * (`TMPDIR=/dev/shm`) an offset takes a third of the time.
 */
const WAL = process.env['IMPASTO_WAL'];
const PART = /^(\d+)-(\d+)$/.exec(WAL ?? '');
const ALL = WAL === 'all' || PART !== null;
const STROKES = 6;
const PAGE = 4096;
const FRAME = PAGE + 24;

let folder: string;
/** What was on the disk when the power went: database and write-ahead log. */
let database: Buffer;
let log: Buffer;
/** After the log was folded into the database. */
let folded: Buffer;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-power-'));
  const path = join(folder, 'sample.impasto');
  createDocumentFile(path, 'sample', 512, 512);
  const document = openDocument(path);
  const layerId = document.state().layers.at(-1)?.id ?? '';
  for (let stroke = 1; stroke <= STROKES; stroke++) {
    const data = new Uint8Array(TILE_BYTES).fill(stroke);
    document.commit(`Stroke ${stroke}`, [{ type: 'tiles', layerId, tiles: [{ x: 0, y: 0, data }] }]);
  }
  database = readFileSync(path);
  log = readFileSync(`${path}-wal`);
  const copy = join(folder, 'folded.impasto');
  copyFileSync(path, copy);
  copyFileSync(`${path}-wal`, `${copy}-wal`);
  const db = new Database(copy);
  db.pragma('wal_checkpoint(TRUNCATE)');
  folded = readFileSync(copy);
  db.close();
  document.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let copies = 0;

/** Opens what is left; returns how many strokes it holds after checking that they are the first ones, whole. */
function strokesIn(db: Buffer, wal: Buffer): number {
  const path = join(folder, `after-${copies++}.impasto`);
  writeFileSync(path, db);
  writeFileSync(`${path}-wal`, wal);
  const document = openDocument(path);
  try {
    const { head, history, layers, readOnly } = document.state();
    expect(readOnly).toBeNull();
    expect(history.map(({ label }) => label)).toEqual(
      Array.from({ length: head }, (_, i) => `Stroke ${i + 1}`),
    );
    const tiles = document.readLayer(layers.at(-1)?.id ?? '');
    expect(tiles.map(({ data }) => [data[0], data.at(-1)])).toEqual(head === 0 ? [] : [[head, head]]);
    // It can be painted on: the damage is behind it.
    const layerId = layers.at(-1)?.id ?? '';
    const data = new Uint8Array(TILE_BYTES).fill(99);
    document.commit('Goes on', [{ type: 'tiles', layerId, tiles: [{ x: 1, y: 1, data }] }]);
    return head;
  } finally {
    document.close();
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
  }
}

function offsets(): number[] {
  if (ALL) {
    const [first, last] = PART ? [Number(PART[1]), Number(PART[2])] : [0, log.length];
    const end = Math.min(last, log.length);
    process.stdout.write(`offsets ${first} to ${end} of ${log.length}\n`);
    return Array.from({ length: Math.max(0, end - first + 1) }, (_, i) => first + i);
  }
  const edges = Array.from({ length: Math.ceil(log.length / FRAME) + 1 }, (_, i) => 32 + i * FRAME).flatMap(
    (edge) => [edge - 1, edge, edge + 1, edge + 23, edge + 24],
  );
  const between = Array.from({ length: 60 }, (_, i) => Math.floor((i * 7919 * 131) % log.length));
  return [...new Set([0, 1, 31, ...edges, ...between])].filter((at) => at <= log.length);
}

describe('a document whose power failed', () => {
  it(
    'opens to a committed state wherever its log was cut off, and never to less than a shorter log gave',
    { timeout: ALL ? 10_800_000 : 60_000 },
    () => {
      let before = 0;
      for (const at of offsets().toSorted((a, b) => a - b)) {
        const strokes = strokesIn(database, log.subarray(0, at));
        expect(strokes).toBeGreaterThanOrEqual(before);
        before = strokes;
      }
      if (!PART || Number(PART[2]) >= log.length) expect(before).toBe(STROKES);
    },
  );

  it('opens to a committed state when sectors of its log never reached the disk', { timeout: 60_000 }, () => {
    const sectors = Math.floor(log.length / 512);
    for (let sector = 0; sector < sectors; sector += ALL ? 1 : 7) {
      const torn = Buffer.from(log);
      torn.fill(0, sector * 512, (sector + 1) * 512);
      expect(strokesIn(database, torn)).toBeLessThanOrEqual(STROKES);
    }
  });

  it(
    'loses nothing when the power fails while the log is folded into the database',
    { timeout: 60_000 },
    () => {
      const pages = Math.max(database.length, folded.length) / PAGE;
      for (let round = 0; round < (ALL ? 1000 : 40); round++) {
        const torn = Buffer.alloc(Math.max(database.length, folded.length));
        for (let page = 0; page < pages; page++) {
          // Half a page of the old, half of the new: sectors are written one by one.
          for (let half = 0; half < 2; half++) {
            const source = (round * 31 + page * 17 + half * 7) % 3 === 0 ? folded : database;
            const from = page * PAGE + half * 2048;
            source.copy(torn, from, from, from + 2048);
          }
        }
        expect(strokesIn(torn, log)).toBe(STROKES);
      }
    },
  );
});
