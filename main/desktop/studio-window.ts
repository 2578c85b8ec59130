import { join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import type { Installation } from '../hosting/installation.ts';
import { PAGE_ORIGIN } from './page-protocol.ts';

/** A page that dies this often in a row within a minute stays down. */
const MAX_RELOADS = 3;

/** Opens a window with the studio's page: sandboxed, isolated, without Node. */
export function openStudioWindow({ preload, resources }: Installation): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 960,
    minHeight: 540,
    show: false,
    title: 'Impasto',
    // The pasteboard's grey, until the page draws itself.
    backgroundColor: '#1b1b1b',
    ...(process.platform === 'linux' ? { icon: join(resources, 'icons', '256x256.png') } : {}),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      devTools: !app.isPackaged,
    },
  });
  window.setMenuBarVisibility(false);
  window.once('ready-to-show', () => window.show());
  askBeforeLosing(window);
  reviveDeadPage(window);
  void window.loadURL(`${PAGE_ORIGIN}/`);
  return window;
}

/** A page that still has something to save asks; Electron alone would leave the window without a word. */
function askBeforeLosing(window: BrowserWindow): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const choice = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: 'Something is not finished yet.',
      detail: 'Strokes that are on disk are safe either way.',
      buttons: ['Stay', 'Close anyway'],
      defaultId: 0,
      cancelId: 0,
    });
    if (choice === 1) event.preventDefault();
  });
}

/** Loads the page anew when its process died; documents are in the studio, not in the page. */
function reviveDeadPage(window: BrowserWindow): void {
  let deaths: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    deaths = [...deaths.filter((time) => Date.now() - time < 60_000), Date.now()];
    if (deaths.length <= MAX_RELOADS) window.reload();
    else
      dialog.showErrorBox(
        'The page stopped',
        `It ended ${deaths.length} times (${reason}). Your documents are safe; start Impasto again.`,
      );
  });
}
