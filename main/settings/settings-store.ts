import { join } from 'node:path';
import { StudioError } from '../../preload/contract/index.ts';
import { openDatabase } from '../storage/open-database.ts';

/** Largest value in bytes of JSON: settings are small, documents and pictures have their own places. */
const MAX_VALUE_BYTES = 256 * 1024;
/** Most keys that are kept. */
const MAX_KEYS = 1000;

/** Small settings of the page that survive a restart: plain JSON by key. */
export interface SettingsStore {
  /** Everything that was written, by key. */
  read(): Record<string, unknown>;
  /**
   * On disk when it returns; `undefined` removes the key.
   * @throws StudioError `settings/too-large`, `settings/too-many`, `settings/not-json`
   */
  write(key: string, value: unknown): void;
  close(): void;
}

/** Opens (or creates) the settings under the studio's data folder. */
export function openSettings(dataFolder: string): SettingsStore {
  const database = openDatabase(join(dataFolder, 'settings.sqlite'), [
    'CREATE TABLE settings (key TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT',
  ]);
  const all = database.prepare<[], { key: string; json: string }>(
    'SELECT key, json FROM settings ORDER BY key',
  );
  const put = database.prepare<[string, string]>(
    'INSERT INTO settings (key, json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET json = excluded.json',
  );
  const remove = database.prepare<[string]>('DELETE FROM settings WHERE key = ?');
  const others = database.prepare<[string], { n: number }>(
    'SELECT count(*) AS n FROM settings WHERE key <> ?',
  );
  return {
    read() {
      return Object.fromEntries(all.all().map(({ key, json }) => [key, JSON.parse(json) as unknown]));
    },
    write(key, value) {
      if (value === undefined) {
        remove.run(key);
        return;
      }
      const json = toJson(key, value);
      if ((others.get(key)?.n ?? 0) >= MAX_KEYS) {
        throw new StudioError(
          'settings/too-many',
          `${MAX_KEYS} settings are kept already; "${key}" was not added.`,
          'Remove one that is not needed any more.',
        );
      }
      put.run(key, json);
    },
    close() {
      database.close();
    },
  };
}

function toJson(key: string, value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch {
    json = undefined;
  }
  if (json === undefined) {
    throw new StudioError(
      'settings/not-json',
      `The setting "${key}" cannot be written as JSON.`,
      'The old value stays.',
    );
  }
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_VALUE_BYTES) {
    throw new StudioError(
      'settings/too-large',
      `The setting "${key}" has ${bytes} bytes; ${MAX_VALUE_BYTES} fit.`,
      'The old value stays.',
    );
  }
  return json;
}
