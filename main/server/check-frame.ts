import { REPEAT_TYPE } from '../../preload/contract/index.ts';

/** Deepest nesting that a request of the contract can have, with room. */
const MAX_DEPTH = 32;

/** Payload length of the fixed-size types from 0xca on: float 32/64, uint 8–64, int 8–64. */
const FIXED_PAYLOADS: Readonly<Record<number, number>> = {
  0xca: 4,
  0xcb: 8,
  0xcc: 1,
  0xcd: 2,
  0xce: 4,
  0xcf: 8,
  0xd0: 1,
  0xd1: 2,
  0xd2: 4,
  0xd3: 8,
};

/**
 * Walks a MessagePack frame without building anything from it, so that a decoder afterwards allocates no more
 * than in proportion to the bytes that arrived: a five-byte frame may otherwise announce an array of 2^32 entries.
 * Follows the MessagePack specification (formats of 2013-04-21); of extensions only the mark of a byte array that
 * repeats is let through (`preload/contract/shared-bytes.ts`).
 *
 * @returns null when the frame is exactly one well-formed value, else what is wrong with it.
 */
export function findFrameFault(bytes: Uint8Array): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** Values still to come at each open level. */
  const open: number[] = [1];
  /** Values still to come at all levels together; each takes one byte at least. */
  let owed = 1;
  let at = 0;
  const lengthAt = (width: 1 | 2 | 4): number => {
    const value = width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at) : view.getUint32(at);
    at += width;
    return value;
  };
  try {
    while (open.length > 0) {
      const left = open.at(-1) ?? 0;
      if (left === 0) {
        open.pop();
        continue;
      }
      open[open.length - 1] = left - 1;
      owed -= 1;
      const head = view.getUint8(at);
      at += 1;
      const children = childrenOf(head, lengthAt);
      if (children > 0) {
        owed += children;
        if (owed > bytes.byteLength - at) return 'it announces more values than it has bytes';
        if (open.length > MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH} levels`;
        open.push(children);
      } else if (children < 0) {
        const payload = payloadOf(head, lengthAt);
        if (payload === null) return `type 0x${head.toString(16)} is not allowed`;
        at += payload;
        if (at > bytes.byteLength) return 'it ends in the middle of a value';
      }
    }
  } catch (error) {
    if (error instanceof RangeError) return 'it ends in the middle of a value';
    throw error;
  }
  return at === bytes.byteLength ? null : `${bytes.byteLength - at} bytes follow its value`;
}

/** Number of values inside an array or a map (keys count); -1 for anything else. */
function childrenOf(head: number, lengthAt: (width: 2 | 4) => number): number {
  if (head >= 0x80 && head <= 0x8f) return (head & 0x0f) * 2;
  if (head >= 0x90 && head <= 0x9f) return head & 0x0f;
  if (head === 0xdc) return lengthAt(2);
  if (head === 0xdd) return lengthAt(4);
  if (head === 0xde) return lengthAt(2) * 2;
  if (head === 0xdf) return lengthAt(4) * 2;
  return -1;
}

/** Bytes that follow the head of a scalar, string or binary value; null for types that are refused. */
function payloadOf(head: number, lengthAt: (width: 1 | 2 | 4) => number): number | null {
  if (head <= 0x7f || head >= 0xe0) return 0;
  if (head >= 0xa0 && head <= 0xbf) return head & 0x1f;
  if (head === 0xc0 || head === 0xc2 || head === 0xc3) return 0;
  if (head === 0xc4 || head === 0xd9) return lengthAt(1);
  if (head === 0xc5 || head === 0xda) return lengthAt(2);
  if (head === 0xc6 || head === 0xdb) return lengthAt(4);
  // Four bytes of an extension after its type.
  if (head === 0xd6) return lengthAt(1) === REPEAT_TYPE ? 4 : null;
  return FIXED_PAYLOADS[head] ?? null;
}
