import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,inference,faults,gpu,desktop}/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A shared machine may stall for seconds. What fails twice has failed.
    retry: process.env['CI'] ? 1 : 0,
    reporters: ['default'],
  },
});
