import type { Route } from 'playwright';
import { record } from './record.ts';

type Decide<T> = (value: T) => void;
type ProtocolHandler = (request: Request) => Promise<Response>;

const SHIM_ORIGIN = 'http://studio.localhost';
const PAGE_ORIGIN = 'impasto://studio';
const handlers = new Map<string, ProtocolHandler>();

/** An address as the browser has it ↔ as the studio has it. */
export const toBrowserUrl = (url: string): string => url.replace(PAGE_ORIGIN, SHIM_ORIGIN);
export const toStudioUrl = (url: string): string => url.replace(SHIM_ORIGIN, PAGE_ORIGIN);

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown) => record('schemes', schemes),
  handle: (scheme: string, handler: ProtocolHandler) => void handlers.set(scheme, handler),
};

class ShimSession {
  private beforeRequest: (details: { url: string }, decide: Decide<{ cancel: boolean }>) => void = (
    _,
    decide,
  ) => decide({ cancel: false });
  permission: (contents: null, permission: string, decide: Decide<boolean>) => void = (_, __, decide) =>
    decide(true);

  readonly webRequest = {
    onBeforeRequest: (listener: ShimSession['beforeRequest']) => void (this.beforeRequest = listener),
  };

  setPermissionRequestHandler(handler: ShimSession['permission']): void {
    this.permission = handler;
  }

  setPermissionCheckHandler(handler: () => boolean): void {
    record('permissionCheck', handler());
  }

  setDevicePermissionHandler(handler: () => boolean): void {
    record('devicePermission', handler());
  }

  setDisplayMediaRequestHandler(): void {}

  setSpellCheckerEnabled(enabled: boolean): void {
    record('spellChecker', enabled);
  }

  on(): void {}

  /** Lets the studio's own handlers answer a request of the browser. */
  async answer(route: Route): Promise<void> {
    const url = toStudioUrl(route.request().url());
    const cancelled = await new Promise<boolean>((resolve) =>
      this.beforeRequest({ url }, ({ cancel }) => resolve(cancel)),
    );
    const handler = handlers.get(new URL(url).protocol.slice(0, -1));
    record('request', { url, cancelled });
    if (cancelled || handler === undefined) {
      await route.abort('blockedbyclient');
      return;
    }
    const response = await handler(new Request(url, { method: route.request().method() }));
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }
}

export const session = { defaultSession: new ShimSession() };
