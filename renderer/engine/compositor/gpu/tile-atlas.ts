import { intersectRect, isEmptyRect, unionRect, type Rect } from '../../geometry/rect.ts';
import { TILE_SIZE, type PixelFormat } from '../../tiles/tile.ts';

interface Slot {
  readonly index: number;
  /** Part that the GPU does not have yet, in pixels within the tile. */
  stale: Rect;
  /** Number of the batch that last used it. */
  used: number;
}

const TEXTURE_FORMATS = {
  rgba8: 'rgba8uint',
  rgba16: 'rgba16uint',
  grey8: 'r8uint',
  grey16: 'r16uint',
} as const;

const WHOLE: Rect = { x: 0, y: 0, width: TILE_SIZE, height: TILE_SIZE };

/**
 * Tiles on the GPU: a texture array with one tile a layer. A tile is known by its array of bytes, since a document's
 * tiles never change; those of a stroke in progress do, and are marked stale where they did. Those used longest ago
 * make room.
 */
export class TileAtlas {
  /** Whole numbers as stored, 256 × 256, `capacity` layers. */
  readonly texture: GPUTexture;
  readonly capacity: number;
  readonly #device: GPUDevice;
  readonly #format: PixelFormat;
  readonly #slots = new Map<Uint8Array, Slot>();
  readonly #free: number[];
  #batch = 0;

  constructor(device: GPUDevice, capacity: number, format: PixelFormat) {
    this.#device = device;
    this.#format = format;
    this.capacity = Math.max(1, Math.min(capacity, device.limits.maxTextureArrayLayers));
    this.#free = Array.from({ length: this.capacity }, (_, i) => this.capacity - 1 - i);
    this.texture = device.createTexture({
      label: 'tile atlas',
      size: [TILE_SIZE, TILE_SIZE, this.capacity],
      format: TEXTURE_FORMATS[format.id],
      // GPUTextureUsage.TEXTURE_BINDING | COPY_DST; the global that names them is not there in every host.
      usage: 0x04 | 0x02,
    });
  }

  /** Begins a set of tiles that have to be resident together. */
  beginBatch(): void {
    this.#batch++;
  }

  /** Layer of the texture that holds these pixels after this call, or null when the batch has filled the atlas. */
  place(data: Uint8Array): number | null {
    let slot = this.#slots.get(data);
    if (!slot) {
      const index = this.#free.pop() ?? this.#evict();
      if (index === null) return null;
      slot = { index, stale: WHOLE, used: 0 };
    } else {
      this.#slots.delete(data);
    }
    this.#slots.set(data, slot);
    slot.used = this.#batch;
    if (!isEmptyRect(slot.stale)) this.#upload(data, slot);
    return slot.index;
  }

  /** Marks a part of a tile as written since it was placed. */
  touch(data: Uint8Array, rect: Rect): void {
    const slot = this.#slots.get(data);
    if (slot) slot.stale = unionRect(slot.stale, intersectRect(rect, WHOLE));
  }

  dispose(): void {
    this.texture.destroy();
    this.#slots.clear();
  }

  #evict(): number | null {
    for (const [data, slot] of this.#slots) {
      if (slot.used === this.#batch) return null;
      this.#slots.delete(data);
      return slot.index;
    }
    return null;
  }

  #upload(data: Uint8Array, slot: Slot): void {
    const { x, y, width, height } = slot.stale;
    slot.stale = { ...WHOLE, width: 0, height: 0 };
    const { bytesPerPixel } = this.#format;
    this.#device.queue.writeTexture(
      { texture: this.texture, origin: [x, y, slot.index] },
      data as Uint8Array<ArrayBuffer>,
      { offset: (y * TILE_SIZE + x) * bytesPerPixel, bytesPerRow: TILE_SIZE * bytesPerPixel },
      [width, height, 1],
    );
  }
}
