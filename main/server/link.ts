import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { BEAT_FRAME, FrameError, readRequestFrame } from './frames.ts';
import type { FrameSink, Session } from './session.ts';

/** Bytes waiting to be sent above which lossy frames are held back and no more requests are read. */
const HIGH_WATER_BYTES = 8 * 1024 * 1024;
/** Requests of one page that may run at once; further ones wait in its socket. */
const MAX_RUNNING = 128;
/** Application's own close codes (RFC 6455 §7.4.2: 4000–4999). */
const CLOSE_MALFORMED = 4400;
const CLOSE_REPLACED = 4409;

/** One socket of one page. */
export interface Link {
  /** Ends it because the same page has linked anew. */
  replace(): void;
}

/** What a link is made of. */
export interface LinkOptions {
  readonly socket: WebSocket;
  /** The connection below, for its byte count. */
  readonly transport: Socket;
  readonly session: Session;
  /** Sent before anything else. */
  readonly welcome: Uint8Array;
  /** Milliseconds between signs of life; a link without any for two of them is dropped. */
  readonly beatMs: number;
  /** Hears why a link was dropped. */
  readonly log: (message: string) => void;
  readonly closed: () => void;
}

/**
 * Joins a socket and a session: requests in, answers and events out. When the page reads slowly, previews and
 * progress give way to the latest of their kind and no further requests are read until it has caught up.
 */
export function joinLink({ socket, transport, session, welcome, beatMs, log, closed }: LinkOptions): Link {
  const held = new Map<string, Uint8Array>();

  const congested = (): boolean => socket.bufferedAmount > HIGH_WATER_BYTES;
  const settle = (): void => {
    if (congested()) {
      socket.pause();
      return;
    }
    for (const [key, frame] of held) {
      held.delete(key);
      transmit(frame);
      if (congested()) return;
    }
    if (session.running < MAX_RUNNING) socket.resume();
  };
  function transmit(frame: Uint8Array): void {
    // A failed send closes the socket; 'close' tells.
    socket.send(frame, settle);
  }
  const sink: FrameSink = {
    send(frame, lossyKey) {
      if (lossyKey !== null && congested()) held.set(lossyKey, frame);
      else transmit(frame);
    },
  };

  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) {
      socket.close(1003, 'binary frames only');
      return;
    }
    try {
      // Not a Buffer: views of it that reach services must be plain arrays of bytes.
      const frame = readRequestFrame(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      void session.receive(frame).then(settle);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      log(`A page's message was refused. ${error.message}`);
      socket.close(CLOSE_MALFORMED, 'malformed frame');
      return;
    }
    if (session.running >= MAX_RUNNING || congested()) socket.pause();
  });
  socket.on('error', (error) => log(`A page's link failed: ${error.message}`));

  const stopBeat = keepAlive(socket, transport, beatMs, session);
  socket.on('close', () => {
    stopBeat();
    session.detach(sink);
    closed();
  });

  transmit(welcome);
  session.attach(sink);
  return { replace: () => socket.close(CLOSE_REPLACED, 'linked anew') };
}

/**
 * Pings, and drops a link that showed no life for two beats: no pong, no bytes, nothing taken of what waits to be
 * sent. Returns how to stop.
 */
function keepAlive(socket: WebSocket, transport: Socket, beatMs: number, session: Session): () => void {
  let read = transport.bytesRead;
  let buffered = 0;
  let silentBeats = 0;
  let answered = true;
  socket.on('pong', (data) => {
    answered = true;
    // Frames arrive in order: with the answer to a ping, everything sent before that ping has arrived.
    session.confirm(Number(data.toString()));
  });
  const timer = setInterval(() => {
    // A page in the middle of a large transfer answers no ping, and a paused socket reads no pong.
    const moves = transport.bytesRead !== read || socket.bufferedAmount < buffered;
    const quiet = socket.isPaused && socket.bufferedAmount === 0;
    silentBeats = answered || moves || quiet ? 0 : silentBeats + 1;
    read = transport.bytesRead;
    buffered = socket.bufferedAmount;
    if (silentBeats >= 2) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping(String(session.mark()));
    if (buffered === 0) socket.send(BEAT_FRAME);
  }, beatMs);
  return () => clearInterval(timer);
}
