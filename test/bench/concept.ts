import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { locateInstallation } from '../../main/hosting/installation.ts';
import type { ChangeRequest, GenerationRequest } from '../../preload/contract/index.ts';
import { referenceFolder } from '../fixtures/reference-case.ts';
import { readReferenceModel } from '../fixtures/reference-model.ts';
import { openRunningStudio, PLAIN_REQUEST } from '../fixtures/run-studio.ts';
import { writeSparseCheckpoint } from '../fixtures/sparse-checkpoint.ts';

/**
 * Ten pictures of one concept: a base, four forks at 75 % of the steps, three at 40 %, one whose prompt changes from
 * 60 % on, one through another autoencoder; each computed by itself and with what the others left, in one run, one after
 * the other in turn. Every pair is compared byte for byte.
 *
 * Run: `node test/bench/concept.ts [--size 256] [--steps 20] [--sd15]`. Bar: with the cache at most 45 % of the time
 * without. `--sd15` takes a checkpoint of SD 1.5's shapes with weights of zeros (needs the reference folder; minutes).
 */
const { values } = parseArgs({
  options: {
    size: { type: 'string' },
    steps: { type: 'string' },
    sd15: { type: 'boolean', default: false },
  },
});
const steps = Number(values.steps ?? (values.sd15 ? 10 : 20));
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

const at = (share: number): number => Math.round(share * steps);
const fork = (share: number, seed: number): ChangeRequest[] => [
  { step: at(share), noise: { seed, theta: 90 } },
];

try {
  const without = await openRunningStudio();
  const cached = await openRunningStudio({ cache: true });
  const file = values.sd15 ? sd15() : null;
  const modelId = file === null ? 'embedded' : (await without.ask('models.open', { path: file })).id;
  if (file !== null) await cached.ask('models.open', { path: file });
  const base: GenerationRequest = { ...PLAIN_REQUEST, modelId, steps, width: size, height: size };
  const vae = file ?? join(installation.embeddedModel, 'vae');
  const concept: [string, Partial<GenerationRequest>][] = [
    ['base', {}],
    ...[1, 2, 3, 4].map((seed): [string, Partial<GenerationRequest>] => [
      `fork at 75% (${seed})`,
      { changes: fork(0.75, seed) },
    ]),
    ...[1, 2, 3].map((seed): [string, Partial<GenerationRequest>] => [
      `fork at 40% (${seed})`,
      { changes: fork(0.4, seed) },
    ]),
    ['other prompt from 60%', { changes: [{ step: at(0.6), prompt: 'a red sailboat in a storm at night' }] }],
    ['another decoder', { vae }],
  ];
  // Both load the model and its decoder before anything is timed.
  for (const studio of [without, cached]) await studio.paint({ ...base, seed: 99, steps: 2 });
  let [alone, shared] = [0, 0];
  console.log(`${'part'.padEnd(24)} without     with   share`);
  for (const [what, change] of concept) {
    const plain = await without.paint({ ...base, ...change });
    const reused = await cached.paint({ ...base, ...change });
    if (!Buffer.from(plain.raster.rgba).equals(reused.raster.rgba))
      throw new Error(`${what}: the pixels differ`);
    alone += plain.milliseconds;
    shared += reused.milliseconds;
    const share = `${((100 * reused.milliseconds) / plain.milliseconds).toFixed(0)}%`;
    console.log(
      `${what.padEnd(24)} ${plain.milliseconds.toFixed(0).padStart(5)} ms ${reused.milliseconds.toFixed(0).padStart(5)} ms ${share.padStart(6)}`,
    );
  }
  const [load = 0] = loadavg();
  console.log(
    `together: ${(alone / 1000).toFixed(2)} s without, ${(shared / 1000).toFixed(2)} s with: ${((100 * shared) / alone).toFixed(1)}% (bar: 45%)`,
  );
  console.log(
    `${file === null ? 'embedded model' : 'SD 1.5 geometry'}, ${size} px, ${steps} steps, ${cpus().length} cores, load ${load.toFixed(1)}; every pair equal to the bit`,
  );
  await Promise.all([without.close(), cached.close()]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
