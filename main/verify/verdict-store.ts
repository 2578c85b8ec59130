import { join } from 'node:path';
import { driverFingerprint } from '../inference/devices/driver-fingerprint.ts';
import { openDatabase } from '../storage/open-database.ts';
import type { ComputeForm, ModelVerdict } from './model-verdict.ts';

/** Verdicts on models, remembered for the drivers and the runtime that they were reached with. */
export interface VerdictStore {
  /** @param model SHA-256 of its content, as recipes carry it */
  readonly keep: (model: string, verdict: ModelVerdict) => void;
  /** Of one model, as far as drivers and runtime are still the same. */
  readonly of: (model: string) => ModelVerdict[];
  /** The gate: true only when this very form was computed and found equal. */
  readonly allows: (model: string, form: ComputeForm) => boolean;
  readonly close: () => void;
}

interface Row {
  provider: string;
  precision: string;
  linear: string;
  error: number | null;
  bar: number;
  verdict: string;
  note: string;
}

/**
 * Opens (or creates) `verdicts.sqlite` under the data folder.
 *
 * @param drivers what a verdict depends on beside the model; this machine's own unless a test says otherwise
 * @throws StudioError `studio/data-unwritable`
 */
export function openVerdictStore(dataFolder: string, drivers = driverFingerprint()): VerdictStore {
  const database = openDatabase(join(dataFolder, 'verdicts.sqlite'), [
    `CREATE TABLE verdicts (
       model TEXT NOT NULL,
       drivers TEXT NOT NULL,
       provider TEXT NOT NULL,
       precision TEXT NOT NULL,
       linear TEXT NOT NULL,
       error REAL,
       bar REAL NOT NULL,
       verdict TEXT NOT NULL,
       note TEXT NOT NULL,
       checked REAL NOT NULL,
       PRIMARY KEY (model, provider, precision, linear)
     ) STRICT;`,
  ]);
  const put = database.prepare<Row & { model: string; drivers: string; checked: number }>(
    `INSERT OR REPLACE INTO verdicts VALUES
       (@model, @drivers, @provider, @precision, @linear, @error, @bar, @verdict, @note, @checked)`,
  );
  const all = database.prepare<[string, string], Row>(
    'SELECT * FROM verdicts WHERE model = ? AND drivers = ? ORDER BY checked, rowid',
  );
  const of = (model: string): ModelVerdict[] => all.all(model, drivers).map(toVerdict);
  return {
    keep(model, verdict) {
      const { linear, error } = verdict;
      put.run({ ...verdict, error, linear: linear ?? '', model, drivers, checked: Date.now() });
    },
    of,
    allows: (model, form) =>
      of(model).some(
        ({ provider, precision, linear, verdict }) =>
          provider === form.provider &&
          precision === form.precision &&
          linear === form.linear &&
          verdict === 'ok',
      ),
    close: () => void database.close(),
  };
}

/** Rows are only ever written from verdicts. */
function toVerdict({ provider, precision, linear, error, bar, verdict, note }: Row): ModelVerdict {
  return {
    provider,
    precision,
    linear: linear === '' ? null : linear,
    error,
    bar,
    verdict,
    note,
  } as ModelVerdict;
}
