import { app, BrowserWindow, dialog, session } from 'electron';
import { StudioError } from '../../preload/contract/index.ts';
import { CHANNELS } from '../../preload/contract/channels.ts';
import type { StudioFolders } from '../hosting/folders.ts';
import { locateInstallation } from '../hosting/installation.ts';
import { createStudio, type Studio } from '../studio/studio.ts';
import { createDialogs } from './dialogs.ts';
import { guardPages, guardSession } from './guard.ts';
import { listenToPages } from './ipc.ts';
import { launchUtility } from './launch-utility.ts';
import { installMenu } from './menu.ts';
import { servePageScheme } from './page-protocol.ts';
import { openStudioWindow } from './studio-window.ts';
import { checkForUpdates } from './updates.ts';

/** Longest that closing documents and the worker may hold up the end of the program. */
const CLOSE_WITHIN_MS = 15_000;

const log = (message: string): void => void process.stderr.write(`${message}\n`);

/** Runs the desktop studio from Electron being ready until the last window is closed. */
export async function runDesktop(folders: StudioFolders): Promise<void> {
  try {
    await open(folders);
  } catch (error) {
    const { message, remedy } = error instanceof StudioError ? error : { message: String(error), remedy: '' };
    log(error instanceof Error ? (error.stack ?? message) : message);
    dialog.showErrorBox('Impasto cannot start', `${message}\n\n${remedy}`);
    app.exit(1);
  }
}

async function open(folders: StudioFolders): Promise<void> {
  const installation = locateInstallation();
  guardPages();
  guardSession(session.defaultSession);
  installMenu();
  // Services start while the page loads; its first request waits for them.
  const studio = createStudio({
    host: 'desktop',
    version: installation.version,
    dataFolder: folders.data,
    documentsFolder: folders.documents,
    embeddedModelFolder: installation.embeddedModel,
    launch: launchUtility(installation.entries),
    log,
    repeatFromCache: true,
    keepQueue: true,
  });
  // Awaited below; a failure before that must not count as unheard.
  studio.catch(() => {});
  listenToPages({ studio, showDialog: createDialogs(folders.documents) });
  await servePageScheme(installation.page);
  openStudioWindow(installation);
  app.on('second-instance', () => showWindow() ?? openStudioWindow(installation));
  app.on('activate', () => showWindow() ?? openStudioWindow(installation));
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  const ready = await studio;
  ready.subscribe((event) => {
    for (const window of BrowserWindow.getAllWindows()) window.webContents.send(CHANNELS.event, event);
  });
  closeBeforeQuit(ready);
  await checkForUpdates(ready, log);
}

/** Brings the open window to the front; null when there is none. */
function showWindow(): BrowserWindow | null {
  const window = BrowserWindow.getAllWindows()[0];
  if (window === undefined) return null;
  if (window.isMinimized()) window.restore();
  window.focus();
  return window;
}

/** Holds up the end of the program until the studio has closed every file. */
function closeBeforeQuit(studio: Studio): void {
  let closed = false;
  let closing = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    if (closing) return;
    closing = true;
    const deadline = setTimeout(() => app.exit(1), CLOSE_WITHIN_MS);
    studio
      .close()
      .catch((error: unknown) => log(`Closing failed: ${String(error)}`))
      .finally(() => {
        clearTimeout(deadline);
        closed = true;
        app.quit();
      });
  });
}
