import { isEmptyRect, type Rect } from '../geometry/rect.ts';
import { tileKey } from '../tiles/tile.ts';
import { BLOCK_LENGTH, BLOCK_SIZE, BLOCKS_PER_TILE, type BlockRegion } from './block.ts';

/** A block's composite as 16-bit premultiplied values, or null when it is wholly transparent. */
type CachedBlock = Uint16Array | null;

/** Arrays of dropped blocks that wait to be used again: 8 MiB. */
const SPARE_BLOCKS = 256;

/** Shared by all caches of one compositor: counts bytes and drops the tiles that were made longest ago. */
export class CacheBudget {
  readonly limit: number;
  #used = 0;
  readonly #order = new Map<object, () => void>();
  /** Arrays of blocks that were dropped: thousands of new ones a minute would wait for the collector. */
  readonly #spare: Uint16Array[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** An array for a block, with anything in it. */
  take(): Uint16Array {
    return this.#spare.pop() ?? new Uint16Array(BLOCK_LENGTH);
  }

  /** Takes back the array of a block that nobody reads any more. */
  give(block: CachedBlock | undefined): void {
    if (block && this.#spare.length < SPARE_BLOCKS) this.#spare.push(block);
  }

  /** Counts a cached tile's bytes up or down; `evict` is called when the tile has to go. */
  change(owner: object, bytes: number, evict: () => void): void {
    this.#used += bytes;
    if (bytes <= 0) return;
    this.#order.delete(owner);
    this.#order.set(owner, evict);
    for (const [oldest, drop] of this.#order) {
      if (this.#used <= this.limit || oldest === owner) break;
      drop();
    }
  }

  /** Counts a cached tile out. */
  remove(owner: object, bytes: number): void {
    if (this.#order.delete(owner)) this.#used -= bytes;
  }
}

interface CachedTile {
  readonly key: number;
  readonly blocks: (CachedBlock | undefined)[];
  bytes: number;
}

/** Composites of one fixed list of layers, block by block, made when first asked for. */
export class BlockCache {
  /** Layers whose pixels are in it. */
  readonly layerIds: ReadonlySet<string>;
  readonly #budget: CacheBudget;
  readonly #tiles = new Map<number, CachedTile>();

  constructor(layerIds: ReadonlySet<string>, budget: CacheBudget) {
    this.layerIds = layerIds;
    this.#budget = budget;
  }

  /** The block, or undefined when it has to be made. */
  get(region: BlockRegion): CachedBlock | undefined {
    return this.#tiles.get(tileKey(region.tx, region.ty))?.blocks[region.by * BLOCKS_PER_TILE + region.bx];
  }

  /** Keeps a whole block. */
  put(region: BlockRegion, pixels: Float32Array): void {
    const key = tileKey(region.tx, region.ty);
    const tile: CachedTile = this.#tiles.get(key) ?? { key, blocks: [], bytes: 0 };
    this.#forget(region.tx * BLOCKS_PER_TILE + region.bx, region.ty * BLOCKS_PER_TILE + region.by);
    let packed: CachedBlock = null;
    for (let i = 3; i < BLOCK_LENGTH; i += 4) {
      if (pixels[i] === 0) continue;
      packed = this.#budget.take();
      for (let j = 0; j < BLOCK_LENGTH; j++) packed[j] = (pixels[j] as number) * 65535 + 0.5;
      break;
    }
    tile.blocks[region.by * BLOCKS_PER_TILE + region.bx] = packed;
    this.#tiles.set(key, tile);
    const bytes = packed ? packed.byteLength : 0;
    tile.bytes += bytes;
    this.#budget.change(tile, bytes, () => this.#drop(tile));
  }

  /** Forgets the blocks that a rectangle of the document touches. */
  invalidate(rect: Rect): void {
    if (isEmptyRect(rect)) return;
    const last = { x: rect.x + rect.width - 1, y: rect.y + rect.height - 1 };
    for (let by = Math.floor(rect.y / BLOCK_SIZE); by <= Math.floor(last.y / BLOCK_SIZE); by++) {
      for (let bx = Math.floor(rect.x / BLOCK_SIZE); bx <= Math.floor(last.x / BLOCK_SIZE); bx++) {
        this.#forget(bx, by);
      }
    }
  }

  /** Forgets everything. */
  clear(): void {
    for (const tile of this.#tiles.values()) this.#drop(tile);
  }

  #forget(blockX: number, blockY: number): void {
    const tx = Math.floor(blockX / BLOCKS_PER_TILE);
    const ty = Math.floor(blockY / BLOCKS_PER_TILE);
    const tile = this.#tiles.get(tileKey(tx, ty));
    const index = (blockY - ty * BLOCKS_PER_TILE) * BLOCKS_PER_TILE + (blockX - tx * BLOCKS_PER_TILE);
    const block = tile?.blocks[index];
    if (!tile || block === undefined) return;
    tile.blocks[index] = undefined;
    const bytes = block?.byteLength ?? 0;
    tile.bytes -= bytes;
    this.#budget.change(tile, -bytes, () => this.#drop(tile));
    this.#budget.give(block);
  }

  #drop(tile: CachedTile): void {
    this.#tiles.delete(tile.key);
    this.#budget.remove(tile, tile.bytes);
    for (const block of tile.blocks) this.#budget.give(block);
  }
}

/** Adds a cached block to a buffer of zeros. */
export function unpackBlock(out: Float32Array, packed: Uint16Array, region: BlockRegion): void {
  for (let y = region.y0; y < region.y1; y++) {
    const end = (y * BLOCK_SIZE + region.x1) * 4;
    for (let i = (y * BLOCK_SIZE + region.x0) * 4; i < end; i++) out[i] = (packed[i] as number) / 65535;
  }
}
