import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openContentStore } from '../../../main/generation/cache/content-store.ts';

const DAMAGES = Number(process.env['IMPASTO_DAMAGES'] ?? 300);
const keyOf = (name: string): string => createHash('sha256').update(name).digest('hex');
const key = keyOf('picture');
const bytes = randomBytes(3000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-damage-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test(`${DAMAGES} entries damaged at random are all told, taken away and can be kept anew`, async () => {
  const store = openContentStore(folder, 1e9);
  const file = join(folder, key);
  for (let i = 0; i < DAMAGES; i++) {
    await store.put(key, bytes);
    const whole = readFileSync(file);
    const at = Math.floor(Math.random() * whole.byteLength);
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1 + Math.floor(Math.random() * 255);
    const forms = [damaged, whole.subarray(0, at), Buffer.concat([whole, randomBytes(1 + (at % 9))])];
    writeFileSync(file, forms[i % 3]!);
    expect(await store.get(key), `damage ${i} at byte ${at}`).toEqual({ found: 'damaged' });
    expect(existsSync(file)).toBe(false);
    expect(await store.get(key)).toEqual({ found: 'nothing' });
  }
  await store.put(key, bytes);
  const lookup = await store.get(key);
  expect(lookup.found === 'whole' && bytes.equals(lookup.bytes)).toBe(true);
});

test('a whole entry under the name of another is damage, not an answer', async () => {
  const store = openContentStore(folder, 1e9);
  await store.put(key, bytes);
  renameSync(join(folder, key), join(folder, keyOf('another')));
  expect(await store.get(keyOf('another'))).toEqual({ found: 'damaged' });
});

test('a folder in place of an entry is damage', async () => {
  mkdirSync(join(folder, key));
  const lookup = await openContentStore(folder, 1e9).get(key);
  expect(lookup.found).not.toBe('whole');
});

test('a store whose folder cannot be made says so when it is to keep something, not when it is asked', async () => {
  writeFileSync(join(folder, 'file'), '');
  const store = openContentStore(join(folder, 'file', 'cache'), 1e9);
  expect(await store.get(key)).toEqual({ found: 'nothing' });
  await expect(store.put(key, bytes)).rejects.toMatchObject({
    code: expect.stringMatching(/ENOTDIR|EEXIST/),
  });
});
