import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';
import {
  type Envelope,
  packRepeat,
  Repeat,
  REPEAT_TYPE,
  restoreBytes,
  shareBytes,
  type StudioEvent,
  unpackRepeat,
} from '../../preload/contract/index.ts';

/** Byte arrays that repeat travel once. */
const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: REPEAT_TYPE,
  encode: (value) => (value instanceof Repeat ? packRepeat(value) : null),
  decode: unpackRepeat,
});

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
  const options = { ignoreUndefined: true, extensionCodec };
  return encode(shareBytes({ id, ack, name, params }), options) as Uint8Array<ArrayBuffer>;
}

/** Reads a frame. The host is trusted as far as the page is its own: the shape decides, contents are not parsed. */
export function readFrame(bytes: ArrayBuffer): ServerFrame {
  // Each byte array gets a buffer of its own, as structured clone gives it on the desktop: the decoder's are views into
  // the frame, which would keep it alive and start at any offset.
  const frame = restoreBytes(decode(new Uint8Array(bytes), { extensionCodec }), (view) =>
    view.slice(),
  ) as Record<string, unknown>;
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
