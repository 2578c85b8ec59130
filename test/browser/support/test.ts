import { type Page, test as base } from '@playwright/test';
import { StudioPage } from './studio-page.ts';
import { StudioProcess } from './studio-process.ts';

interface Fixtures {
  /** A studio of this test's own. */
  process: StudioProcess;
  /** A page of it, open and ready to paint. */
  studio: StudioPage;
}

/** Playwright's test with a studio and its page. A page that throws, or reaches beyond its studio, fails the test. */
export const test = base.extend<Fixtures>({
  // Playwright reads the first parameter's names, so it has to be a pattern.
  process: async ({ browserName: _browser }, use) => {
    const studio = await StudioProcess.start();
    await use(studio);
    await studio.dispose();
  },
  studio: async ({ page, process }, use) => {
    const faults = watchForFaults(page, process);
    const studio = new StudioPage(page, process);
    await studio.open();
    await use(studio);
    if (faults.length > 0) throw new Error(`The page has faults:\n${faults.join('\n')}`);
  },
});

function watchForFaults(page: Page, process: StudioProcess): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
  page.on('request', (request) => {
    const url = request.url();
    const own = url.startsWith(process.origin) || /^(data|blob):/.test(url);
    if (!own) faults.push(`It asked for ${url}`);
  });
  return faults;
}

export { expect } from '@playwright/test';
