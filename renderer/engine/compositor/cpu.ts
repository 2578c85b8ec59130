import type { DocumentEvent, PaintDocument } from '../document.ts';
import { EngineError } from '../error.ts';
import { intersectRect, isEmptyRect, type Rect } from '../geometry/rect.ts';
import type { StoredTile } from '../tiles/stored-tile.ts';
import { TILE_SIZE, tileRange, tileRect } from '../tiles/tile.ts';
import { BLOCK_SIZE, BLOCKS_PER_TILE, type BlockRegion, wholeBlock } from './block.ts';
import { CacheBudget } from './block-cache.ts';
import { DamageTracker } from './damage-tracker.ts';
import { BlockEvaluator } from './evaluate.ts';
import { neededTiles } from './needed-tiles.ts';
import { planDocument, type PlanList } from './plan.ts';
import { PlanCaches } from './plan-caches.ts';
import { gatherTiles } from './tile-likeness.ts';
import { writePixels, type AlphaFormat, type PixelsOut } from './write-pixels.ts';

/** What a compositor is made with. */
export interface CpuCompositorOptions {
  /** Bytes that kept composites may take. Default 256 MiB. */
  readonly cacheBytes?: number;
}

/** What looks different, for one who draws it. */
export interface FollowedDamage {
  /** Everything since the last call, a rectangle a tile at most, in document pixels within the canvas. */
  take(): Rect[];
  stop(): void;
}

/**
 * Composites a document into RGBA of 8 or 16 bits on the CPU: the fallback where there is no GPU and the oracle of the GPU twin.
 * It follows the document by itself; `takeDamage` and `followDamage` say what has to be drawn again, `render` draws any
 * rectangle.
 */
export class CpuCompositor {
  readonly #document: PaintDocument;
  readonly #evaluator = new BlockEvaluator();
  readonly #caches: PlanCaches;
  readonly #unsubscribe: () => void;
  readonly #damage: DamageTracker;
  readonly #followers = new Set<DamageTracker>();
  #plan: PlanList | null = null;
  /** Number of the plan that likenesses are told by. */
  #planned = 0;
  #active: string | null = null;
  #solo: string | null = null;

  constructor(document: PaintDocument, options: CpuCompositorOptions = {}) {
    this.#document = document;
    this.#damage = new DamageTracker(document);
    this.#caches = new PlanCaches(new CacheBudget(options.cacheBytes ?? 256 * 1024 * 1024));
    this.#unsubscribe = document.subscribe((event) => this.#follow(event));
  }

  /** Names the layer that is being worked on: composites of what is below and above it are kept. */
  setActiveLayer(layerId: string | null): void {
    if (layerId === this.#active) return;
    this.#active = layerId;
    this.#plan = null;
  }

  /** The layer that is shown by itself, or null. */
  get solo(): string | null {
    return this.#solo;
  }

  /** Shows one layer, with what stands in it, by itself; null shows everything again. The document stays as it is. */
  setSolo(layerId: string | null): void {
    if (layerId === this.#solo) return;
    this.#solo = layerId;
    this.#plan = null;
    this.#tell({ changes: [], pixels: [], structure: this.#document.canvas });
    this.#document.touchView();
  }

  /**
   * What looks different since the last call, a rectangle a tile at most, in document pixels. Calling it forgets it.
   * Only tiles that meet the canvas are reported.
   */
  takeDamage(): Rect[] {
    return this.#damage.take();
  }

  /** The same for others who draw, each by itself; everything up to now is taken as drawn. */
  followDamage(): FollowedDamage {
    const tracker = new DamageTracker(this.#document);
    this.#followers.add(tracker);
    return { take: () => tracker.take(), stop: () => this.#followers.delete(tracker) };
  }

  /**
   * Says what the composite of a tile is made of: two tiles with equal words look the same, so one need not be
   * composited. Null where the place itself matters (gradients, dissolve) or a stroke is in progress.
   */
  likeness(tx: number, ty: number): string | null {
    const plan = this.#currentPlan();
    const tiles: number[] = [];
    return gatherTiles(plan, tx, ty, tiles) ? `${this.#planned}:${tiles.join(' ')}` : null;
  }

  /** The tiles that the composite of a tile needs and that are not in memory. */
  absent(tx: number, ty: number): readonly StoredTile[] {
    const tiles: StoredTile[] = [];
    for (const tile of neededTiles(this.#currentPlan(), tx, ty)) if (!tile.isHere) tiles.push(tile);
    return tiles;
  }

  /** A tile that the composite of a tile needs and that is packed; undefined where none is. */
  packed(tx: number, ty: number): StoredTile | undefined {
    for (const tile of neededTiles(this.#currentPlan(), tx, ty))
      if (tile.isHere && !tile.unpacked) return tile;
    return undefined;
  }

  /**
   * Composites a rectangle of the document.
   * @param rect in document pixels; it may reach beyond the canvas.
   * @param out receives RGBA rows, 16 bits a channel in a Uint16Array; at least
   * `stride * (rect.height - 1) + rect.width * 4` values.
   * @param format straight alpha unless told.
   * @param stride values a row; `rect.width * 4` unless told.
   * @param keep false for one who passes by: composites of what is below and above are then used, and none is kept.
   * @throws EngineError `invalid-size` when `out` is too small.
   */
  render(
    rect: Rect,
    out: PixelsOut,
    format: AlphaFormat = 'straight',
    stride: number = rect.width * 4,
    keep = true,
  ): void {
    if (isEmptyRect(rect)) return;
    if (out.length < stride * (rect.height - 1) + rect.width * 4) {
      throw new EngineError(
        'invalid-size',
        `${out.length} values cannot hold ${rect.width} × ${rect.height} pixels.`,
      );
    }
    this.#evaluator.keeps = keep;
    const range = tileRange(rect);
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        const part = intersectRect(rect, tileRect(tx, ty));
        const at = (part.y - rect.y) * stride + (part.x - rect.x) * 4;
        this.#renderTile(
          tx,
          ty,
          { ...part, x: part.x - tx * TILE_SIZE, y: part.y - ty * TILE_SIZE },
          out,
          at,
          stride,
          format,
        );
      }
    }
  }

  /**
   * Makes kept composites ahead of the pen, for idle moments: the first dab on a fresh block then costs as little as
   * the next. Blocks that are already kept cost almost nothing.
   * @param rect in document pixels: what is on the screen.
   * @param stop asked before each block of 64 pixels; true ends it.
   * @returns true when everything in the rectangle is kept.
   */
  warm(rect: Rect, stop: () => boolean): boolean {
    const plan = this.#currentPlan();
    this.#evaluator.keeps = true;
    const seen = intersectRect(rect, this.#document.canvas);
    for (let y = Math.floor(seen.y / BLOCK_SIZE); y * BLOCK_SIZE < seen.y + seen.height; y++) {
      for (let x = Math.floor(seen.x / BLOCK_SIZE); x * BLOCK_SIZE < seen.x + seen.width; x++) {
        const region = blockAt(x, y);
        if ([...this.#caches.caches].every((cache) => cache.get(region) !== undefined)) continue;
        // An idle moment waits for nothing.
        if (this.absent(region.tx, region.ty).length > 0) continue;
        if (stop()) return false;
        this.#evaluator.withBlock((block) => this.#evaluator.evaluate(plan, block, region));
      }
    }
    return true;
  }

  /** Stops following the document and lets the kept composites go. */
  dispose(): void {
    this.#unsubscribe();
    for (const cache of this.#caches.caches) cache.clear();
    this.#plan = null;
  }

  #currentPlan(): PlanList {
    if (this.#plan === null) {
      this.#plan = this.#caches.around(planDocument(this.#document, this.#solo), this.#active);
      this.#planned += 1;
    }
    return this.#plan;
  }

  #renderTile(
    tx: number,
    ty: number,
    part: Rect,
    out: PixelsOut,
    at: number,
    stride: number,
    format: AlphaFormat,
  ): void {
    const plan = this.#currentPlan();
    for (let by = Math.floor(part.y / BLOCK_SIZE); by * BLOCK_SIZE < part.y + part.height; by++) {
      for (let bx = Math.floor(part.x / BLOCK_SIZE); bx * BLOCK_SIZE < part.x + part.width; bx++) {
        const left = bx * BLOCK_SIZE;
        const top = by * BLOCK_SIZE;
        const region: BlockRegion = {
          tx,
          ty,
          bx,
          by,
          x0: Math.max(0, part.x - left),
          y0: Math.max(0, part.y - top),
          x1: Math.min(BLOCK_SIZE, part.x + part.width - left),
          y1: Math.min(BLOCK_SIZE, part.y + part.height - top),
        };
        const start = at + (top + region.y0 - part.y) * stride + (left + region.x0 - part.x) * 4;
        const missing =
          this.#evaluator.keeps && this.#caches.states.some((state) => state.get(region) === undefined);
        this.#evaluator.withBlock((block) => {
          this.#evaluator.evaluate(plan, block, missing ? wholeBlock(region) : region);
          writePixels(out, start, stride, block, region, format);
        });
      }
    }
  }

  #tell(event: DocumentEvent): void {
    this.#damage.add(event);
    for (const follower of this.#followers) follower.add(event);
  }

  #follow(event: DocumentEvent): void {
    this.#tell(event);
    if (event.structure) this.#plan = null;
    for (const { layerId, rect } of event.pixels) {
      for (const cache of this.#caches.caches) if (cache.layerIds.has(layerId)) cache.invalidate(rect);
    }
  }
}

/** The whole block at block coordinates of the document. */
function blockAt(x: number, y: number): BlockRegion {
  const tx = Math.floor(x / BLOCKS_PER_TILE);
  const ty = Math.floor(y / BLOCKS_PER_TILE);
  const at = { tx, ty, bx: x - tx * BLOCKS_PER_TILE, by: y - ty * BLOCKS_PER_TILE };
  return { ...at, x0: 0, y0: 0, x1: BLOCK_SIZE, y1: BLOCK_SIZE };
}
