import type { TileBudget } from '../../engine/tiles/keep-within.ts';
import { useLayout } from '../layout-store.ts';

const MEGABYTE = 1024 * 1024;

/** Pixels that are held unpacked: the tiles of a screen at 100% in some fifteen layers. */
const UNPACKED = 256 * MEGABYTE;
/** Share of the device's memory that pixels may take, and its bounds. */
const SHARE = 1 / 8;
const LEAST = 512 * MEGABYTE;
const MOST = 2048 * MEGABYTE;

/** Bytes that pixels take at most where nobody chose: an eighth of the device's memory, as far as the browser tells it. */
export function automaticMemory(): number {
  const gigabytes = (navigator as { readonly deviceMemory?: number }).deviceMemory ?? 4;
  return Math.min(MOST, Math.max(LEAST, gigabytes * SHARE * 1024 * MEGABYTE));
}

/**
 * Bytes of the open document's pixels that the page holds, besides the history's own. What is beyond is let go where the
 * file has it, and fetched when somebody looks.
 */
export function tileBudget(): Required<TileBudget> {
  const { pictureMemory } = useLayout.getState();
  const all = pictureMemory === 'auto' ? automaticMemory() : pictureMemory * MEGABYTE;
  return { unpacked: Math.min(UNPACKED, all / 2), all };
}
