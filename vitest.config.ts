import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      // Units share their processes: reading the sources anew for each of 190 files took a quarter of their time. They hold with
      // their files in any order (--sequence.shuffle.files).
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], isolate: false } },
      {
        extends: true,
        test: { name: 'processes', include: ['test/{inference,faults,gpu,desktop}/**/*.test.ts'] },
      },
    ],
    pool: 'forks',
    // All cores of a small machine: what most tests wait for is another process.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    env: {
      // Hundreds of processes are started from the TypeScript sources; each would strip and compile them anew.
      NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compile'),
      // Threads of a network wait for one another by spinning: where test files run beside one another, two threads each
      // take three times the processor time of one. Long runs are timed, with the threads of a user.
      IMPASTO_THREADS: process.env['IMPASTO_THREADS'] ?? (process.env['IMPASTO_LONG'] ? '' : '1'),
    },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for comes, or does not: how soon is the machine's affair.
    expect: { poll: { timeout: 30_000 } },
    // A shared machine may stall for seconds. What fails twice has failed.
    retry: process.env['CI'] ? 1 : 0,
    reporters: ['default'],
  },
});
