import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openGenerationCache } from '../../../../../main/generation/cache/generation-cache.ts';
import { drawHint } from '../../../../../main/generation/control-features/draw-hint.ts';
import { createFeatureMaker } from '../../../../../main/generation/control-features/feature-maker.ts';
import { prepareInit } from '../../../../../main/generation/init-image.ts';
import { featureKey } from '../../../../../main/generation/plan/stage-keys.ts';
import { openResultsDatabase } from '../../../../../main/generation/results-database.ts';
import { openStageTimes } from '../../../../../main/generation/stage-times.ts';

let folder: string;
let database: Database.Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-features-'));
  database = openResultsDatabase(folder);
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const raster = (side: number) => ({
  width: side,
  height: side,
  rgba: Uint8Array.from({ length: side * side * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : (i >> 6) % 2 === 0 ? 40 : 220,
  ),
});

test('edges are drawn once for a picture and a way, kept on disk, and drawn anew where that is asked for', async () => {
  const times = openStageTimes(database);
  const runs: string[] = [];
  const watched = { ...times, recordFeatures: (how: string) => void runs.push(how) };
  const cache = openGenerationCache(folder, '1');
  const make = createFeatureMaker(cache, watched);
  const picture = await prepareInit(raster(64), 64, 64);
  const first = await make(picture, 'canny', false);
  expect(first).toEqual(drawHint(picture.image, 'canny'));
  expect(await make(picture, 'canny', false)).toEqual(first);
  expect(runs).toEqual(['canny']);
  await make(picture, 'lines', false);
  await make(picture, 'canny', true);
  expect(runs).toEqual(['canny', 'lines', 'canny']);
  expect(await make(picture, 'as-is', false)).toBe(picture.image);

  await cache.stages.settled();
  const key = featureKey(cache.engine, { picture: picture.sha256, prepare: 'canny', width: 64, height: 64 });
  expect(cache.stages.where(key)).toBe('memory');
  const again = openGenerationCache(folder, '1');
  expect(again.stages.where(key)).toBe('disk');
  expect(await createFeatureMaker(again, watched)(picture, 'canny', false)).toEqual(first);
  expect(runs).toHaveLength(3);
});

test('how long drawing takes is learnt by pixels, across restarts', () => {
  const times = openStageTimes(database);
  expect(times.featureSeconds('canny', 1e6)).toBeGreaterThan(0);
  times.recordFeatures('canny', 1000, 2);
  expect(openStageTimes(database).featureSeconds('canny', 500)).toBeCloseTo(1);
  expect(times.featureSeconds('as-is', 500)).toBe(0);
});
