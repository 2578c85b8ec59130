import { CpuCompositor } from '../engine/compositor/cpu.ts';
import { LevelRenderer } from '../engine/compositor/level-renderer.ts';
import type { PaintDocument } from '../engine/document.ts';
import { Overview } from './overview.ts';
import { releaseUnpacked } from '../engine/tiles/stored-tile.ts';
import type { TilePager } from '../state/document/tile-pager.ts';
import { keepTiles } from './tile-keeper.ts';

/** Kept composites, below and above the layer in hand: 16 bytes a pixel of what was worked on last, 4096 × 4096 of them. */
const COMPOSITE_BYTES = 256 * 1024 * 1024;

/** What the open document is drawn from, whoever shows it: composites, levels of detail, the small whole. */
export interface OpenPicture {
  readonly compositor: CpuCompositor;
  readonly levels: LevelRenderer;
  readonly overview: Overview;
  dispose(): void;
}

/** Starts drawing a document. @param pager keeps its pixels within their budget. */
export function openPicture(document: PaintDocument, pager: TilePager): OpenPicture {
  const compositor = new CpuCompositor(document, { cacheBytes: COMPOSITE_BYTES });
  const levels = new LevelRenderer(compositor, () => document.canvas, compositor.followDamage());
  const overview = new Overview(document, levels, compositor.followDamage());
  const stopKeeping = keepTiles(pager);
  return {
    compositor,
    levels,
    overview,
    dispose() {
      stopKeeping();
      releaseUnpacked();
      overview.dispose();
      levels.dispose();
      compositor.dispose();
    },
  };
}
