import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { CHANNELS, type DialogKind } from '../../preload/contract/channels.ts';
import type { Envelope } from '../../preload/contract/index.ts';
import type { Studio } from '../studio/studio.ts';
import { createDocumentViews } from '../studio/document-views.ts';
import { PAGE_ORIGIN } from './page-protocol.ts';

/** What pages can reach. */
export interface IpcTargets {
  readonly studio: Promise<Pick<Studio, 'handle' | 'restDocument'>>;
  /** Shows a native dialog over the sender's window; null when it was dismissed. */
  readonly showDialog: (
    kind: DialogKind,
    suggestedName: string,
    sender: WebContents,
  ) => Promise<string | null>;
}

const FOREIGN: Envelope<never> = {
  ok: false,
  error: {
    code: 'studio/foreign-sender',
    message: 'This request did not come from the studio’s own page and was refused.',
    remedy: 'Close the window and open it anew.',
  },
};

const DIALOG_KINDS: ReadonlySet<unknown> = new Set<DialogKind>([
  'open-document',
  'open-model',
  'choose-folder',
  'save-document',
  'export-file',
]);

/** The one place where messages from pages arrive. Each is answered only if our own page sent it. */
export function listenToPages({ studio, showDialog }: IpcTargets): void {
  const views = createDocumentViews(async (id) => (await studio).restDocument(id));
  const pages = new Map<number, ReturnType<typeof views.follow>>();
  /** What answers a window's page, until the window is closed. */
  const handleFor = (sender: WebContents): ReturnType<typeof views.follow> => {
    const known = pages.get(sender.id);
    if (known) return known;
    const page = String(sender.id);
    const handle = views.follow(page, async (name, params) => (await studio).handle(name, params));
    pages.set(sender.id, handle);
    sender.once('destroyed', () => {
      pages.delete(sender.id);
      views.left(page);
    });
    return handle;
  };
  ipcMain.handle(CHANNELS.request, async (event, name: unknown, params: unknown) =>
    isOurPage(event) ? handleFor(event.sender)(name, params) : FOREIGN,
  );
  ipcMain.on(CHANNELS.pixels, (event, params: unknown) => {
    // The page stands still until this is set.
    const answer = isOurPage(event)
      ? studio.then((ready) => ready.handle('documents.read-pixels', params))
      : Promise.resolve(FOREIGN);
    void answer.then(
      (envelope) => (event.returnValue = envelope),
      () => (event.returnValue = FOREIGN),
    );
  });
  ipcMain.handle(CHANNELS.dialog, (event, kind: unknown, suggestedName: unknown) => {
    if (!isOurPage(event) || !DIALOG_KINDS.has(kind)) return null;
    const name = typeof suggestedName === 'string' ? suggestedName.slice(0, 200) : '';
    return showDialog(kind as DialogKind, name, event.sender);
  });
}

/** True for the top frame of a window that shows our page: not for frames inside it, nor for what it navigated to. */
function isOurPage({ senderFrame, sender }: Pick<IpcMainInvokeEvent, 'senderFrame' | 'sender'>): boolean {
  if (senderFrame === null || senderFrame !== sender.mainFrame) return false;
  return senderFrame.url === PAGE_ORIGIN || senderFrame.url.startsWith(`${PAGE_ORIGIN}/`);
}
