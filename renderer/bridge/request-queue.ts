import type { Envelope } from '../../preload/contract/index.ts';
import { packRequest } from './frames.ts';

interface Waiting {
  readonly frame: Uint8Array<ArrayBuffer>;
  readonly resolve: (envelope: Envelope<unknown>) => void;
}

/** Requests without an answer yet, in the order in which they were made. */
export interface RequestQueue {
  /** Requests without an answer. */
  readonly size: number;
  /** Adds a request; `frame` is what to send, now and again after a dropped link. */
  add(
    name: string,
    params: unknown,
  ): { id: number; frame: Uint8Array<ArrayBuffer>; answer: Promise<Envelope<unknown>> };
  /** Settles one; an answer to a request that is settled already is ignored. */
  settle(id: number, envelope: Envelope<unknown>): void;
  /** Settles all with the same answer. */
  settleAll(envelope: Envelope<unknown>): void;
  /** Frames of all, in order. */
  frames(): Iterable<Uint8Array<ArrayBuffer>>;
}

/** An empty queue; ids count from 1. */
export function createRequestQueue(): RequestQueue {
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  return {
    get size() {
      return waiting.size;
    },
    add(name, params) {
      const id = nextId++;
      // The first that waits is the oldest: everything before it has been answered.
      const oldest = waiting.keys().next().value ?? id;
      const frame = packRequest(id, oldest - 1, name, params);
      const { promise, resolve } = Promise.withResolvers<Envelope<unknown>>();
      waiting.set(id, { frame, resolve });
      return { id, frame, answer: promise };
    },
    settle(id, envelope) {
      waiting.get(id)?.resolve(envelope);
      waiting.delete(id);
    },
    settleAll(envelope) {
      for (const { resolve } of waiting.values()) resolve(envelope);
      waiting.clear();
    },
    *frames() {
      for (const { frame } of waiting.values()) yield frame;
    },
  };
}
