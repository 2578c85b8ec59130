import type { Envelope, RequestResult, StudioBridge, StudioEvent } from '../../preload/contract/index.ts';
import { type ConnectionView, createConnection, type LostConnection } from './connection.ts';
import { readFrame } from './frames.ts';
import { LINK_FAILURES, tooLarge } from './link-errors.ts';
import { createRequestQueue } from './request-queue.ts';
import { retryDelay } from './retry-delay.ts';

/** Milliseconds without any frame after which a link counts as lost; the host sends one every 15 s. */
const SILENCE_MS = 45_000;
/** The same while requests wait: a large answer may take its time, and no frame arrives before it is whole. */
const SILENCE_BUSY_MS = 180_000;
/** Milliseconds within which the host's first frame has to be there; a try that takes longer is given up. */
const WELCOME_MS = 15_000;
/** The host's own close codes. */
const CLOSE_MALFORMED = 4400;
const CLOSE_TOO_LARGE = 1009;
/** "Try again later" (RFC 6455 registry): no more pages; the reason is a sentence. */
const CLOSE_FULL = 1013;

/** What a socket bridge needs of the world. */
export interface SocketBridgeOptions {
  /** Opens a socket to the studio with these query parameters and subprotocols. */
  open(query: string, protocols: string[]): WebSocket;
  readonly token: string;
  /** Reads an address of the studio with the token, standing still meanwhile. @throws when it does not answer. */
  readNow(path: string, token: string): ArrayBuffer;
  /** Whether the host knows the token; null when it does not answer. Asked when a socket did not open. */
  isKnown(token: string): Promise<boolean | null>;
  /** Random id of this page's session; a reload makes a new one. */
  readonly sessionId: string;
  readonly silenceMs?: number;
}

/** A bridge over a WebSocket, and how its link stands. */
export interface SocketBridge extends StudioBridge {
  readonly connection: ConnectionView;
  /** Ends it for good; what waits stays without an answer. */
  close(): void;
}

/** Links a page to the headless host, and links it again whenever the link drops. */
export function createSocketBridge(options: SocketBridgeOptions): SocketBridge {
  const queue = createRequestQueue();
  const listeners = new Set<(event: StudioEvent) => void>();
  const connection = createConnection(firstTry(), dial);
  let socket: WebSocket | null = null;
  let ready = false;
  let everReady = false;
  let failures = 0;
  let maxFrameBytes = Number.POSITIVE_INFINITY;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function dial(): void {
    if (closed || socket !== null) return;
    clearTimeout(retryTimer);
    const own = options.open(`?session=${options.sessionId}`, [
      'impasto.v1',
      `impasto.token.${options.token}`,
    ]);
    own.binaryType = 'arraybuffer';
    socket = own;
    watchSilence(own);
    own.addEventListener('message', ({ data }: MessageEvent) => {
      if (socket !== own || !(data instanceof ArrayBuffer)) return;
      receive(own, data);
      watchSilence(own);
    });
    own.addEventListener('close', ({ code, reason }: CloseEvent) => {
      if (socket === own) void drop(code, reason);
    });
  }

  function watchSilence(own: WebSocket): void {
    clearTimeout(silenceTimer);
    const patience = !ready ? WELCOME_MS : queue.size > 0 ? SILENCE_BUSY_MS : SILENCE_MS;
    silenceTimer = setTimeout(() => {
      own.close();
      // The other end may be gone for good; its half of the close is not waited for.
      if (socket === own) void drop(1006);
    }, options.silenceMs ?? patience);
  }

  function receive(own: WebSocket, data: ArrayBuffer): void {
    const frame = readFrame(data);
    // Everything was copied out of it; the collector takes its time with megabytes that scripts do not see.
    data.transfer(0);
    switch (frame.kind) {
      case 'welcome':
        if (everReady && !frame.resumed) queue.settleAll(LINK_FAILURES.restarted);
        maxFrameBytes = frame.maxFrameBytes;
        ready = true;
        everReady = true;
        failures = 0;
        for (const waiting of queue.frames()) own.send(waiting);
        connection.set({ state: 'open' });
        break;
      case 'answer':
        queue.settle(frame.id, frame.envelope);
        break;
      case 'event':
        for (const listener of listeners) listener(frame.event);
        break;
      case 'other':
        break;
      default:
        frame satisfies never;
    }
  }

  async function drop(code: number, reason = ''): Promise<void> {
    const wasReady = ready;
    clearTimeout(silenceTimer);
    socket = null;
    ready = false;
    if (code === CLOSE_MALFORMED || code === CLOSE_TOO_LARGE) queue.settleAll(LINK_FAILURES.malformed);
    if (closed) return;
    const before = connection.read();
    const delay = retryDelay(failures, Math.random());
    failures += 1;
    connection.set({
      state: 'lost',
      since: before.state === 'lost' ? before.since : Date.now(),
      retryAt: Date.now() + delay,
      waiting: queue.size,
      tried: true,
      full: code === CLOSE_FULL ? reason : null,
    });
    retryTimer = setTimeout(dial, delay);
    if (!wasReady && (await options.isKnown(options.token)) === false) giveUp();
  }

  function giveUp(): void {
    closed = true;
    clearTimeout(retryTimer);
    socket?.close();
    socket = null;
    const { message, remedy } = LINK_FAILURES.refused.error;
    connection.set({ state: 'refused', message, remedy });
    queue.settleAll(LINK_FAILURES.refused);
  }

  dial();
  return {
    async request(name, params) {
      type Answer = Envelope<RequestResult<typeof name>>;
      if (connection.read().state === 'refused') return LINK_FAILURES.refused;
      const { id, frame, answer } = queue.add(name, params);
      if (frame.byteLength > maxFrameBytes) queue.settle(id, tooLarge(frame.byteLength, maxFrameBytes));
      else if (ready) socket?.send(frame);
      const state = connection.read();
      if (state.state === 'lost') connection.set({ ...state, waiting: queue.size });
      return (await answer) as Answer;
    },
    readPixelsNow({ documentId, hashes }) {
      const query = new URLSearchParams({ document: documentId, hashes: hashes.join(',') });
      try {
        const frame = readFrame(options.readNow(`/pixels?${query}`, options.token));
        if (frame.kind === 'answer') return frame.envelope as Envelope<Uint8Array[]>;
      } catch {
        // No answer is an answer too.
      }
      return LINK_FAILURES.silent;
    },
    subscribe(listener) {
      const own = (event: StudioEvent): void => listener(event);
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
    dialogs: null,
    connection,
    close() {
      closed = true;
      clearTimeout(retryTimer);
      clearTimeout(silenceTimer);
      socket?.close();
    },
  };
}

function firstTry(): LostConnection {
  const now = Date.now();
  return { state: 'lost', since: now, retryAt: now, waiting: 0, tried: false, full: null };
}
