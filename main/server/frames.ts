import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';
import { z } from 'zod';
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
import { findFrameFault } from './check-frame.ts';

/** Largest frame in bytes, either way: an 8K picture's tiles and some. */
export const MAX_FRAME_BYTES = 512 * 1024 * 1024;

/** Byte arrays that repeat travel once. */
const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: REPEAT_TYPE,
  encode: (value) => (value instanceof Repeat ? packRepeat(value) : null),
  decode: unpackRepeat,
});

const requestFrameSchema = z.strictObject({
  /** Counts up from 1 within a page's session. */
  id: z.number().int().positive(),
  /** Answers to all requests up to this one have arrived and may be forgotten. */
  ack: z.number().int().min(0),
  name: z.string().max(100),
  params: z.unknown(),
});

/** A request as it arrives. */
export type RequestFrame = z.infer<typeof requestFrameSchema>;

/** A frame that is not a request; the reason says why, for a log. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/**
 * Reads a frame from the page. Bounds are checked before anything is allocated.
 *
 * @throws FrameError
 */
export function readRequestFrame(bytes: Uint8Array): RequestFrame {
  const fault = findFrameFault(bytes);
  if (fault !== null) throw new FrameError(`The frame is malformed: ${fault}.`);
  let value: unknown;
  try {
    value = restoreBytes(decode(bytes, { extensionCodec }));
  } catch (error) {
    throw new FrameError('The frame cannot be decoded.', { cause: error });
  }
  const parsed = requestFrameSchema.safeParse(value);
  if (!parsed.success) throw new FrameError('The frame is not a request.');
  return parsed.data;
}

/** What the server says first: whether it still knows the session. */
export function welcomeFrame(resumed: boolean, version: string): Uint8Array {
  return pack({ welcome: true, resumed, version, maxFrameBytes: MAX_FRAME_BYTES });
}

/** An answer; one that is too large to send becomes an error that says so. */
export function answerFrame(id: number, envelope: Envelope<unknown>): Uint8Array {
  try {
    const frame = pack({ id, envelope });
    if (frame.byteLength <= MAX_FRAME_BYTES) return frame;
  } catch (error) {
    // Anything but a buffer that cannot grow is a value that no message can carry.
    if (!(error instanceof RangeError)) return pack({ id, envelope: { ok: false, error: UNSENDABLE } });
  }
  return pack({ id, envelope: { ok: false, error: TOO_LARGE } });
}

/** An event. */
export function eventFrame(event: StudioEvent): Uint8Array {
  return pack({ event: event.name, payload: event.payload });
}

/** Sent now and then so that the page notices a link that died silently. */
export const BEAT_FRAME: Uint8Array = pack({ beat: true });

const TOO_LARGE = {
  code: 'link/answer-too-large',
  message: `The answer is larger than the ${MAX_FRAME_BYTES / 2 ** 20} MB that one message to a browser may have.`,
  remedy: 'Open this document in the desktop studio.',
};

const UNSENDABLE = {
  code: 'studio/bug',
  message: 'Something in Impasto itself went wrong: an answer cannot be put into a message.',
  remedy: 'Try again. If it returns, report it.',
};

function pack(value: unknown): Uint8Array {
  // Undefined properties are absent, as structured clone users expect; MessagePack has only nil.
  return encode(shareBytes(value), { ignoreUndefined: true, extensionCodec });
}
