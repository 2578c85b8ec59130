import { randomBytes } from 'node:crypto';
import { loadavg } from 'node:os';
import { HammingIndex } from '../../main/generation/near/hamming-index.ts';
import { median } from '../fixtures/median.ts';

/**
 * Looking up a 64-bit hash among many (synthetic, uniform), by how many bits may differ, beside comparing one by one.
 *
 * Run: `npm run bench:near [entries]`. Bar: below 5 ms among 1,000,000.
 */
const entries = Number(process.argv[2] ?? 1_000_000);
const LOOKUPS = 200;

const random = randomBytes(entries * 8);
const hashes = Array.from({ length: entries }, (_, i) => random.readBigUInt64LE(i * 8));
const begun = performance.now();
const index = new HammingIndex(hashes);
console.log(
  `${entries} entries, sorted in ${(performance.now() - begun).toFixed(0)} ms; load ${(loadavg()[0] ?? 0).toFixed(1)}`,
);

let worst = 0;
for (const within of [0, 4, 8, 11]) {
  const times: number[] = [];
  for (let i = 0; i < LOOKUPS; i++) {
    let wanted = hashes[(i * 7919) % entries] ?? 0n;
    for (let bit = 0; bit < within; bit++) wanted ^= 1n << BigInt((i * 13 + bit * 5) % 64);
    const from = performance.now();
    const found = index.find(wanted, within);
    times.push(performance.now() - from);
    if (!found.some(({ entry }) => hashes[entry] === hashes[(i * 7919) % entries]))
      throw new Error('not found');
  }
  worst = Math.max(worst, median(times));
  console.log(
    `within ${String(within).padStart(2)} bits: median ${median(times).toFixed(3)} ms, worst ${Math.max(...times).toFixed(2)} ms`,
  );
}
const from = performance.now();
let near = 0;
for (const hash of hashes) if (bits(hash ^ (hashes[0] ?? 0n)) <= 8) near += 1;
console.log(`one by one: ${(performance.now() - from).toFixed(0)} ms (${near} found)`);
console.log(`the bar is 5 ms: ${worst < 5 ? 'held' : 'MISSED'}`);

function bits(value: bigint): number {
  let count = 0;
  for (let rest = value; rest !== 0n; rest &= rest - 1n) count += 1;
  return count;
}
