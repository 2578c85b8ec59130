import { type Browser, type BrowserContext, chromium } from 'playwright';

/** Debian's Chromium, unless told otherwise. */
const EXECUTABLE = process.env['IMPASTO_CHROMIUM'] ?? '/usr/bin/chromium';

let started: Promise<{ browser: Browser; context: BrowserContext }> | undefined;

/** The one browser context that plays Electron's default session. */
export async function browserContext(): Promise<BrowserContext> {
  started ??= launch();
  return (await started).context;
}

export async function closeBrowser(): Promise<void> {
  await (await started)?.browser.close();
}

async function launch(): Promise<{ browser: Browser; context: BrowserContext }> {
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      '--no-sandbox',
      '--headless=new',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND',
    ],
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  // Pages that no window opened reach nothing at all.
  await context.route('**/*', (route) => route.abort());
  return { browser, context };
}
