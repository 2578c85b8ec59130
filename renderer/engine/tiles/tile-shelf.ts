import type { StoredTile } from './stored-tile.ts';

/** Where pixels lie that a document does not hold in memory: its file. They are told by the hash of their content. */
export interface TileShelf {
  /**
   * Reads pixels at once, for those who cannot wait.
   * @throws EngineError `pixels-away` when they cannot be read now.
   */
  readNow(hash: string): Uint8Array;
  /** Has a tile's pixels brought, after others that were wanted sooner before; whoever draws is told when they are there. */
  want(tile: StoredTile): void;
}
