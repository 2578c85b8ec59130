import { EventEmitter } from 'node:events';
import { closeBrowser } from './chromium.ts';
import { record } from './record.ts';

interface Closable {
  close(): void;
}

class ShimApp extends EventEmitter {
  readonly isPackaged = false;
  readonly commandLine = {
    appendSwitch: (name: string, value?: string) =>
      record('switch', value === undefined ? name : `${name}=${value}`),
  };
  readonly paths = new Map<string, string>();
  windows: () => readonly Closable[] = () => [];
  private quitting = false;

  setName(name: string): void {
    record('name', name);
  }

  setPath(name: string, path: string): void {
    this.paths.set(name, path);
    record('path', { name, path });
  }

  requestSingleInstanceLock(): boolean {
    return true;
  }

  whenReady(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Closes windows, then asks `will-quit`; either may put it off, as in Electron. */
  quit(): void {
    this.quitting = true;
    const windows = this.windows();
    if (windows.length > 0) for (const window of windows) window.close();
    else this.lastWindowGone();
  }

  /** Told by the last window. */
  lastWindowGone(): void {
    if (!this.quitting) {
      this.emit('window-all-closed');
      return;
    }
    let prevented = false;
    this.emit('will-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) this.exit(0);
  }

  exit(code = 0): void {
    void closeBrowser().finally(() => process.exit(code));
  }
}

export const app = new ShimApp();
