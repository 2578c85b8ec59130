import type { Database } from 'better-sqlite3';
import { readMeta, writeMeta } from './meta.ts';

/** How much history a document keeps. */
export interface ThinningLimits {
  /** Bytes, compressed, of pixels that only the history still needs. */
  readonly budgetBytes: number;
  /** Steps before the head that are kept whatever they weigh. */
  readonly keepSteps: number;
}

const LIMITS: ThinningLimits = { budgetBytes: 1024 ** 3, keepSteps: 200 };

/**
 * Drops the oldest steps until what only the history needs fits its budget. What could be redone, the newest steps
 * before the head, every layer and every save point stay.
 *
 * @returns how many steps were dropped
 */
export function thinHistory(db: Database, { budgetBytes, keepSteps }: ThinningLimits = LIMITS): number {
  // A blob goes with the last step that needs it.
  const blobs = db
    .prepare<[], { last: number; bytes: number }>(
      `SELECT MAX(step_blob.seq) AS last, LENGTH(blob.data) AS bytes
       FROM step_blob JOIN blob ON blob.id = step_blob.blob
       WHERE blob.id NOT IN (SELECT blob FROM tile UNION SELECT blob FROM mask_tile UNION SELECT blob FROM save_point_blob)
       GROUP BY blob.id ORDER BY last`,
    )
    .all();
  let excess = blobs.reduce((sum, { bytes }) => sum + bytes, 0) - budgetBytes;
  if (excess <= 0) return 0;
  const limit = newestThatMayGo(db, keepSteps);
  let floor = 0;
  for (const { last, bytes } of blobs) {
    if (excess <= 0 || last > limit) break;
    excess -= bytes;
    floor = last;
  }
  if (floor === 0) return 0;
  return db
    .transaction(() => {
      const { changes } = db.prepare('DELETE FROM step WHERE seq <= ?').run(floor);
      db.prepare('DELETE FROM step_blob WHERE seq <= ?').run(floor);
      writeMeta(db, 'floor', floor);
      return changes;
    })
    .immediate();
}

function newestThatMayGo(db: Database, keepSteps: number): number {
  const head = Number(readMeta(db, 'head') ?? 0);
  const row = db
    .prepare<[number, number], { seq: number }>(
      'SELECT seq FROM step WHERE seq <= ? ORDER BY seq DESC LIMIT 1 OFFSET ?',
    )
    .get(head, keepSteps);
  return row?.seq ?? 0;
}
