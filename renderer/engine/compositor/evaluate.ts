import type { Layer } from '../layers/layer.ts';
import { BlockScratch, wholeBlock, type BlockRegion } from './block.ts';
import { unpackBlock, type BlockCache } from './block-cache.ts';
import { hasPixels, hidesAll } from './block-facts.ts';
import {
  compositeClipped,
  compositeOver,
  compositeTile,
  loadAdjusted,
  loadTile,
  mixThrough,
} from './composite-block.ts';
import { applyMask, loadMask, type PlanMask } from './mask-block.ts';
import type { PlanItem, PlanList, PlanNode } from './plan.ts';

/** Composites plans, one block at a time, in single precision. */
export class BlockEvaluator {
  readonly #scratch = new BlockScratch();
  /** False where nothing that is made is to be kept. */
  keeps = true;

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
    const keep = this.keeps && prefix && kept === undefined && isWhole(region) ? prefix : undefined;
    for (let i = start; i < items.length; i++) {
      if (keep?.count === i) keep.cache.put(region, backdrop);
      this.#composite(items[i] as PlanItem, backdrop, region);
    }
    if (keep?.count === items.length) keep.cache.put(region, backdrop);
  }

  /** The topmost item that hides everything below it in this block; what is below need not be composited. */
  #firstSeen({ items, prefix }: PlanList, start: number, region: BlockRegion): number {
    // A state that is still to be kept has to be complete in itself.
    const last = this.keeps && prefix && start < prefix.count ? prefix.count : items.length;
    for (let i = last - 1; i > start; i--) if (hidesAll(items[i] as PlanItem, region)) return i;
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
    const { node, clips, mask } = item;
    if (node.kind === 'pixels' && clips.length === 0 && !mask) {
      const tile = pixelsOf(node.layer, region);
      if (tile) compositeTile(backdrop, tile, node.layer.format, region, item);
      return;
    }
    this.withBlock((source) => {
      if (node.kind === 'through') {
        source.set(backdrop);
        this.evaluate(node.list, source, region);
        this.#withMask(mask, region, (values) => mixThrough(backdrop, source, region, item.opacity, values));
        return;
      }
      if (!this.#fill(node, source, backdrop, region)) return;
      this.#withMask(mask, region, (values) => values && applyMask(source, values, region));
      for (const clip of clips) this.#clip(clip, source, region);
      // An adjustment changes colours and leaves the coverage of what it adjusts.
      if (node.kind === 'adjust') compositeClipped(backdrop, source, region, item);
      else compositeOver(backdrop, source, region, item);
    });
  }

  #clip(clip: PlanItem, base: Float32Array, region: BlockRegion): void {
    this.withBlock((source) => {
      if (!this.#fill(clip.node, source, base, region)) return;
      this.#withMask(clip.mask, region, (values) => values && applyMask(source, values, region));
      compositeClipped(base, source, region, clip);
    });
  }

  /** Runs with how much a mask shows of each pixel, or with null where it shows everything. */
  #withMask(mask: PlanMask | null, region: BlockRegion, run: (values: Float32Array | null) => void): void {
    if (!mask) {
      run(null);
      return;
    }
    const values = this.#scratch.takeMask();
    run(loadMask(values, mask, region) ? values : null);
    this.#scratch.giveMask(values);
  }

  /**
   * Writes a node's own pixels into zeros; false when there are none.
   * @param under what an adjustment adjusts.
   */
  #fill(node: PlanNode, out: Float32Array, under: Float32Array, region: BlockRegion): boolean {
    switch (node.kind) {
      case 'pixels': {
        const tile = pixelsOf(node.layer, region);
        if (tile) loadTile(out, tile, node.layer.format, region);
        return tile !== undefined;
      }
      case 'fill':
        node.filler(out, region);
        return true;
      case 'adjust':
        loadAdjusted(out, under, region, node.adjust);
        return true;
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
    if (!this.keeps) {
      this.evaluate(list, out, region);
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

/** A layer's tile, unless it has nothing in this block. */
function pixelsOf(layer: Layer, region: BlockRegion): Uint8Array | undefined {
  return hasPixels(layer, region) ? layer.get(region.tx, region.ty) : undefined;
}
