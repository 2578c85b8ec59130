/**
 * Bytes of the open document's pixels that the page holds unpacked, besides what is packed and the history's own: the
 * tiles of a screen at 100% in some thirty layers.
 */
export const TILE_BUDGET = 512 * 1024 * 1024;
