import { basename, dirname, extname, join } from 'node:path';
import { BrowserWindow, dialog, type OpenDialogOptions, type WebContents } from 'electron';
import type { DialogKind } from '../../preload/contract/channels.ts';

const PICTURES = {
  name: 'Documents and pictures',
  extensions: [
    'impasto',
    'psd',
    'psb',
    'ora',
    'kra',
    'xcf',
    'png',
    'jpg',
    'jpeg',
    'webp',
    'avif',
    'tif',
    'tiff',
    'gif',
    'exr',
  ],
};
const DOCUMENTS = { name: 'Impasto documents', extensions: ['impasto'] };
// A diffusers folder is chosen by the file that makes it one: no platform's dialog offers files and folders alike.
const MODELS = {
  name: 'Models (.safetensors, or model_index.json of a folder)',
  extensions: ['safetensors', 'json'],
};

/** Native file dialogs that start in the documents folder. */
export function createDialogs(
  documentsFolder: string,
): (kind: DialogKind, suggestedName: string, sender: WebContents) => Promise<string | null> {
  return async (kind, suggestedName, sender) => {
    const window = BrowserWindow.fromWebContents(sender);
    if (window === null) return null;
    switch (kind) {
      case 'open-document':
        return chooseFile(window, {
          defaultPath: documentsFolder,
          filters: [PICTURES, DOCUMENTS],
          properties: ['openFile'],
        });
      case 'open-model': {
        const path = await chooseFile(window, { filters: [MODELS], properties: ['openFile'] });
        return path !== null && basename(path) === 'model_index.json' ? dirname(path) : path;
      }
      case 'choose-folder':
        return chooseFile(window, { properties: ['openDirectory'] });
      case 'save-document': {
        const { canceled, filePath } = await dialog.showSaveDialog(window, {
          // A suggestion is a name, never a way to another folder.
          defaultPath: join(documentsFolder, basename(suggestedName) || 'Untitled.impasto'),
          filters: [DOCUMENTS],
          properties: ['createDirectory', 'showOverwriteConfirmation'],
        });
        return canceled || filePath === '' ? null : filePath;
      }
      case 'export-file': {
        const name = basename(suggestedName) || 'Untitled.png';
        const extension = extname(name).slice(1);
        const { canceled, filePath } = await dialog.showSaveDialog(window, {
          defaultPath: join(documentsFolder, name),
          filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
          properties: ['createDirectory', 'showOverwriteConfirmation'],
        });
        return canceled || filePath === '' ? null : filePath;
      }
      default:
        return kind satisfies never;
    }
  };
}

async function chooseFile(window: BrowserWindow, options: OpenDialogOptions): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options);
  return canceled ? null : (filePaths[0] ?? null);
}
