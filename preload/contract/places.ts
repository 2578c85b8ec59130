/** Where a layer has a tile, and which. */
export interface TilePlace {
  readonly x: number;
  readonly y: number;
  /** SHA-256 of the pixels, lower-case hexadecimal. */
  readonly hash: string;
}

const HASH_BYTES = 32;
/** Two 32-bit numbers, low byte first, and the hash. */
const PLACE_BYTES = 8 + HASH_BYTES;

/** Places as they travel: 40 bytes each, since a large document has a hundred thousand. */
export function packPlaces(
  places: readonly { readonly x: number; readonly y: number; readonly hash: Uint8Array }[],
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(places.length * PLACE_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, { x, y, hash }] of places.entries()) {
    const at = index * PLACE_BYTES;
    view.setInt32(at, x, true);
    view.setInt32(at + 4, y, true);
    bytes.set(hash.subarray(0, HASH_BYTES), at + 8);
  }
  return bytes;
}

/** What {@link packPlaces} packed. */
export function unpackPlaces(bytes: Uint8Array): TilePlace[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.byteLength / PLACE_BYTES) }, (_, index) => {
    const at = index * PLACE_BYTES;
    let hash = '';
    for (let i = at + 8; i < at + PLACE_BYTES; i++)
      hash += (bytes[i] as number).toString(16).padStart(2, '0');
    return { x: view.getInt32(at, true), y: view.getInt32(at + 4, true), hash };
  });
}
