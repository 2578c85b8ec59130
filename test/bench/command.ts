import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../fixtures/median.ts';

/**
 * Wall time of the whole command `impasto generate` (256 px, 20 steps, the model that ships), from the built bundle, with
 * a data folder that has been used once. Compared with starting Node on nothing, in the same run.
 *
 * Run: `npm run build && node test/bench/command.ts [runs]`. Bar: below 4 s on 2 cores.
 */
const runs = Number(process.argv[2] ?? 5);
const entry = join(import.meta.dirname, '../../out/main/impasto.js');
if (!existsSync(entry)) {
  console.error(`${entry} is missing: run "npm run build" first.`);
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'impasto-bench-'));

function seconds(args: readonly string[]): number {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, IMPASTO_DATA: join(folder, 'data') },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return (performance.now() - begun) / 1000;
}

try {
  const generate = [
    entry,
    'generate',
    '--no-cache',
    '--prompt',
    'a red sailboat on the sea at sunset',
    '--seed',
    '1',
    '--out',
    join(folder, 'out.png'),
  ];
  const first = seconds(generate);
  const whole = Array.from({ length: runs }, () => seconds(generate));
  const bare = Array.from({ length: runs }, () => seconds(['-e', '0']));
  const [load = 0] = loadavg();
  console.log(`${cpus().length} cores, load ${load.toFixed(1)}`);
  console.log(`first run, devices tried and model hashed: ${first.toFixed(2)} s`);
  console.log(`median of ${runs}: ${median(whole).toFixed(2)} s, best ${Math.min(...whole).toFixed(2)} s`);
  console.log(
    `starting Node on nothing: ${median(bare).toFixed(2)} s, a ratio of ${(median(whole) / median(bare)).toFixed(1)}`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
