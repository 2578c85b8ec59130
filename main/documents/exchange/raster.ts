/** A flat picture: RGBA, straight alpha, row by row. */
export interface FlatPicture {
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  /** `width * height * 4` values. */
  readonly data: Uint8Array | Uint16Array;
  /** The ICC profile that its numbers mean; null for sRGB. */
  readonly profile: Uint8Array | null;
}

/** The same picture in another depth: times 257, or rounded to the nearest. */
export function inDepth(picture: FlatPicture, depth: 8 | 16): FlatPicture {
  if (picture.depth === depth) return picture;
  const data =
    depth === 16
      ? Uint16Array.from(picture.data, (value) => value * 257)
      : Uint8Array.from(picture.data, (value) => (value / 257 + 0.5) | 0);
  return { ...picture, depth, data };
}

/** Bytes that sharp gave, as values of a depth. */
export function samplesOf(bytes: Uint8Array, depth: 8 | 16): Uint8Array | Uint16Array {
  if (depth === 8) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : Uint8Array.from(bytes);
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2);
}
