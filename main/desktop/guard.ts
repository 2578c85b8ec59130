import { app, type Session } from 'electron';
import { PAGE_ORIGIN } from './page-protocol.ts';

/** Schemes that never leave this machine. */
const LOCAL_SCHEMES: ReadonlySet<string> = new Set(['impasto:', 'blob:', 'data:', 'devtools:']);

/** Keeps every page where it is: no navigation but to itself, no further windows, no embedded pages. */
export function guardPages(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-frame-navigate', (event) => {
      // The page may load itself anew; nothing else.
      if (!event.isMainFrame || event.url !== `${PAGE_ORIGIN}/`) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** Putting a picture or words on the clipboard, which the page does when somebody copies. Reading it stays denied. */
const ALLOWED = 'clipboard-sanitized-write';

/** Denies permissions, devices, captures and every address outside this machine. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(permission === ALLOWED));
  session.setPermissionCheckHandler((_contents, permission) => permission === ALLOWED);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, decide) => decide({}));
  // Its dictionaries would be downloaded.
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: !isLocal(url) }));
  session.on('will-download', (event, item) => {
    // A picture that the page made itself may be saved.
    if (!item.getURL().startsWith('blob:')) event.preventDefault();
  });
}

function isLocal(url: string): boolean {
  return URL.canParse(url) && LOCAL_SCHEMES.has(new URL(url).protocol);
}
