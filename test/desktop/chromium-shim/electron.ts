import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { listenToTest } from './control.ts';
import { record } from './record.ts';

process.stdout.write(
  'SHIM: this is not Electron but a stand-in for it on Chromium; see test/desktop/chromium-shim/README.md\n',
);
listenToTest();

export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { ipcMain } from './ipc-main.ts';
export { protocol, session } from './session.ts';
export { utilityProcess } from './utility-process.ts';

export const crashReporter = { start: (options: unknown) => record('crashReporter.start', options) };

export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: (menu: unknown) => record('menu', JSON.parse(JSON.stringify(menu))),
};

export const dialog = {
  showOpenDialog: (_window: unknown, options: { properties?: readonly string[] }) => {
    record('showOpenDialog', options);
    const folder = options.properties?.includes('openDirectory') ?? false;
    return Promise.resolve({
      canceled: false,
      filePaths: [folder ? '/models' : '/models/toy/model_index.json'],
    });
  },
  showSaveDialog: (_window: unknown, options: unknown) => {
    record('showSaveDialog', options);
    return Promise.resolve({ canceled: true, filePath: '' });
  },
  showMessageBoxSync: () => 1,
  showErrorBox: (title: string, content: string) => record('showErrorBox', { title, content }),
};

app.windows = () => BrowserWindow.getAllWindows();
