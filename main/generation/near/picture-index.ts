import { join } from 'node:path';
import { openDatabase } from '../../storage/open-database.ts';
import { HammingIndex } from './hamming-index.ts';

/** A picture that looks nearly like another. */
export interface NearPicture {
  readonly resultId: string;
  /** Bits in which their hashes differ. */
  readonly distance: number;
}

/** The hashes of pictures, on disk and ready to be searched. */
export interface PictureIndex {
  readonly has: (resultId: string) => boolean;
  readonly add: (resultId: string, hash: bigint) => void;
  /** Nearest first. @param within 0 … 15 bits */
  readonly find: (hash: bigint, within: number) => NearPicture[];
  readonly close: () => void;
}

interface Row {
  result_id: string;
  hash: string;
}

/** Opens the index under the data folder; it may be deleted at any time and is filled again. */
export function openPictureIndex(dataFolder: string): PictureIndex {
  const database = openDatabase(join(dataFolder, 'near.sqlite'), [
    // SQLite's integers are signed: 16 hexadecimal digits keep all 64 bits.
    'CREATE TABLE pictures (result_id TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT;',
  ]);
  const insert = database.prepare<Row>('INSERT OR IGNORE INTO pictures VALUES (@result_id, @hash)');
  const rows = database.prepare<[], Row>('SELECT * FROM pictures').all();
  const names = rows.map((row) => row.result_id);
  const known = new Set(names);
  const index = new HammingIndex(rows.map(({ hash }) => BigInt(`0x${hash}`)));
  return {
    has: (resultId) => known.has(resultId),
    add(resultId, hash) {
      if (known.has(resultId)) return;
      insert.run({ result_id: resultId, hash: hash.toString(16).padStart(16, '0') });
      known.add(resultId);
      names.push(resultId);
      index.add(hash);
    },
    find: (hash, within) =>
      index.find(hash, within).flatMap(({ entry, distance }) => {
        const resultId = names[entry];
        return resultId === undefined ? [] : [{ resultId, distance }];
      }),
    close: () => database.close(),
  };
}
