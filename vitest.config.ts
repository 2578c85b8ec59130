import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,inference,faults,gpu,desktop}/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
});
