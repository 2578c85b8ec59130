import type { Database } from 'better-sqlite3';
import { type Change, type HistoryStep, StudioError } from '../../preload/contract/index.ts';
import { colourFormat, maskFormat } from '../../renderer/engine/tiles/tile.ts';
import { applyChange, type DocumentTables } from './apply-change.ts';
import type { BlobStore } from './blob-store.ts';
import { readFormat, readMeta, type StoredFormat, writeMeta } from './meta.ts';
import { refuse } from './refuse.ts';
import {
  blobsOf,
  formatStoredChanges,
  parseStoredChanges,
  type StoredChange,
  storedTiles,
} from './stored-change.ts';

/** A document's history: every step with what undoes and what redoes it, on disk. */
export interface Journal {
  /** Undoable and redoable steps, oldest first. */
  steps(): HistoryStep[];
  /** Seq of the last applied step; {@link floor} before the first. */
  head(): number;
  /** Seq of the newest step that was thinned out; 0 while none was. */
  floor(): number;
  /** When the last step was made, in milliseconds since the epoch; 0 before the first. */
  lastTime(): number;
  /**
   * Takes in the pixels of a part of a step that is too large for one message. Nothing is applied; a part that no commit
   * follows leaves pixels that nothing refers to.
   * @param part counts from 0, which begins anew. @throws StudioError `document/parts-missing`
   */
  stage(part: number, changes: readonly Change[]): void;
  /** True while parts wait for their commit: pixels that nothing refers to have to stay. */
  isStaging(): boolean;
  /**
   * Applies a transaction, staged parts first, and writes it as a step; on disk when this returns. Drops what could be
   * redone.
   * @param parts how many were staged for it; others are forgotten. @throws StudioError `document/parts-missing`
   */
  commit(label: string, changes: readonly Change[], parts: number): HistoryStep;
  /** What undoes or redoes one step. */
  changesOf(seq: number, direction: 'undo' | 'redo'): StoredChange[];
  /** What a walk to a step would apply, in order. */
  changesTo(head: number): StoredChange[];
  /** Undoes or redoes until `head` is the last applied step; returns what was applied, in order. */
  moveHead(head: number): StoredChange[];
}

interface StepRow {
  readonly seq: number;
  readonly before: string;
  readonly after: string;
}

/** Opens the journal of a document's database. */
export function openJournal(tables: DocumentTables): Journal {
  const { db, blobs } = tables;
  const head = (): number => Number(readMeta(db, 'head') ?? 0);

  const floor = (): number => Number(readMeta(db, 'floor') ?? 0);

  const staged: StoredPart[] = [];

  const store = db.transaction((changes: readonly Change[]): StoredPart =>
    storeChanges(changes, blobs, staged.at(-1)?.depth ?? readFormat(db).depth),
  );

  const commit = db.transaction((label: string, changes: readonly Change[]): HistoryStep => {
    dropRedo(db, head());
    const after = [...staged, store(changes)].flatMap((part) => part.changes);
    const before = applyAll(tables, after);
    const time = Date.now();
    const { lastInsertRowid } = db
      .prepare('INSERT INTO step (label, time, before, after) VALUES (?, ?, ?, ?)')
      .run(label, time, formatStoredChanges(before), formatStoredChanges(after));
    const seq = Number(lastInsertRowid);
    const link = db.prepare('INSERT INTO step_blob (seq, blob) VALUES (?, ?)');
    for (const blob of blobsOf([...before, ...after])) link.run(seq, blob);
    writeMeta(db, 'head', seq);
    return { seq, label, time };
  });

  const changesTo = (target: number): StoredChange[] => {
    const from = head();
    if (target !== floor() && !db.prepare('SELECT 1 FROM step WHERE seq = ?').get(target))
      throw unknownStep(target);
    const backwards = target < from;
    const rows = db
      .prepare<[number, number], StepRow>(
        `SELECT seq, before, after FROM step WHERE seq > ? AND seq <= ? ORDER BY seq ${backwards ? 'DESC' : 'ASC'}`,
      )
      .all(Math.min(from, target), Math.max(from, target));
    return rows.flatMap((row) => readStep(row, backwards));
  };

  const moveHead = db.transaction((target: number): StoredChange[] => {
    const applied = changesTo(target);
    for (const change of applied) applyChange(tables, change);
    writeMeta(db, 'head', target);
    return applied;
  });

  return {
    steps: () => db.prepare<[], HistoryStep>('SELECT seq, label, time FROM step ORDER BY seq').all(),
    head,
    floor,
    lastTime: () =>
      db.prepare<[], { time: number }>('SELECT time FROM step ORDER BY seq DESC LIMIT 1').get()?.time ?? 0,
    // Immediate: the lock is taken before anything is read, so that two writers cannot interleave.
    commit(label, changes, parts) {
      if (parts === 0) staged.length = 0;
      if (parts !== staged.length) throw partsMissing(parts, staged.length);
      const step = commit.immediate(label, changes);
      staged.length = 0;
      return step;
    },
    stage(part, changes) {
      if (part === 0) staged.length = 0;
      if (part !== staged.length) throw partsMissing(part, staged.length);
      staged.push(store.immediate(changes));
    },
    isStaging: () => staged.length > 0,
    changesOf(seq, direction) {
      const row = db.prepare<[number], StepRow>('SELECT seq, before, after FROM step WHERE seq = ?').get(seq);
      if (!row) throw unknownStep(seq);
      return readStep(row, direction === 'undo');
    },
    changesTo,
    moveHead: (target) => moveHead.immediate(target),
  };
}

/** Applies changes in order; returns what undoes all of them, in order. */
function applyAll(tables: DocumentTables, changes: readonly StoredChange[]): StoredChange[] {
  return changes
    .map((change) => applyChange(tables, change))
    .reverse()
    .flat();
}

/** Changes whose pixels are stored, and the document's depth after them. */
interface StoredPart {
  readonly changes: StoredChange[];
  readonly depth: StoredFormat['depth'];
}

/** Puts pixels and notes into the blob store. @param before the document's depth before the changes. */
function storeChanges(
  changes: readonly Change[],
  blobs: BlobStore,
  before: StoredFormat['depth'],
): StoredPart {
  let depth = before;
  const stored = changes.map((change): StoredChange => {
    if (change.type === 'format') depth = change.format.depth ?? depth;
    if (change.type === 'note')
      return { type: 'note', key: change.key, blob: change.bytes && blobs.put(change.bytes) };
    if (change.type !== 'tiles' && change.type !== 'mask-tiles') return change;
    const { tileBytes } = change.type === 'tiles' ? colourFormat(depth) : maskFormat(depth);
    const tiles = change.tiles.map(({ x, y, data }) => {
      if (data !== null && data.byteLength !== tileBytes)
        throw refuse(
          'tile-size',
          `A tile of ${data.byteLength} bytes does not fit a document of ${depth} bits a channel.`,
        );
      return { x, y, blob: data === null ? null : blobs.put(data) };
    });
    return storedTiles(change.type === 'tiles' ? 'pixels' : 'mask', change.layerId, tiles);
  });
  return { changes: stored, depth };
}

function partsMissing(wanted: number, held: number): StudioError {
  return new StudioError(
    'document/parts-missing',
    `Of this step ${wanted} parts should be here, but the studio holds ${held}; nothing was changed.`,
    'It is kept in the window and sent again.',
  );
}

function unknownStep(seq: number): StudioError {
  return new StudioError(
    'document/step-unknown',
    `Step ${seq} is not in this document's history any more.`,
    'Nothing was changed. Choose a step that the history lists.',
  );
}

function dropRedo(db: Database, head: number): void {
  db.prepare('DELETE FROM step WHERE seq > ?').run(head);
  db.prepare('DELETE FROM step_blob WHERE seq > ?').run(head);
}

function readStep(row: StepRow, backwards: boolean): StoredChange[] {
  try {
    return parseStoredChanges(backwards ? row.before : row.after);
  } catch {
    throw new StudioError(
      'document/step-damaged',
      `Step ${row.seq} of the history cannot be read; the picture is as it was.`,
      'Go on painting from here, or check the disk.',
    );
  }
}
