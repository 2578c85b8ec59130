import type { StudioErrorData } from './errors.ts';
import type { RequestName, RequestParams, RequestResult, StudioEvent } from './requests.ts';

/** How an answer crosses the boundary: Electron's `invoke` keeps only an error's message, so errors travel as data. */
export type Envelope<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: StudioErrorData };

/**
 * `window.studio`: all that the page knows of the world outside. The preload exposes it in the desktop
 * studio, the WebSocket bridge builds the same in a browser.
 */
export interface StudioBridge {
  /** Never rejects: failures come back in the envelope. */
  request<N extends RequestName>(name: N, params: RequestParams<N>): Promise<Envelope<RequestResult<N>>>;
  /** The same for pixels that somebody needs at once: the page stands still until they are there. */
  readPixelsNow(
    params: RequestParams<'documents.read-pixels'>,
  ): Envelope<RequestResult<'documents.read-pixels'>>;
  /** Calls back on every event until the returned function is called. */
  subscribe(listener: (event: StudioEvent) => void): () => void;
  /** Native file dialogs; null in a browser, where the page shows its own list. */
  readonly dialogs: FileDialogs | null;
}

/** Native dialogs of the desktop studio; each resolves to a path, or null when dismissed. */
export interface FileDialogs {
  openDocument(): Promise<string | null>;
  openModel(): Promise<string | null>;
  /** A folder that holds models. */
  chooseFolder(): Promise<string | null>;
  saveDocument(suggestedName: string): Promise<string | null>;
  /** Where a file of another kind goes; asks before one is replaced. */
  exportFile(suggestedName: string): Promise<string | null>;
}
