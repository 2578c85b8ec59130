import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRunningStudio, PLAIN_REQUEST, type RunningStudio } from '../fixtures/run-studio.ts';
import { median } from '../fixtures/median.ts';

/**
 * From the request to the picture's pixels (embedded model, 256 px, 20 steps), computed and taken from the cache,
 * and as the first thing after a restart.
 *
 * Run: `node test/bench/cache.ts [runs]`. Bar: a warm repeat and one after a restart below 50 ms.
 */
const runs = Number(process.argv[2] ?? 5);
const folder = mkdtempSync(join(tmpdir(), 'impasto-bench-'));
const open = (cache: boolean): Promise<RunningStudio> => openRunningStudio({ cache, folder });

/** Milliseconds from the request until its pixels are there, and the pixels. */
async function paint(studio: RunningStudio): Promise<{ milliseconds: number; rgba: Uint8Array }> {
  const { milliseconds, raster } = await studio.paint(PLAIN_REQUEST);
  return { milliseconds, rgba: raster.rgba };
}

const show = (what: string, values: readonly number[]): void =>
  console.log(
    `${what}: median ${median(values).toFixed(1)} ms, ${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}, n = ${values.length}`,
  );

try {
  const without = await open(false);
  const first = await paint(without);
  const computed = [];
  const same = (rgba: Uint8Array): void => {
    if (!Buffer.from(first.rgba).equals(rgba))
      throw new Error('the pixels differ from those of the first run');
  };
  for (let run = 0; run < Math.min(runs, 3); run++) {
    const { milliseconds, rgba } = await paint(without);
    same(rgba);
    computed.push(milliseconds);
  }
  await without.close();

  let studio = await open(true);
  const filling = await paint(studio);
  same(filling.rgba);
  const warm = [];
  for (let run = 0; run < runs; run++) {
    const { milliseconds, rgba } = await paint(studio);
    same(rgba);
    warm.push(milliseconds);
  }
  const restarted = [];
  for (let run = 0; run < runs; run++) {
    await studio.close();
    studio = await open(true);
    const { milliseconds, rgba } = await paint(studio);
    same(rgba);
    restarted.push(milliseconds);
  }
  await studio.close();

  const [load = 0] = loadavg();
  console.log(`${cpus().length} cores, load ${load.toFixed(1)}; every picture equal to the bit`);
  show('computed, model warm', computed);
  show('repeat from the cache', warm);
  show('repeat from the cache, first thing after a restart', restarted);
} finally {
  rmSync(folder, { recursive: true });
}
