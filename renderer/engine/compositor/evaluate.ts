import { BLOCKS_PER_TILE, BlockScratch, wholeBlock, type BlockRegion } from './block.ts';
import { unpackBlock, type BlockCache } from './block-cache.ts';
import { compositeClipped, compositeOver, compositeTile, loadTile, mixThrough } from './composite-block.ts';
import type { PlanItem, PlanList, PlanNode } from './plan.ts';
import type { Layer } from '../layers/layer.ts';
import { tileFacts } from './tile-facts.ts';

/** Composites plans, one block at a time, in single precision. */
export class BlockEvaluator {
  readonly #scratch = new BlockScratch();

  /**
   * Composites a list over what `backdrop` holds.
   * @param backdrop premultiplied RGBA, 0..1; only the region's pixels are touched, except that a region without a
   * kept state should be whole for the state to be kept.
   */
  evaluate(list: PlanList, backdrop: Float32Array, region: BlockRegion): void {
    const { items, prefix } = list;
    let start = 0;
    const kept = prefix?.cache.get(region);
    if (prefix && kept !== undefined) {
      if (kept) unpackBlock(backdrop, kept, region);
      start = prefix.count;
    }
    start = Math.max(start, this.#firstSeen(list, start, region));
    for (let i = start; i < items.length; i++) {
      if (prefix?.count === i && kept === undefined && isWhole(region)) prefix.cache.put(region, backdrop);
      this.#composite(items[i] as PlanItem, backdrop, region);
    }
  }

  /** The topmost item that hides everything below it in this block; what is below need not be composited. */
  #firstSeen({ items, prefix }: PlanList, start: number, region: BlockRegion): number {
    // A state that is still to be kept has to be complete in itself.
    const last = prefix && start < prefix.count ? prefix.count : items.length;
    for (let i = last - 1; i > start; i--) {
      const { node, opacity, mode, clips } = items[i] as PlanItem;
      if (node.kind !== 'pixels' || mode !== 0 || opacity !== 1 || clips.length > 0) continue;
      const tile = node.layer.overlay?.get(region.tx, region.ty)
        ? undefined
        : node.layer.get(region.tx, region.ty);
      if (tile && tileFacts(tile).opaque & blockBit(region)) return i;
    }
    return start;
  }

  /** Runs with a zeroed buffer that is taken back afterwards. */
  withBlock<T>(run: (block: Float32Array) => T): T {
    const block = this.#scratch.take();
    try {
      return run(block);
    } finally {
      this.#scratch.give(block);
    }
  }

  #composite(item: PlanItem, backdrop: Float32Array, region: BlockRegion): void {
    const { node, opacity, mode, clips } = item;
    if (node.kind === 'pixels' && clips.length === 0) {
      const tile = tileWithPixels(node.layer, region);
      if (tile) compositeTile(backdrop, tile, region, opacity, mode);
      return;
    }
    this.withBlock((source) => {
      if (node.kind === 'through') {
        source.set(backdrop);
        this.evaluate(node.list, source, region);
        mixThrough(backdrop, source, region, opacity);
        return;
      }
      if (!this.#fill(node, source, region)) return;
      for (const clip of clips) this.#clip(clip, source, region);
      compositeOver(backdrop, source, region, opacity, mode);
    });
  }

  #clip(clip: PlanItem, base: Float32Array, region: BlockRegion): void {
    this.withBlock((source) => {
      if (this.#fill(clip.node, source, region))
        compositeClipped(base, source, region, clip.opacity, clip.mode);
    });
  }

  /** Writes a node's own pixels into zeros; false when there are none. */
  #fill(node: PlanNode, out: Float32Array, region: BlockRegion): boolean {
    switch (node.kind) {
      case 'pixels': {
        const tile = tileWithPixels(node.layer, region);
        if (tile) loadTile(out, tile, region);
        return tile !== undefined;
      }
      case 'cached':
        return this.#fillCached(node.list, node.cache, out, region);
      case 'isolated':
      case 'through':
        this.evaluate(node.list, out, region);
        return true;
    }
  }

  #fillCached(list: PlanList, cache: BlockCache, out: Float32Array, region: BlockRegion): boolean {
    const kept = cache.get(region);
    if (kept === null) return false;
    if (kept) {
      unpackBlock(out, kept, region);
      return true;
    }
    const whole = wholeBlock(region);
    this.evaluate(list, out, whole);
    cache.put(whole, out);
    return true;
  }
}

function isWhole(region: BlockRegion): boolean {
  const whole = wholeBlock(region);
  return region.x0 === 0 && region.y0 === 0 && region.x1 === whole.x1 && region.y1 === whole.y1;
}

function blockBit(region: BlockRegion): number {
  return 1 << (region.by * BLOCKS_PER_TILE + region.bx);
}

/** A layer's tile, unless it has nothing in this block. Tiles of a stroke in progress change, so nothing is known. */
function tileWithPixels(layer: Layer, region: BlockRegion): Uint8Array | undefined {
  const unfinished = layer.overlay?.get(region.tx, region.ty);
  if (unfinished) return unfinished;
  const tile = layer.tiles.get(region.tx, region.ty);
  return tile && tileFacts(tile).empty & blockBit(region) ? undefined : tile;
}
