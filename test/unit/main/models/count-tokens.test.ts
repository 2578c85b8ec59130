import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTokenMeter } from '../../../../main/models/count-tokens.ts';
import {
  type LibraryModel,
  type ModelLibrary,
  openModelLibrary,
} from '../../../../main/models/model-library.ts';

let folder: string;
let library: ModelLibrary;
let embedded: LibraryModel;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-tokens-'));
  library = openModelLibrary({
    dataFolder: folder,
    embeddedModelFolder: join(import.meta.dirname, '../../../../native-models/embedded/model'),
    notice: () => {},
  });
  embedded = await library.get('embedded');
});
afterAll(() => {
  library.close();
  rmSync(folder, { recursive: true });
});
const meter = createTokenMeter();

test('counts words that are tokens, and names those that the small model does not know', async () => {
  const text = 'A red boat and an elefant by the lighthose BREAK of the sea';
  const { tokens, limit, borders, unknown } = await meter.count(embedded, text);
  expect(limit).toBe(30);
  expect(tokens).toBeGreaterThan(30);
  expect(borders).toEqual([text.indexOf('of the sea')]);
  expect(unknown).toEqual([
    { word: 'elefant', start: text.indexOf('elefant'), nearest: [] },
    { word: 'lighthose', start: text.indexOf('lighthose'), nearest: ['lighthouse'] },
  ]);
});

test('a second chunk begins where the first is full', async () => {
  const { tokens, borders } = await meter.count(embedded, 'boat '.repeat(45));
  expect(tokens).toBe(45);
  expect(borders).toEqual([30 * 'boat '.length]);
});

test('an empty prompt is no tokens, and a user model knows every word', async () => {
  expect((await meter.count(embedded, '<lora:elefant:1> cat')).unknown).toEqual([]);
  expect(await meter.count(embedded, '')).toEqual({ tokens: 0, limit: 30, borders: [], unknown: [] });
  const card = { ...embedded.card, embedded: false };
  expect((await meter.count({ ...embedded, card }, 'elefant')).unknown).toEqual([]);
});

test('a tokenizer that cannot be read says so, and is read again once it can', async () => {
  const broken = { ...embedded, path: join(folder, 'gone') };
  await expect(meter.count(broken, 'a')).rejects.toMatchObject({ code: 'file-missing' });
  await expect(meter.count(broken, 'a')).rejects.toMatchObject({ code: 'file-missing' });
});
