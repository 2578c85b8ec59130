import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';
const ALONE = /@alone/;

/**
 * Specs that drive the built studio: `test/browser` in Chromium against the headless host, `test/desktop` in Electron where
 * its binary is found. Tests of a worker share a studio, each with a document of its own. Two workers share a machine of
 * two cores, as a page mostly waits; what measures time or follows a clock is tagged `@alone` and runs by itself:
 * `npm run test:pages` runs the one project after the other.
 */
export default defineConfig({
  testDir: 'test',
  testMatch: ['browser/**/*.spec.ts', 'desktop/**/*.spec.ts'],
  outputDir: 'test-results',
  workers: 2,
  projects: [
    { name: 'together', grepInvert: ALONE },
    { name: 'alone', grep: ALONE, workers: 1 },
  ],
  fullyParallel: false,
  // What is waited for comes, or does not: how soon is the machine's affair.
  timeout: 240_000,
  // A shared machine may stall for seconds; a test that passes only then is listed as flaky.
  retries: process.env['CI'] ? 2 : 0,
  expect: { timeout: 45_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1,
    actionTimeout: 45_000,
    launchOptions: {
      ...(existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {}),
      args: [
        '--no-sandbox',
        // The browser looks up its maker's hosts at every start; here it finds none.
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
        '--headless=new',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
