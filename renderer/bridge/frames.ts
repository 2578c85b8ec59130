import { decode, encode } from '@msgpack/msgpack';
import type { Envelope, StudioEvent } from '../../preload/contract/index.ts';

/** What the headless host says; `main/server/README.md` describes the frames. */
export type ServerFrame =
  | { readonly kind: 'welcome'; readonly resumed: boolean; readonly maxFrameBytes: number }
  | { readonly kind: 'answer'; readonly id: number; readonly envelope: Envelope<unknown> }
  | { readonly kind: 'event'; readonly event: StudioEvent }
  /** A sign of life, or a frame of a later version. */
  | { readonly kind: 'other' };

/** A request as it travels. */
export function packRequest(id: number, ack: number, name: string, params: unknown): Uint8Array<ArrayBuffer> {
  // Undefined properties are absent, as on the desktop; MessagePack has only nil.
  return encode({ id, ack, name, params }, { ignoreUndefined: true }) as Uint8Array<ArrayBuffer>;
}

/** Reads a frame. The host is trusted as far as the page is its own: the shape decides, contents are not parsed. */
export function readFrame(bytes: ArrayBuffer): ServerFrame {
  const frame = withOwnBytes(decode(new Uint8Array(bytes))) as Record<string, unknown>;
  if (frame['welcome'] === true) {
    return {
      kind: 'welcome',
      resumed: frame['resumed'] === true,
      maxFrameBytes: Number(frame['maxFrameBytes']),
    };
  }
  if (typeof frame['id'] === 'number') {
    return { kind: 'answer', id: frame['id'], envelope: frame['envelope'] as Envelope<unknown> };
  }
  if (typeof frame['event'] === 'string') {
    const event = { name: frame['event'], payload: frame['payload'] } as StudioEvent;
    return { kind: 'event', event };
  }
  return { kind: 'other' };
}

/**
 * Gives every byte array a buffer of its own, as structured clone does on the desktop: the decoder's are views into the
 * frame, which would keep it alive and start at any offset.
 */
function withOwnBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) return value.map(withOwnBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withOwnBytes(item)]));
}
