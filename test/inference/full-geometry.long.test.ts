import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matrixProbe } from '../../main/cli/bench/machine-rate.ts';
import { createWorkplace, type Workplace } from '../faults/cli/run-impasto.ts';
import { referenceFolder } from '../fixtures/reference-case.ts';
import { readReferenceModel } from '../fixtures/reference-model.ts';
import { scratchFolder } from '../fixtures/scratch-folder.ts';
import { writeSparseCheckpoint } from '../fixtures/sparse-checkpoint.ts';

/**
 * A picture of a checkpoint of full size from a cold process. Takes minutes and the whole machine, so it runs when it is
 * asked for: IMPASTO_LONG=1 npx vitest run test/inference/full-geometry.long.test.ts
 */
const asked = process.env['IMPASTO_LONG'] === '1' && referenceFolder !== undefined;
const folder = scratchFolder();
const workplaces: Workplace[] = [];
afterAll(() => {
  for (const workplace of workplaces) workplace.remove();
});

/** The bars are meant for two cores of 150 GFLOP/s; a machine that is slower, or busy, has as much more time. */
const nominalRate = 300;
let slowness = 1;

function writeModel(name: 'sd15' | 'sdxl'): string {
  const { single_file: tensors } = readReferenceModel(
    path.join(referenceFolder ?? '', 'geometry', `${name}.json`),
  );
  const file = path.join(folder, `${name}.safetensors`);
  writeSparseCheckpoint(
    file,
    tensors.map(([key, shape]) => [key, shape] as const),
  );
  return file;
}

/** Bytes that a folder's files take. */
function bytesIn(place: string): number {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

/** The most anonymous memory, in bytes, that one process of a workplace holds at this moment (Linux). */
function anonymousBytes(data: string): number {
  let most = 0;
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${entry}/environ`, 'utf8').includes(data)) continue;
      const found = /^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${entry}/status`, 'utf8'));
      most = Math.max(most, Number(found?.[1] ?? 0) * 1024);
    } catch {
      // It has ended meanwhile, or is not ours.
    }
  }
  return most;
}

/** One step and its picture; when which happened, in seconds from the start of the process. */
async function paint(model: string, pixels: number) {
  const workplace = createWorkplace();
  workplaces.push(workplace);
  const side = String(pixels);
  let anonymous = 0;
  let firstStep = Infinity;
  const watch = setInterval(() => {
    if (process.platform === 'linux') anonymous = Math.max(anonymous, anonymousBytes(workplace.data));
  }, 100);
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  const end = await workplace
    .impasto(
      [
        'generate',
        '--no-cache',
        '--model',
        model,
        '--prompt',
        'a cat',
        '--steps',
        '1',
        '--guidance',
        '1',
        '--seed',
        '1',
      ].concat(['--width', side, '--height', side, '--out', 'cat.png', '--json']),
      (text) => {
        if (firstStep === Infinity && text.includes('1/1')) firstStep = seconds();
      },
    )
    .finally(() => clearInterval(watch));
  expect(end.stderr).not.toMatch(/error/i);
  expect(end.code).toBe(0);
  return { firstStep, total: seconds(), anonymous, written: bytesIn(workplace.folder) };
}

/** For whoever runs it by name: the figures themselves. */
function tell(figures: object): void {
  process.stderr.write(`${JSON.stringify(figures)}\n`);
}

describe.skipIf(!asked)('checkpoints of full size (IMPASTO_LONG=1, needs ../shared/reference)', () => {
  beforeAll(async () => {
    const probe = await matrixProbe({ provider: 'cpu', precision: 'fp32', threads: 2 });
    for (let i = 0; i < 10; i++) await probe.sample();
    slowness = Math.max(1, nominalRate / probe.rate().wall);
    await probe.release();
    tell({ slowness });
  });

  it('SD1.5: a step at 256 px within 8 s, its picture within 20 s, next to nothing written', async () => {
    const model = writeModel('sd15');
    const seen = await paint(model, 256);
    tell(seen);
    expect(seen.firstStep).toBeLessThan(8 * slowness);
    expect(seen.total).toBeLessThan(20 * slowness);
    expect(seen.written).toBeLessThan(statSync(model).size / 100);
    expect(seen.anonymous).toBeLessThan(1.5 * 2 ** 30);
  }, 1_200_000);

  it('SD1.5: 512 px within 1.5 GiB of anonymous memory, its weights mapped', async () => {
    const seen = await paint(writeModel('sd15'), 512);
    tell(seen);
    expect(seen.anonymous).toBeLessThan(1.5 * 2 ** 30);
  }, 1_800_000);

  it('SDXL: opens and steps at 1024 px within 20 GiB', async () => {
    const model = writeModel('sdxl');
    const seen = await paint(model, 1024);
    tell(seen);
    expect(seen.written).toBeLessThan(statSync(model).size / 100);
    // Beside it lie the pages of the file, 6.9 GB of it at most.
    expect(seen.anonymous).toBeLessThan(13 * 2 ** 30);
  }, 3_600_000);
});
