import { app } from 'electron';
import { studioFolders } from '../hosting/folders.ts';
import { prepareApp } from './prepare-app.ts';
import { runDesktop } from './run-desktop.ts';

// The desktop host, top to bottom: settings that precede readiness, one instance, the studio in a window.
const folders = studioFolders();
prepareApp(folders.data);
if (app.requestSingleInstanceLock()) {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
  void app.whenReady().then(() => runDesktop(folders));
} else {
  app.quit();
}
