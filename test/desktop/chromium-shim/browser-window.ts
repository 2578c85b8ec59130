import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { CDPSession, Frame, Page } from 'playwright';
import { app } from './app.ts';
import { browserContext } from './chromium.ts';
import { ipcMain } from './ipc-main.ts';
import { installPageWorld, installPreloadWorld } from './page-worlds.ts';
import { record } from './record.ts';
import { session, toBrowserUrl, toStudioUrl } from './session.ts';

interface WindowOptions {
  webPreferences?: { preload?: string };
}

/** What a page shows and says. */
class ShimWebContents extends EventEmitter {
  readonly mainFrame = { url: '' };
  private openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  private cdp: CDPSession | undefined;
  private preloadContext: number | undefined;

  setWindowOpenHandler(handler: ShimWebContents['openHandler']): void {
    this.openHandler = handler;
  }

  mayOpen(url: string): boolean {
    return this.openHandler({ url }).action === 'allow';
  }

  /** True when no listener of a navigation objects. */
  mayNavigate(url: string): boolean {
    let prevented = false;
    const event = { url, isMainFrame: true, preventDefault: () => (prevented = true) };
    this.emit('will-frame-navigate', event);
    this.emit('will-navigate', event);
    return !prevented;
  }

  send(channel: string, value: unknown): void {
    void this.toPreload({ channel, value: pack(value) });
  }

  /** Puts bridge and preload into a page, before any of its own scripts. */
  async attach(page: Page, preload: string | undefined): Promise<void> {
    const cdp = await page.context().newCDPSession(page);
    this.cdp = cdp;
    await cdp.send('Page.enable');
    await cdp.send('Runtime.enable');
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === 'preload') this.preloadContext = context.id;
    });
    cdp.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === 'shimToMain') void this.invoke(JSON.parse(payload) as Invocation);
    });
    await cdp.send('Runtime.addBinding', { name: 'shimToMain', executionContextName: 'preload' });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${installPageWorld.toString()})()` });
    if (preload === undefined) return;
    const source = readFileSync(preload, 'utf8');
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
      worldName: 'preload',
      source: `(${installPreloadWorld.toString()})((require, process, exports = {}, module = { exports }) => {${source}\n})`,
    });
  }

  private async invoke({ id, channel, args }: Invocation): Promise<void> {
    const event = { sender: this, senderFrame: this.mainFrame };
    try {
      const handler = ipcMain.handlers.get(channel);
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
      await this.toPreload({ id, value: pack(await handler(event, ...args.map(unpack))) });
    } catch (error) {
      await this.toPreload({ id, error: `Error invoking remote method '${channel}': ${String(error)}` });
    }
  }

  private async toPreload(message: unknown): Promise<void> {
    await this.cdp
      ?.send('Runtime.evaluate', {
        contextId: this.preloadContext ?? 0,
        expression: `shimFromMain(${JSON.stringify(message)})`,
      })
      .catch(() => {});
  }
}

interface Invocation {
  id: number;
  channel: string;
  args: unknown[];
}

const windows = new Set<BrowserWindow>();

/** A window: one page of the browser. */
export class BrowserWindow extends EventEmitter {
  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }

  static fromWebContents(contents: unknown): BrowserWindow | null {
    return [...windows].find((window) => window.webContents === contents) ?? null;
  }

  readonly webContents = new ShimWebContents();
  readonly page: Promise<Page>;

  constructor(options: WindowOptions = {}) {
    super();
    windows.add(this);
    record('window', options);
    app.emit('web-contents-created', {}, this.webContents);
    this.page = this.open(options);
  }

  private async open(options: WindowOptions): Promise<Page> {
    const context = await browserContext();
    const page = await context.newPage();
    await page.route('**/*', async (route) => {
      const request = route.request();
      const moves = request.isNavigationRequest() && this.started;
      if (moves && !this.webContents.mayNavigate(toStudioUrl(request.url()))) await route.abort('aborted');
      else await session.defaultSession.answer(route);
    });
    page.on('framenavigated', (frame: Frame) => {
      if (frame === page.mainFrame()) this.webContents.mainFrame.url = toStudioUrl(frame.url());
    });
    page.on('popup', (popup) => {
      record('popup', popup.url());
      if (!this.webContents.mayOpen(popup.url())) void popup.close();
    });
    page.on('pageerror', (error) => record('pageerror', String(error)));
    page.on('console', (message) => record('console', `${message.type()}: ${message.text()}`));
    page.on('close', () => {
      windows.delete(this);
      this.emit('closed');
      if (windows.size === 0) app.lastWindowGone();
    });
    await this.webContents.attach(page, options.webPreferences?.preload);
    return page;
  }

  /** Navigations after the first are the page's own. */
  private started = false;

  async loadURL(url: string): Promise<void> {
    const page = await this.page;
    await page.goto(toBrowserUrl(url));
    this.started = true;
    this.emit('ready-to-show');
  }

  show(): void {
    record('show', null);
  }

  setMenuBarVisibility(): void {}

  isMinimized(): boolean {
    return false;
  }

  focus(): void {
    record('focus', null);
  }

  close(): void {
    void this.page.then((page) => page.close());
  }
}

/** Bytes as text, for the way through the debugger's protocol. */
function pack(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(pack);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, pack(inner)]));
}

function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (value === null || typeof value !== 'object') return value;
  if ('$bytes' in value) return new Uint8Array(Buffer.from(String(value.$bytes), 'base64'));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unpack(inner)]));
}
