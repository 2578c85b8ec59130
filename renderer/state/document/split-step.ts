import { isPixelChange, pixelChange, planeOf, type Change } from '../../engine/changes.ts';
import type { TileChange } from '../../engine/tiles/tile.ts';

/** Bytes of pixels and notes that one message to the studio carries; a single tile is always less. */
const PART_BYTES = 64 * 1024 * 1024;
/** Changes of a message, and tiles of a change: half of what the contract allows. */
const PART_CHANGES = 2048;
const CHANGE_TILES = 4096;

/**
 * A step as the parts that are sent one after another: applied in order they are the step. An array of bytes that
 * repeats within a part travels once, so it counts once.
 * @param partBytes least bytes after which another part begins; 64 MiB unless told.
 * @returns one part at least.
 */
export function splitStep(changes: readonly Change[], partBytes = PART_BYTES): Change[][] {
  const parts: Change[][] = [[]];
  let bytes = 0;
  const sent = new Set<Uint8Array>();
  const count = (data: Uint8Array | null): void => {
    if (!data || sent.has(data)) return;
    sent.add(data);
    bytes += data.byteLength;
  };
  const add = (change: Change): void => {
    const part = parts.at(-1);
    if (part && part.length < PART_CHANGES && bytes < partBytes) part.push(change);
    else {
      parts.push([change]);
      bytes = 0;
      sent.clear();
    }
  };
  for (const change of changes) {
    if (!isPixelChange(change)) {
      add(change);
      if (change.type === 'note') count(change.bytes);
      continue;
    }
    let open: TileChange[] | null = null;
    for (const tile of change.tiles) {
      if (!open || open.length >= CHANGE_TILES || bytes >= partBytes) {
        open = [];
        add(pixelChange(planeOf(change), change.layerId, open));
      }
      open.push(tile);
      count(tile.data);
    }
  }
  return parts;
}
