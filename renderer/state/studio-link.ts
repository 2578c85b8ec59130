import type {
  FileDialogs,
  RequestName,
  RequestParams,
  RequestResult,
  StudioEvent,
} from '../../preload/contract/index.ts';

/** What the page's parts need of the bridge; `renderer/bridge` supplies it in both hosts. */
export interface StudioLink {
  /** Asks the studio. @throws StudioError for every expected failure, `link/lost` while the link is down included. */
  request<N extends RequestName>(name: N, params: RequestParams<N>): Promise<RequestResult<N>>;
  /** Pixels that cannot be waited for: the page stands still until they are there. @throws StudioError */
  readPixelsNow(params: RequestParams<'documents.read-pixels'>): RequestResult<'documents.read-pixels'>;
  /** Calls back on every event until the returned function is called. */
  subscribe(listener: (event: StudioEvent) => void): () => void;
  /** Native file dialogs; null in a browser. */
  readonly dialogs: FileDialogs | null;
}
