import { type Page, test as base } from '@playwright/test';
import { StudioPage } from './studio-page.ts';
import { StudioProcess } from './studio-process.ts';

interface Fixtures {
  /** A studio of this test's own, where nobody was before. */
  freshProcess: StudioProcess;
  /** A page with a new sheet of 1024 × 1024, every setting and the library as at a first start. */
  studio: StudioPage;
}

interface WorkerFixtures {
  /** The studio that tests share; each has a document of its own. */
  process: StudioProcess;
}

/** Settings that a test may have changed. */
const SETTINGS = [
  'page.layout',
  'page.paint',
  'page.tools',
  'page.hud',
  'page.live',
  'page.pressure',
  'page.shortcuts',
  'page.generation',
  'page.adapters',
  'page.aids',
  'generation.staging',
];

/** Beside other tests a studio paints with one thread: two spin while they wait, at the cost of everybody. */
const threadsOf = ({ name }: { readonly name: string }): number | null => (name === 'together' ? 1 : null);

/** Playwright's test with a studio and its page. A page that throws, or reaches beyond its studio, fails the test. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  process: [
    // Playwright reads the first parameter's names, so it has to be a pattern.
    async ({ browserName: _browser }, provide, { project }) => {
      const studio = await StudioProcess.start(threadsOf(project));
      await provide(studio);
      await studio.dispose();
    },
    { scope: 'worker' },
  ],
  freshProcess: async ({ browserName: _browser }, provide, { project }) => {
    const studio = await StudioProcess.start(threadsOf(project));
    await provide(studio);
    await studio.dispose();
  },
  studio: async ({ page, process }, provide) => {
    const faults = watchForFaults(page, process);
    const bridge = await process.connect();
    for (const key of SETTINGS) await bridge.request('settings.write', { key, value: null });
    const { folders } = await bridge.request('library.folders', {});
    for (const { path } of folders) await bridge.request('library.remove-folder', { path });
    const document = await bridge.request('documents.create', { name: 'Sheet', width: 1024, height: 1024 });
    await bridge.request('settings.write', { key: 'page.last-document', value: document.path });
    // Who has made it would hold it: the page is to paint on it.
    await bridge.request('documents.close', { documentId: document.id });
    const studio = new StudioPage(page, process);
    await studio.open();
    await provide(studio);
    // The studio that tests share keeps neither links nor documents of those that are over.
    await page.close();
    for (const { id } of await bridge.request('documents.list', {}))
      if (id !== null) await bridge.request('documents.close', { documentId: id }).catch(() => undefined);
    process.closeLinks();
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
