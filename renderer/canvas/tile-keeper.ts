import type { PaintDocument } from '../engine/document.ts';
import { TILE_BUDGET } from '../state/document/tile-budget.ts';

/** Milliseconds between looks at how much is unpacked. */
const PERIOD = 1000;
/** Milliseconds of an idle moment that packing takes at most. */
const SHARE = 8;

/** Packs the tiles of a document that were looked at longest ago, in idle moments; returns how to stop. */
export function keepTilesPacked(document: PaintDocument): () => void {
  let idle = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    idle = requestIdleCallback((deadline) => {
      const end = performance.now() + Math.min(SHARE, deadline.timeRemaining());
      const done = document.packTiles(TILE_BUDGET, () => performance.now() > end);
      if (done) timer = setTimeout(look, PERIOD);
      else look();
    });
  };
  timer = setTimeout(look, PERIOD);
  return () => {
    clearTimeout(timer);
    cancelIdleCallback(idle);
  };
}
