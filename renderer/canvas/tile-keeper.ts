import type { TilePager } from '../state/document/tile-pager.ts';

/** Milliseconds between looks at how much is held. */
const PERIOD = 1000;
/** Milliseconds of an idle moment that packing takes at most. */
const SHARE = 8;

/** Keeps the tiles of a document within their budget, in idle moments; returns how to stop. */
export function keepTiles(pager: TilePager): () => void {
  let idle = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    idle = requestIdleCallback((deadline) => {
      const end = performance.now() + Math.min(SHARE, deadline.timeRemaining());
      const done = pager.keep(() => performance.now() > end);
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
