import {
  type Envelope,
  type EventName,
  type EventPayload,
  type FileDialogs,
  type RequestName,
  type RequestParams,
  type RequestResult,
  type StudioBridge,
  StudioError,
  type StudioEvent,
} from '../../preload/contract/index.ts';
import type { ConnectionView } from './connection.ts';

/** The studio, as the page uses it. */
export interface Bridge {
  /** Resolves to the result. @throws StudioError for every failure, with code, sentence and remedy. */
  request<N extends RequestName>(name: N, params: RequestParams<N>): Promise<RequestResult<N>>;
  /** Pixels that cannot be waited for: the page stands still until they are there. @throws StudioError */
  readPixelsNow(params: RequestParams<'documents.read-pixels'>): RequestResult<'documents.read-pixels'>;
  /** Calls back on every event until the returned function is called. */
  subscribe(listener: (event: StudioEvent) => void): () => void;
  /** Calls back on events of one name until the returned function is called. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  /** Native file dialogs; null in a browser. */
  readonly dialogs: FileDialogs | null;
  readonly connection: ConnectionView;
}

/** Compares what the studio said with the contract and says what does not fit, or null. */
export interface ContractCheck {
  result(name: RequestName, value: unknown): string | null;
  event(event: StudioEvent): string | null;
}

/**
 * Wraps what either host exposes.
 *
 * @param check null to take the studio's word for it, as a shipped page does.
 */
export function createBridge(
  studio: StudioBridge,
  connection: ConnectionView,
  check: ContractCheck | null,
): Bridge {
  const subscribe: Bridge['subscribe'] = (listener) =>
    studio.subscribe((event) => {
      const fault = check?.event(event) ?? null;
      if (fault !== null) throw new TypeError(`The event ${event.name} breaks the contract: ${fault}`);
      listener(event);
    });
  return {
    async request(name, params) {
      const envelope: Envelope<RequestResult<typeof name>> = await studio.request(name, params);
      if (!envelope.ok) throw StudioError.from(envelope.error);
      const fault = check?.result(name, envelope.value) ?? null;
      if (fault !== null) throw new TypeError(`The answer to ${name} breaks the contract: ${fault}`);
      return envelope.value;
    },
    readPixelsNow(params) {
      const envelope = studio.readPixelsNow(params);
      if (!envelope.ok) throw StudioError.from(envelope.error);
      return envelope.value;
    },
    subscribe,
    on(name, listener) {
      return subscribe((event) => {
        // The name decides the payload's type; TypeScript cannot narrow one generic by another.
        if (event.name === name) listener(event.payload as EventPayload<typeof name>);
      });
    },
    dialogs: studio.dialogs,
    connection,
  };
}
