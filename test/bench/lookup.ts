import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryTier } from '../../main/generation/cache/memory-tier.ts';
import { openContentStore } from '../../main/generation/cache/content-store.ts';
import { median } from '../fixtures/median.ts';

/**
 * Looking a key up among many (synthetic): in memory, and in a folder of so many entries on disk, those that are there and
 * those that are not.
 *
 * Run: `node test/bench/lookup.ts [entries in memory] [entries on disk]`. Bar: below 1 ms among 1,000,000. A file is made
 * for each entry on disk, so fewer are made unless told: a million take about a minute and 4 GB of some file systems.
 */
const entries = Number(process.argv[2] ?? 1_000_000);
const files = Number(process.argv[3] ?? 100_000);
const LOOKUPS = 2000;
const keyOf = (i: number): string => createHash('sha256').update(`entry ${i}`).digest('hex');

let worst = 0;
function show(what: string, times: readonly number[]): void {
  const typical = median(times);
  worst = Math.max(worst, typical);
  console.log(`${what}: median ${typical.toFixed(4)} ms, worst ${Math.max(...times).toFixed(2)} ms`);
}
/** Milliseconds of each lookup of keys that are there, and of ones that are not. */
async function time(count: number, look: (key: string) => unknown): Promise<[number[], number[]]> {
  const both: [number[], number[]] = [[], []];
  for (let i = 0; i < LOOKUPS; i++) {
    for (const [which, key] of [keyOf((i * 7919) % count), keyOf(count + i)].entries()) {
      const from = performance.now();
      const found = await look(key);
      both[which]?.push(performance.now() - from);
      if (Boolean(found) !== (which === 0)) throw new Error('wrong answer');
    }
  }
  return both;
}

const memory = createMemoryTier<number>(entries * 8);
for (let i = 0; i < entries; i++) memory.put(keyOf(i), i + 1, 8, 1);
console.log(`${entries} entries in memory, ${files} on disk; load ${(loadavg()[0] ?? 0).toFixed(1)}`);
const [there, absent] = await time(entries, (key) => memory.get(key));
show('in memory, there', there);
show('in memory, absent', absent);

const folder = mkdtempSync(join(tmpdir(), 'impasto-bench-'));
try {
  const stages = join(folder, 'stages');
  const store = openContentStore(stages, Number.MAX_SAFE_INTEGER, { durable: false });
  await store.put(keyOf(0), new Uint8Array(64));
  mkdirSync(stages, { recursive: true });
  // Named as the store names them; whether one is there does not depend on what is in it.
  for (let i = 1; i < files; i++) writeFileSync(join(stages, keyOf(i)), '');
  const [known, unknown] = await time(files, (key) => store.has(key));
  show('on disk, there', known);
  show('on disk, absent', unknown);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`the bar is 1 ms: ${worst < 1 ? 'held' : 'MISSED'}`);
