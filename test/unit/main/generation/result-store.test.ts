import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRecipes } from '../../../../main/documents/png-recipe.ts';
import { openResultStore } from '../../../../main/generation/result-store.ts';
import { openResultsDatabase } from '../../../../main/generation/results-database.ts';
import { exampleRecipe } from '../../../fixtures/recipe.ts';

const recipe = { ...exampleRecipe, width: 64, height: 64 };
const rgba = Uint8Array.from({ length: 64 * 64 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 31) % 256));
const picture = { jobId: 'job', recipe, raster: { width: 64, height: 64, rgba }, seconds: 1.5 };

let folder: string;
let database: Database.Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-results-'));
  database = openResultsDatabase(folder);
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});
const results = (): string => join(folder, 'results');

test('what is kept can be read again, pixel by pixel, and carries its recipe', async () => {
  const store = openResultStore(results(), database);
  const summary = await store.keep(picture);
  expect(summary).toMatchObject({ jobId: 'job', recipe, width: 64, height: 64, seconds: 1.5 });
  const read = await store.read(summary.resultId);
  expect(read.summary).toEqual(summary);
  expect(read.raster).toEqual(picture.raster);
  const png = readFileSync(join(results(), `${summary.resultId}.png`));
  expect(readRecipes(png)).toEqual([{ layer: null, recipe }]);
});

test('the same picture makes the same file under another name', async () => {
  const store = openResultStore(results(), database);
  const [a, b] = [await store.keep(picture), await store.keep(picture)];
  expect(a.resultId).not.toBe(b.resultId);
  expect(readFileSync(join(results(), `${a.resultId}.png`))).toEqual(
    readFileSync(join(results(), `${b.resultId}.png`)),
  );
});

test('lists newest first, leaves out files that were taken away and says so on reading', async () => {
  const store = openResultStore(results(), database);
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) {
    ids.push((await store.keep(picture)).resultId);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  expect(store.list(2).map((summary) => summary.resultId)).toEqual([ids[2], ids[1]]);
  rmSync(join(results(), `${ids[2]}.png`));
  expect(store.list(10).map((summary) => summary.resultId)).toEqual([ids[1], ids[0]]);
  await expect(store.read(ids[2]!)).rejects.toMatchObject({ code: 'generation/result-missing' });
  await expect(store.read('never-was')).rejects.toMatchObject({ code: 'generation/result-missing' });
});

test('takes in a picture that a process wrote but did not live to index', async () => {
  const { resultId } = await openResultStore(results(), database).keep(picture);
  database.exec('DELETE FROM results');
  writeFileSync(join(results(), 'holiday.png'), 'not a picture at all');
  const store = openResultStore(results(), database);
  expect(store.list(10)).toMatchObject([{ resultId, recipe }]);
  expect((await store.read(resultId)).raster).toEqual(picture.raster);
});

test('clears away halves of pictures, but not while somebody may be writing them', () => {
  openResultStore(results(), database);
  const [old, fresh] = ['old.png.part', 'fresh.png.part'].map((name) => join(results(), name));
  writeFileSync(old!, '');
  writeFileSync(fresh!, '');
  utimesSync(old!, 1, 1);
  openResultStore(results(), database);
  expect([existsSync(old!), existsSync(fresh!)]).toEqual([false, true]);
});

test('a picture that cannot be written leaves no file, no half and no entry', async () => {
  const store = openResultStore(results(), database);
  rmSync(results(), { recursive: true });
  writeFileSync(results(), 'a file where the folder was');
  await expect(store.keep(picture)).rejects.toMatchObject({ code: 'generation/result-unwritable' });
  expect(store.count()).toBe(0);
  expect(readdirSync(folder).filter((name) => name.includes('part'))).toEqual([]);
});
