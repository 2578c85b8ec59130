/**
 * Byte arrays that occur several times in one message (blank tiles, above all) travel once. The desktop's structured clone
 * does so by itself; for messages that are serialized, repeats are replaced by a mark and put back on the other side.
 */

/** MessagePack extension type of a {@link Repeat}; its four bytes are the index, high byte first. */
export const REPEAT_TYPE = 1;

/** Stands for the byte array that was the `index`th different one in the message, in the order of the walk. */
export class Repeat {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/** A copy of a message with repeated byte arrays, told by identity, marked; itself where none repeats. */
export function shareBytes(message: unknown): unknown {
  const known = new Map<Uint8Array, number>();
  let repeats = false;
  const walk = (value: unknown): unknown => {
    if (value instanceof Uint8Array) {
      const index = known.get(value);
      if (index === undefined) {
        known.set(value, known.size);
        return value;
      }
      repeats = true;
      return new Repeat(index);
    }
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item)]));
  };
  const marked = walk(message);
  return repeats ? marked : message;
}

/**
 * Puts repeated byte arrays back in a message that was decoded.
 * @param own what becomes of each byte array, once; itself unless told.
 * @throws RangeError where a mark points to none that came before it.
 */
export function restoreBytes(
  message: unknown,
  own: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
): unknown {
  const known: Uint8Array[] = [];
  const walk = (value: unknown): unknown => {
    if (value instanceof Uint8Array) {
      const bytes = own(value);
      known.push(bytes);
      return bytes;
    }
    if (value instanceof Repeat) {
      const bytes = known[value.index];
      if (!bytes)
        throw new RangeError(`The message repeats byte array ${value.index}, which it does not have.`);
      return bytes;
    }
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item)]));
  };
  return walk(message);
}

/** The mark's bytes. */
export function packRepeat({ index }: Repeat): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, index);
  return bytes;
}

/** The mark that bytes stand for. @throws RangeError when they are not four. */
export function unpackRepeat(bytes: Uint8Array): Repeat {
  return new Repeat(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0));
}
