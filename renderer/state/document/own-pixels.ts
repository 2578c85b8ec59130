import type { Change } from '../../engine/changes.ts';

/**
 * A change whose pixels stand in buffers of their own. What comes over the link are views into whole frames, at any
 * offset: they would keep the frame alive and cannot be read as 32-bit words.
 */
export function ownPixels(change: Change): Change {
  if (change.type !== 'tiles') return change;
  return {
    ...change,
    tiles: change.tiles.map((tile) => ({ ...tile, data: tile.data && Uint8Array.from(tile.data) })),
  };
}
