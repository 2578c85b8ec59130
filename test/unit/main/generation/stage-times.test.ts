import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { embeddedModelCard } from '../../../../main/models/embedded-model.ts';
import { priceRun, runSeconds } from '../../../../main/generation/price.ts';
import { openResultsDatabase } from '../../../../main/generation/results-database.ts';
import { openStageTimes, type RunKind } from '../../../../main/generation/stage-times.ts';

const kind: RunKind = {
  model: 'm',
  device: 'cpu fp32 2',
  sampler: 'ddim',
  width: 256,
  height: 256,
  guided: true,
  controls: 0,
};
const run = (step: number, load: number | null = null) => ({ load, prepare: 0.2, step, decode: 0.4 });

let folder: string;
let database: Database.Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-times-'));
  database = openResultsDatabase(folder);
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

test('a kind that never ran is unknown, and is priced by a guess that says so', () => {
  const times = openStageTimes(database);
  expect(times.estimate(kind)).toBeNull();
  const price = priceRun(times, kind, { steps: 20 }, embeddedModelCard(), false);
  expect(price.measured).toBe(false);
  expect(runSeconds(price)).toBeGreaterThan(0);
  expect(price.load).toBeGreaterThan(0);
});

test('estimates are medians of the runs of the kind, and outlast a restart', () => {
  const times = openStageTimes(database);
  for (const step of [0.1, 0.9, 0.2]) times.record(kind, run(step, step * 10));
  times.record({ ...kind, sampler: 'heun' }, run(7));
  times.record({ ...kind, device: 'webgpu fp32 2' }, run(9));
  database.close();
  database = openResultsDatabase(folder);
  const again = openStageTimes(database);
  expect(again.estimate(kind)).toMatchObject({ load: 2, prepare: 0.2, step: 0.2, decode: 0.4, exact: true });
  const cold = priceRun(again, kind, { steps: 20 }, embeddedModelCard(), false);
  expect(runSeconds(cold)).toBeCloseTo(0.2 + 20 * 0.2 + 0.4);
  expect(cold.load).toBe(2);
  const warm = priceRun(again, kind, { steps: 20 }, embeddedModelCard(), true);
  expect(warm.load).toBe(0);
});

test('another size is scaled from the nearest one by its pixels, and is not called measured', () => {
  const times = openStageTimes(database);
  times.record(kind, run(0.1));
  times.record({ ...kind, width: 1024, height: 1024 }, run(5));
  expect(times.estimate({ ...kind, width: 512, height: 256 })).toMatchObject({
    load: null,
    prepare: 0.2,
    step: 0.2,
    decode: 0.8,
    exact: false,
  });
  expect(times.estimate({ ...kind, guided: false })).toMatchObject({ step: 0.05, exact: false });
});

test('only the newest runs count and are kept', () => {
  const times = openStageTimes(database);
  for (let i = 0; i < 30; i++) times.record(kind, run(9));
  for (let i = 0; i < 15; i++) times.record(kind, run(0.1));
  expect(times.estimate(kind)?.step).toBe(0.1);
  expect(database.prepare('SELECT count(*) AS n FROM stage_times').get()).toEqual({ n: 15 });
});

test('a ControlNet costs its share of a step until runs with it were timed', () => {
  const times = openStageTimes(database);
  times.record(kind, run(1));
  const withOne = { ...kind, controls: 1 };
  expect(times.estimate(withOne)).toMatchObject({ step: 1.4, exact: false });
  times.record(withOne, run(2));
  expect(times.estimate(withOne)).toMatchObject({ step: 2, exact: true });
  expect(times.estimate(kind)).toMatchObject({ step: 1, exact: true });
});
