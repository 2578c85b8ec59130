import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { probeDevices } from '../../main/inference/devices/probe-devices.ts';
import { createInferenceHost } from '../../main/inference/host/create-inference-host.ts';
import type { GenerateJob } from '../../main/inference/protocol.ts';
import { embeddedJob, launch } from '../fixtures/embedded-job.ts';

/**
 * The embedded model against its bars: time in the worker, size in the repository, and, where Python has PyTorch, the
 * difference from the independent implementation and what the judge sees in 300 pictures.
 *
 *     npm run bench:embedded [-- WORK]
 *
 * WORK is the folder that `python3 -m training` worked in: its `classifier.pt` is the judge and its `data` says how good
 * that is. Without it, scores are left out. Bars: 256 px in 1.5 s with 8 steps and 3 s with 20, 512 px by two passes in 15 s, 60 MB.
 */
const RUNS = 3;
const LARGEST = 60e6;
const root = path.resolve(import.meta.dirname, '../..');
const room = path.join(root, 'native-models/embedded');
const work = process.argv[2];

const { compute } = await probeDevices({ launch, providers: ['cpu'] });
const job = embeddedJob(compute);
const twice = { width: 256, height: 256, strength: 0.35, method: 'lanczos' } as const;
const CASES: readonly [string, Partial<GenerateJob>, number][] = [
  ['256 px, 8 steps', { steps: 8 }, 1.5],
  ['256 px, 20 steps', {}, 3],
  ['512 px, two passes', { width: 512, height: 512, hires: twice }, 15],
];

const verdict = (held: boolean): string => (held ? 'held' : 'MISSED');
const [load = 0] = loadavg();
console.log(
  `${cpus().length} cores, load ${load.toFixed(1)}; ${compute.provider}, ${compute.threads} threads`,
);
for (const [name, changes, bar] of CASES) {
  // A host of its own: the first run of each starts the worker and loads every network.
  const host = createInferenceHost({ launch });
  const seconds: number[] = [];
  for (let seed = 0; seed <= RUNS; seed++) {
    const start = performance.now();
    await host.run({ ...job, ...changes, seed });
    seconds.push((performance.now() - start) / 1000);
  }
  await host.dispose();
  const [first = 0, ...warm] = seconds;
  const best = Math.min(...warm);
  console.log(
    `${name.padEnd(20)} ${best.toFixed(2)} s, ${first.toFixed(2)} s the first time in a new worker; the bar is ${bar} s: ${verdict(best < bar)}`,
  );
}

const bytes = readdirSync(room, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'))
  .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
console.log(
  `${'in the repository'.padEnd(20)} ${(bytes / 1e6).toFixed(1)} MB; the bar is ${LARGEST / 1e6} MB: ${verdict(bytes <= LARGEST)}`,
);

const python = (...words: readonly string[]): boolean =>
  spawnSync('python3', words, { cwd: room, stdio: ['ignore', 'inherit', 'ignore'] }).status === 0;
if (!python('-c', 'import torch')) {
  console.log('python3 has no PyTorch: no comparison and no scores. training/README.md says what is needed.');
} else {
  console.log('largest difference of our PyTorch implementation from the reference set, of 1e-3 at most:');
  if (!python('-m', 'training', 'verify')) console.log('verify: MISSED');
  if (work === undefined) {
    console.log('scores: name the folder with classifier.pt and data: npm run bench:embedded -- WORK');
  } else {
    const out = path.join(work, 'score.txt');
    const judge = ['--judge', path.join(work, 'classifier.pt'), '--data', path.join(work, 'data')];
    if (!python('-m', 'training', 'score', ...judge, '--out', out)) process.exitCode = 1;
  }
}
