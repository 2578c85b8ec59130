import type Database from 'better-sqlite3';
import type { Lane, QueuedJob } from '../../../preload/contract/index.ts';

/** Ended jobs that are remembered, so that they can be had again. */
const ENDED_KEPT = 200;

/** A job as it is on disk. */
export interface StoredJob extends Omit<QueuedJob, 'step' | 'secondsLeft'> {
  readonly secondsLeft: number;
  /** Rank within the queue; lower is earlier. */
  readonly place: number;
  /** JSON of the request; pictures in it by their hashes. */
  readonly request: string;
}

/** The queue on disk: every change of it is there before anybody hears of it. */
export interface JobTable {
  /** By place. */
  readonly all: () => StoredJob[];
  readonly get: (jobId: string) => StoredJob | null;
  readonly insert: (job: StoredJob) => void;
  readonly update: (jobId: string, fields: Partial<Omit<StoredJob, 'jobId'>>) => void;
  readonly lastPlace: () => number;
  readonly paused: () => boolean;
  readonly setPaused: (paused: boolean) => void;
  /** Takes over jobs of processes that are gone, and tells which had begun. */
  readonly adopt: () => void;
}

interface Row {
  job_id: string;
  lane: Lane;
  document_id: string | null;
  title: string;
  width: number;
  height: number;
  state: QueuedJob['state'];
  steps: number;
  seconds_left: number;
  reason: string | null;
  eased: string;
  result_id: string | null;
  attempts: number;
  created: number;
  place: number;
  request: string;
  owner: number;
}

/** SQL of the tables; part of the results' database. */
export const QUEUE_TABLES = `CREATE TABLE jobs (
   job_id TEXT PRIMARY KEY,
   lane TEXT NOT NULL,
   document_id TEXT,
   title TEXT NOT NULL,
   width INTEGER NOT NULL,
   height INTEGER NOT NULL,
   state TEXT NOT NULL,
   steps INTEGER NOT NULL,
   seconds_left REAL NOT NULL,
   reason TEXT,
   eased TEXT NOT NULL,
   result_id TEXT,
   attempts INTEGER NOT NULL,
   created REAL NOT NULL,
   place REAL NOT NULL,
   request TEXT NOT NULL,
   owner INTEGER NOT NULL
 ) STRICT;
 CREATE INDEX jobs_by_place ON jobs (place);
 CREATE TABLE queue_settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`;

const COLUMNS: Readonly<Record<Exclude<keyof StoredJob, 'jobId'>, keyof Row>> = {
  lane: 'lane',
  documentId: 'document_id',
  title: 'title',
  width: 'width',
  height: 'height',
  state: 'state',
  steps: 'steps',
  secondsLeft: 'seconds_left',
  reason: 'reason',
  eased: 'eased',
  resultId: 'result_id',
  attempts: 'attempts',
  created: 'created',
  place: 'place',
  request: 'request',
};

/**
 * The jobs of this process in `database`, whose other processes have theirs.
 *
 * @param pid of this process; @param isAlive whether a process still runs
 */
export function openJobTable(
  database: Database.Database,
  pid: number = process.pid,
  isAlive: (pid: number) => boolean = processIsAlive,
): JobTable {
  const names = ['job_id', ...Object.values(COLUMNS), 'owner'];
  const insert = database.prepare<Row>(
    `INSERT INTO jobs (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`,
  );
  const all = database.prepare<[number], Row>('SELECT * FROM jobs WHERE owner = ? ORDER BY place');
  const byId = database.prepare<[string, number], Row>('SELECT * FROM jobs WHERE job_id = ? AND owner = ?');
  const last = database.prepare<[], { place: number | null }>('SELECT max(place) AS place FROM jobs');
  const forget = database.prepare<[number, number]>(
    `DELETE FROM jobs WHERE owner = ? AND state IN ('finished', 'failed', 'cancelled') AND job_id NOT IN
       (SELECT job_id FROM jobs WHERE state IN ('finished', 'failed', 'cancelled') ORDER BY created DESC LIMIT ?)`,
  );
  const owners = database.prepare<[], { owner: number }>('SELECT DISTINCT owner FROM jobs');
  const take = database.prepare<[number, number]>('UPDATE jobs SET owner = ? WHERE owner = ?');
  // A live picture belongs to a moment that is over.
  const dropLive = database.prepare<[number]>(`DELETE FROM jobs WHERE owner = ? AND lane = 'live'`);
  const interrupted = database.prepare<[number]>(
    `UPDATE jobs SET state = 'yielded' WHERE owner = ? AND state = 'running'`,
  );
  const setting = database.prepare<[string], { value: string }>(
    'SELECT value FROM queue_settings WHERE name = ?',
  );
  const set = database.prepare<[string, string]>('INSERT OR REPLACE INTO queue_settings VALUES (?, ?)');

  return {
    all: () => all.all(pid).map(fromRow),
    get(jobId) {
      const row = byId.get(jobId, pid);
      return row === undefined ? null : fromRow(row);
    },
    insert(job) {
      insert.run({ ...toRow(job), job_id: job.jobId, owner: pid } as Row);
      forget.run(pid, ENDED_KEPT);
    },
    update(jobId, fields) {
      const row = toRow(fields);
      const assignments = Object.keys(row).map((name) => `${name} = @${name}`);
      if (assignments.length === 0) return;
      database
        .prepare(`UPDATE jobs SET ${assignments.join()} WHERE job_id = @job_id`)
        .run({ ...row, job_id: jobId });
    },
    lastPlace: () => last.get()?.place ?? 0,
    paused: () => setting.get('paused')?.value === 'yes',
    setPaused(paused) {
      set.run('paused', paused ? 'yes' : 'no');
    },
    adopt: database.transaction(() => {
      for (const { owner } of owners.all()) {
        if (owner === pid || !isAlive(owner)) take.run(pid, owner);
      }
      dropLive.run(pid);
      interrupted.run(pid);
    }),
  };
}

function fromRow(row: Row): StoredJob {
  return {
    jobId: row.job_id,
    lane: row.lane,
    documentId: row.document_id,
    title: row.title,
    width: row.width,
    height: row.height,
    state: row.state,
    steps: row.steps,
    secondsLeft: row.seconds_left,
    reason: row.reason === null ? null : (JSON.parse(row.reason) as StoredJob['reason']),
    eased: JSON.parse(row.eased) as string[],
    resultId: row.result_id,
    attempts: row.attempts,
    created: row.created,
    place: row.place,
    request: row.request,
  };
}

function toRow(fields: Partial<StoredJob>): Partial<Row> {
  const row: Record<string, unknown> = {};
  for (const [name, column] of Object.entries(COLUMNS)) {
    const value = fields[name as keyof typeof COLUMNS];
    if (value === undefined) continue;
    const structured = (name === 'reason' && value !== null) || name === 'eased';
    row[column] = structured ? JSON.stringify(value) : value;
  }
  return row as Partial<Row>;
}

function processIsAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
