import type { IpcRenderer, IpcRendererEvent } from 'electron';
import { CHANNELS, type DialogKind } from './contract/channels.ts';
import type { Envelope, RequestResult, StudioBridge, StudioEvent } from './contract/index.ts';

/** The part of Electron's `ipcRenderer` that the bridge uses; it never reaches the page. */
export type Ipc = Pick<IpcRenderer, 'invoke' | 'sendSync' | 'on' | 'off'>;

/** `window.studio` over Electron's messages. Every function takes data and returns data. */
export function createDesktopBridge(ipc: Ipc): StudioBridge {
  const ask = (kind: DialogKind, suggestedName?: string): Promise<string | null> =>
    ipc.invoke(CHANNELS.dialog, kind, suggestedName) as Promise<string | null>;
  return {
    async request(name, params) {
      type Answer = Envelope<RequestResult<typeof name>>;
      try {
        return (await ipc.invoke(CHANNELS.request, name, params)) as Answer;
      } catch (error) {
        // Parameters that cannot be cloned, or a host that is closing.
        return { ok: false, error: unreachable(error) };
      }
    },
    readPixelsNow(params) {
      try {
        return ipc.sendSync(CHANNELS.pixels, params) as Envelope<RequestResult<'documents.read-pixels'>>;
      } catch (error) {
        return { ok: false, error: unreachable(error) };
      }
    },
    subscribe(listener) {
      // Electron's own event object must not reach the page: it carries the sender.
      const own = (_event: IpcRendererEvent, event: StudioEvent): void => listener(event);
      ipc.on(CHANNELS.event, own);
      return () => void ipc.off(CHANNELS.event, own);
    },
    dialogs: {
      openDocument: () => ask('open-document'),
      openModel: () => ask('open-model'),
      chooseFolder: () => ask('choose-folder'),
      saveDocument: (suggestedName) => ask('save-document', suggestedName),
      exportFile: (suggestedName) => ask('export-file', suggestedName),
    },
  };
}

function unreachable(error: unknown): { code: string; message: string; remedy: string } {
  return {
    code: 'link/unreachable',
    message: `The studio could not be asked: ${error instanceof Error ? error.message : String(error)}.`,
    remedy: 'Try again; if it stays, close the window and open it anew.',
  };
}
