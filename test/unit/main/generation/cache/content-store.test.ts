import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openContentStore } from '../../../../../main/generation/cache/content-store.ts';

const keyOf = (name: string): string => createHash('sha256').update(name).digest('hex');
const [a, b, c] = [keyOf('a'), keyOf('b'), keyOf('c')];

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'impasto-cache-')), 'cache');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

/** Makes an entry look unused for so many seconds. */
const age = (key: string, seconds: number): void => {
  const then = Date.now() / 1000 - seconds;
  utimesSync(join(folder, key), then, then);
};

test('what was put comes back byte for byte, to this store and to one opened later', async () => {
  const bytes = randomBytes(10_000);
  const store = openContentStore(folder, 1e6);
  expect(await store.get(a)).toEqual({ found: 'nothing' });
  await store.put(a, bytes);
  for (const opened of [store, openContentStore(folder, 1e6)]) {
    const lookup = await opened.get(a);
    expect(lookup.found === 'whole' && bytes.equals(lookup.bytes)).toBe(true);
  }
  await store.put(b, new Uint8Array());
  expect(await store.get(b)).toMatchObject({ found: 'whole', bytes: { byteLength: 0 } });
});

test('the budget holds; what was not used for longest goes first', async () => {
  const size = 1000;
  const store = openContentStore(folder, 2 * (size + 100));
  await store.put(a, randomBytes(size));
  await store.put(b, randomBytes(size));
  age(a, 100);
  age(b, 200);
  // Being read makes it warm again.
  expect(await store.get(b)).toMatchObject({ found: 'whole' });
  await store.put(c, randomBytes(size));
  expect(readdirSync(folder).toSorted()).toEqual([b, c].toSorted());
});

test('counts what is there from before and from other processes', async () => {
  await openContentStore(folder, 1e6).put(a, randomBytes(3000));
  age(a, 50);
  const store = openContentStore(folder, 4000);
  await store.put(b, randomBytes(3000));
  expect(readdirSync(folder)).toEqual([b]);
  // Another process fills the folder; within 32 entries that is noticed.
  await openContentStore(folder, 1e6).put(c, randomBytes(3000));
  age(c, 50);
  for (let i = 0; i < 32; i++) await store.put(keyOf(String(i)), new Uint8Array(1));
  expect(existsSync(join(folder, c))).toBe(false);
});

test('an entry beyond the budget is not kept and drives nothing out', async () => {
  const store = openContentStore(folder, 2000);
  await store.put(a, randomBytes(1000));
  await store.put(b, randomBytes(5000));
  expect(readdirSync(folder)).toEqual([a]);
});

test('two stores that put the same key at once leave one whole entry and nothing half written', async () => {
  const bytes = randomBytes(50_000);
  const stores = Array.from({ length: 8 }, () => openContentStore(folder, 1e6));
  await Promise.all(stores.map((store) => store.put(a, bytes)));
  expect(readdirSync(folder)).toEqual([a]);
  expect(await stores[0]!.get(a)).toMatchObject({ found: 'whole' });
});

test('takes away what a dead process left half written, once it is old, and no other file', async () => {
  const store = openContentStore(folder, 1e6);
  await store.put(a, randomBytes(10));
  const [old, young, foreign] = [`${b}.00.part`, `${c}.00.part`, 'notes.txt'];
  for (const name of [old, young, foreign]) writeFileSync(join(folder, name), 'half');
  age(old, 7200);
  age(foreign, 7200);
  await openContentStore(folder, 1e6).put(b, randomBytes(10));
  expect(readdirSync(folder).toSorted()).toEqual([a, b, young, foreign].toSorted());
});

test('a whole entry under the name of another is as wrong as a damaged one', async () => {
  const store = openContentStore(folder, 1e6);
  await store.put(a, randomBytes(10));
  renameSync(join(folder, a), join(folder, b));
  expect(await store.get(b)).toEqual({ found: 'damaged' });
  expect(readdirSync(folder)).toEqual([]);
});

test('refuses keys that are no hash: they become file names', async () => {
  const store = openContentStore(folder, 1e6);
  await expect(store.get('../results.sqlite')).rejects.toThrow(TypeError);
  await expect(store.put(`${a}/x`, new Uint8Array(1))).rejects.toThrow(TypeError);
});

test('a file too large to be an entry is never read', async () => {
  const store = openContentStore(folder, 1e6);
  await store.put(a, randomBytes(10));
  const { truncate } = await import('node:fs/promises');
  // Sparse: takes no room on disk.
  await truncate(join(folder, a), 600 * 1024 * 1024);
  const before = process.memoryUsage().arrayBuffers;
  expect(await store.get(a)).toEqual({ found: 'damaged' });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e7);
  expect(statSync(join(folder, a), { throwIfNoEntry: false })).toBeUndefined();
});

test('a full store of many entries makes room for several at once, the coldest first', async () => {
  const size = 60;
  const entry = size + 40;
  const store = openContentStore(folder, 1200 * entry, { durable: false });
  await store.put(a, randomBytes(size));
  for (let i = 0; i < 1199; i++) {
    writeFileSync(join(folder, keyOf(`old ${i}`)), randomBytes(entry));
    age(keyOf(`old ${i}`), 5000 - i);
  }
  const full = openContentStore(folder, 1200 * entry, { durable: false });
  await full.put(b, randomBytes(size));
  const left = readdirSync(folder);
  expect(left).toHaveLength(1140);
  expect(left).toContain(a);
  expect(left).toContain(b);
  expect(left).toContain(keyOf('old 1198'));
  expect(left).not.toContain(keyOf('old 0'));
  // The next ones fit, and nothing goes for them.
  for (let i = 0; i < 40; i++) await full.put(keyOf(`new ${i}`), randomBytes(size));
  expect(readdirSync(folder)).toHaveLength(1180);
});
