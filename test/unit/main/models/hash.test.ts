import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHashCache } from '../../../../main/models/hash-cache.ts';
import { fingerprintFile, hashFile } from '../../../../main/models/hash-file.ts';
import { openLibraryDatabase } from '../../../../main/models/library-database.ts';

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let database: Database.Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-hash-'));
  database = openLibraryDatabase(join(folder, 'data'));
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});
const at = (name: string): string => join(folder, name);

/** Counts the bytes that a request for a hash really read. */
async function bytesRead(hashes: ReturnType<typeof createHashCache>, path: string): Promise<number> {
  let bytes = 0;
  await hashes.file(path, (more) => (bytes += more));
  return bytes;
}

test('hashes whole files, the empty one and one longer than a piece', async () => {
  writeFileSync(at('empty'), '');
  expect(await hashFile(at('empty'), () => {})).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
  const bytes = Uint8Array.from({ length: 5_000_001 }, (_, i) => (i * 7) % 251);
  writeFileSync(at('long'), bytes);
  let told = 0;
  expect(await hashFile(at('long'), (more) => (told += more))).toBe(sha256(bytes));
  expect(told).toBe(bytes.byteLength);
});

test('reads a file once, and again when its size or its time changes', async () => {
  const hashes = createHashCache(database);
  writeFileSync(at('m'), 'weights');
  expect(await bytesRead(hashes, at('m'))).toBe(7);
  expect(await bytesRead(createHashCache(database), at('m'))).toBe(0);
  appendFileSync(at('m'), '!');
  expect(await bytesRead(hashes, at('m'))).toBe(8);
  expect(await hashes.file(at('m'))).toBe(sha256('weights!'));
  writeFileSync(at('m'), 'WEIGHTS!');
  utimesSync(at('m'), 1_000_000, 1_000_000.5);
  expect(await hashes.file(at('m'))).toBe(sha256('WEIGHTS!'));
});

test('several at a time share one reading', async () => {
  const hashes = createHashCache(database);
  writeFileSync(at('m'), new Uint8Array(3_000_000));
  const [a, b] = [bytesRead(hashes, at('m')), bytesRead(hashes, at('m'))];
  expect([await a, await b]).toEqual([3_000_000, 0]);
});

test('a model of several files hashes as sha256sum would list them', async () => {
  const hashes = createHashCache(database);
  writeFileSync(at('b'), 'B');
  writeFileSync(at('a'), 'A');
  const files = [
    { path: at('b'), name: 'unet/b' },
    { path: at('a'), name: 'unet/Z' },
  ];
  expect(await hashes.model(files)).toBe(sha256(`${sha256('A')}  unet/Z\n${sha256('B')}  unet/b\n`));
  expect(await hashes.model(files.slice(1))).toBe(sha256('A'));
});

test('closing stops a reading under way', async () => {
  const hashes = createHashCache(database);
  writeFileSync(at('m'), new Uint8Array(8_000_000));
  const reading = hashes.file(at('m'), () => hashes.close());
  await expect(reading).rejects.toThrow('closing');
});

test('fingerprints follow content, not place, and see any part of a large file', async () => {
  const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 13) % 253);
  writeFileSync(at('a'), bytes);
  cpSync(at('a'), at('moved'));
  const print = await fingerprintFile(at('a'));
  expect(await fingerprintFile(at('moved'))).toBe(print);
  // Sixty-four pieces of 16 KiB cover half of the two megabytes after the first: flip a stretch that no gap hides.
  for (const place of [10, 1_500_000, 2_999_990]) {
    const other = Uint8Array.from(bytes);
    other.fill(255, place, Math.min(place + 40_000, other.length));
    writeFileSync(at('b'), other);
    expect(await fingerprintFile(at('b'))).not.toBe(print);
  }
  truncateSync(at('b'), 2_999_999);
  expect(await fingerprintFile(at('b'))).not.toBe(print);
  expect(readFileSync(at('a')).byteLength).toBe(3_000_000);
});
