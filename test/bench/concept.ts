import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { locateInstallation } from '../../main/hosting/installation.ts';
import type { GenerationRequest } from '../../preload/contract/index.ts';
import { referenceFolder } from '../fixtures/reference-case.ts';
import { readReferenceModel } from '../fixtures/reference-model.ts';
import { childProcesses, processorTime } from '../fixtures/processor-time.ts';
import { openRunningStudio, PLAIN_REQUEST, type RunningStudio } from '../fixtures/run-studio.ts';
import { writeSparseCheckpoint } from '../fixtures/sparse-checkpoint.ts';
import { median } from '../fixtures/median.ts';

/**
 * Ten pictures of one concept: a base, four forks at 75 % of the steps, three at 40 %, one whose prompt changes from
 * 60 % on, one through another autoencoder; ten separate runs against what the studio does with its cache, in one run, in
 * turn, wall time and processor time; medians of several rounds. Every pair is compared byte for byte.
 *
 * Forks of one kind are asked for at once, as "Vary" does, and run side by side where that is quicker; `--apart` asks for one
 * after the other. What is asked for by itself is never joined.
 *
 * Run: `node test/bench/concept.ts [--size 256] [--steps 20,50] [--rounds 5] [--apart] [--sd15]`. Bar: with the cache at most
 * 45 % of the time without. Of the steps alone, 42 % are left; what is over is the decoding of ten pictures, which no cache
 * saves, so the share falls with the steps. 20 is what the embedded model asks for, 50 what diffusers' pipelines do.
 * `--sd15` takes a checkpoint of SD 1.5's shapes with weights of zeros (needs the reference folder), at 256 px, 30 steps and
 * one round unless told: some ten minutes of two idle cores, where 512 px take an hour.
 */
const { values } = parseArgs({
  options: {
    size: { type: 'string' },
    steps: { type: 'string' },
    rounds: { type: 'string' },
    sd15: { type: 'boolean', default: false },
    apart: { type: 'boolean', default: false },
  },
});
const stepCounts = (values.steps ?? (values.sd15 ? '30' : '20,50')).split(',').map(Number);
const rounds = Number(values.rounds ?? (values.sd15 ? 1 : 5));
const size = Number(values.size ?? 256);
const installation = locateInstallation(join(import.meta.dirname, '../../main/hosting'));
const folder = mkdtempSync(join(tmpdir(), 'impasto-bench-'));

function sd15(): string {
  if (referenceFolder === undefined)
    throw new Error('--sd15 needs the reference folder (../shared/reference)');
  const { single_file: tensors } = readReferenceModel(join(referenceFolder, 'geometry', 'sd15.json'));
  const file = join(folder, 'sd15.safetensors');
  writeSparseCheckpoint(
    file,
    tensors.map(([key, shape]) => [key, shape] as const),
  );
  return file;
}

/** What one picture took; the processor's part is null where the system does not tell. */
interface Cost {
  readonly wall: number;
  readonly processor: number | null;
}

/** A studio and the processes whose time is its own; this one's is counted while it is asked. */
interface Measured {
  readonly studio: RunningStudio;
  readonly workers: readonly number[];
}

async function openMeasured(cache: boolean, load: GenerationRequest): Promise<Measured> {
  const before = new Set(childProcesses());
  const studio = await openRunningStudio({ cache });
  if (load.modelId !== 'embedded')
    load.modelId = (await studio.ask('models.open', { path: load.modelId })).id;
  // The model and both its decoders are loaded before anything is timed, and the networks for three and four at once.
  for (const vae of [undefined, vaePath]) {
    await studio.paint({ ...load, seed: 99, steps: 2, ...(vae === undefined ? {} : { vae }) });
  }
  if (load.modelId === 'embedded' && cache && !values.apart) {
    for (const count of [3, 4]) {
      const seeds = Array.from({ length: count }, (_, i) => 100 * count + i);
      await Promise.all(seeds.map((seed) => studio.paint({ ...load, seed, steps: 40 })));
    }
  }
  return { studio, workers: childProcesses().filter((pid) => !before.has(pid)) };
}

/** Pictures that are asked for at once. */
interface Part {
  readonly what: string;
  readonly changes: readonly Partial<GenerationRequest>[];
}

async function measure(
  { studio, workers }: Measured,
  requests: readonly GenerationRequest[],
): Promise<Cost & { pictures: Uint8Array[] }> {
  const pids = [process.pid, ...workers];
  const before = processorTime(pids);
  const begun = performance.now();
  const painted = await Promise.all(requests.map((request) => studio.paint(request)));
  const wall = performance.now() - begun;
  const after = processorTime(pids);
  return {
    wall,
    processor: before === null || after === null ? null : after - before,
    pictures: painted.map(({ raster }) => raster.rgba),
  };
}

/** The same one after the other. */
async function measureApart(
  studio: Measured,
  requests: readonly GenerationRequest[],
): Promise<Cost & { pictures: Uint8Array[] }> {
  const pictures: Uint8Array[] = [];
  let [wall, processor] = [0, 0 as number | null];
  for (const request of requests) {
    const one = await measure(studio, [request]);
    wall += one.wall;
    processor = processor === null || one.processor === null ? null : processor + one.processor;
    pictures.push(...one.pictures);
  }
  return { wall, processor, pictures };
}

function conceptOf(steps: number): Part[] {
  const at = (share: number): number => Math.round(share * steps);
  const fork =
    (share: number) =>
    (seed: number): Partial<GenerationRequest> => ({
      changes: [{ step: at(share), noise: { seed, theta: 90 } }],
    });
  return [
    { what: 'base', changes: [{}] },
    { what: '4 forks at 75%', changes: [1, 2, 3, 4].map(fork(0.75)) },
    { what: '3 forks at 40%', changes: [1, 2, 3].map(fork(0.4)) },
    {
      what: 'other prompt from 60%',
      changes: [{ changes: [{ step: at(0.6), prompt: 'a red sailboat in a storm at night' }] }],
    },
    { what: 'another decoder', changes: [{ vae: vaePath }] },
  ];
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)}%`;
const sum = (costs: readonly Cost[], of: (cost: Cost) => number | null): number =>
  costs.reduce((all, cost) => all + (of(cost) ?? Number.NaN), 0);
const medianCost = (costs: readonly Cost[]): Cost => ({
  wall: median(costs.map(({ wall }) => wall)),
  processor: costs.some(({ processor }) => processor === null)
    ? null
    : median(costs.map(({ processor }) => processor ?? 0)),
});

function tell(
  steps: number,
  concept: readonly Part[],
  alone: readonly Cost[],
  shared: readonly Cost[],
): void {
  console.log(`${`${steps} steps`.padEnd(24)} without     with   share`);
  for (const [index, { what }] of concept.entries()) {
    const [plain, reused] = [alone[index]?.wall ?? 0, shared[index]?.wall ?? 0];
    console.log(
      `${what.padEnd(24)} ${plain.toFixed(0).padStart(5)} ms ${reused.toFixed(0).padStart(5)} ms ${percent(reused, plain).padStart(7)}`,
    );
  }
  const wall = [sum(shared, (cost) => cost.wall), sum(alone, (cost) => cost.wall)] as const;
  const processor = [sum(shared, (cost) => cost.processor), sum(alone, (cost) => cost.processor)] as const;
  console.log(
    `together: ${(wall[1] / 1000).toFixed(2)} s without, ${(wall[0] / 1000).toFixed(2)} s with: ${percent(...wall)} of the time` +
      (Number.isNaN(processor[0]) ? '' : `, ${percent(...processor)} of the processor's`) +
      ' (bar: 45%)',
  );
}

const file = values.sd15 ? sd15() : null;
const vaePath = file ?? join(installation.embeddedModel, 'vae');
try {
  const base: GenerationRequest = {
    ...PLAIN_REQUEST,
    modelId: file ?? 'embedded',
    width: size,
    height: size,
  };
  const without = await openMeasured(false, base);
  const cached = await openMeasured(true, { ...base, modelId: file ?? 'embedded' });
  let seed = 1000;
  for (const steps of stepCounts) {
    const concept = conceptOf(steps);
    const alone = concept.map((): Cost[] => []);
    const shared = concept.map((): Cost[] => []);
    for (let round = 0; round < rounds; round += 1) {
      // Another seed in each round, so that none finds what the one before left.
      seed += 1;
      for (const [index, { what, changes }] of concept.entries()) {
        const requests = changes.map((change) => ({ ...base, seed, steps, ...change }));
        const plain = await measureApart(without, requests);
        const reused = await (values.apart ? measureApart : measure)(cached, requests);
        if (plain.pictures.some((rgba, i) => !Buffer.from(rgba).equals(reused.pictures[i] ?? Buffer.of())))
          throw new Error(`${what}: the pixels differ`);
        alone[index]?.push(plain);
        shared[index]?.push(reused);
        process.stderr.write(`${what}: ${plain.wall.toFixed(0)} ms, ${reused.wall.toFixed(0)} ms\n`);
      }
    }
    tell(steps, concept, alone.map(medianCost), shared.map(medianCost));
  }
  const [load = 0] = loadavg();
  console.log(
    `${file === null ? 'embedded model' : 'SD 1.5 geometry'}, ${size} px, ${cpus().length} cores, ${rounds} round(s), load ${load.toFixed(1)}; every pair equal to the bit`,
  );
  await Promise.all([without.studio.close(), cached.studio.close()]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
