import { EngineError } from '../error.ts';
import { packTile, unpackTile } from './pack-tile.ts';
import { alignedTile, TILE_SIZE, type PixelFormat } from './tile.ts';

/** Which stored tile an array of pixels belongs to, so that what shares an array shares what it is packed to. */
const owners = new WeakMap<Uint8Array, StoredTile>();

/** Counts looks at pixels: whoever was looked at last is packed last. */
let looks = 0;

/** Bytes of pixels that stay beside what they were unpacked, or fetched at once, from; beyond them the oldest go at once. */
const UNPACKED_BYTES = 128 * 1024 * 1024;

/** Those tiles, in the order in which somebody looked, and the bytes of their pixels. */
const unpacked = new Set<StoredTile>();
let unpackedBytes = 0;

/** Bytes of pixels that were ever taken into memory, by anybody: who keeps budgets looks when it has grown. */
let takenIn = 0;

/** The same, for those. */
export function bytesTakenIn(): number {
  return takenIn;
}

/** Pixels along an edge that are remembered of a tile whose pixels are let go. */
export const SPOTS = 4;

function spotsOf(pixels: Uint8Array, { bytesPerPixel }: PixelFormat): Uint8Array {
  const spots = new Uint8Array(SPOTS * SPOTS * bytesPerPixel);
  const step = TILE_SIZE / SPOTS;
  for (let i = 0; i < SPOTS * SPOTS; i++) {
    const [x, y] = [(i % SPOTS) * step + step / 2, Math.floor(i / SPOTS) * step + step / 2];
    const at = (y * TILE_SIZE + x) * bytesPerPixel;
    spots.set(pixels.subarray(at, at + bytesPerPixel), i * bytesPerPixel);
  }
  return spots;
}

/** Lets all pixels go that can be unpacked again: for a document that is left. */
export function releaseUnpacked(): void {
  for (const tile of unpacked) tile.release();
}

/** Where pixels lie that a document does not hold in memory: its file. They are told by the hash of their content. */
export interface TileShelf {
  /**
   * Reads pixels at once, for those who cannot wait.
   * @returns those of each hash.
   * @throws EngineError `pixels-away` when they cannot be read now.
   */
  readNow(hashes: readonly string[]): Uint8Array[];
  /** Has a tile's pixels brought, before others that were wanted earlier; whoever draws is told when they are there. */
  want(tile: StoredTile): void;
}

/** Where a tile's pixels lie besides memory. */
interface ShelfPlace {
  readonly shelf: TileShelf;
  /** SHA-256 of the pixels, in hexadecimal. */
  readonly hash: string;
}

/**
 * A tile as a document holds it. Its pixels never change; when they are not looked at for long they may be packed, or
 * leave the memory where they lie on a shelf (see keep-within.ts), and are unpacked or fetched when somebody looks again.
 */
export class StoredTile {
  readonly #format: PixelFormat;
  #pixels: Uint8Array | null;
  #packed: Uint8Array | null = null;
  #packable = true;
  #looked: number;
  #place: ShelfPlace | null;
  #spots: Uint8Array | null = null;

  private constructor(data: Uint8Array | null, format: PixelFormat, place: ShelfPlace | null) {
    this.#format = format;
    this.#pixels = data;
    this.#place = place;
    this.#looked = ++looks;
    if (data) this.#own(data);
  }

  /** A tile whose pixels lie on a shelf. */
  static away(shelf: TileShelf, hash: string, format: PixelFormat): StoredTile {
    return new StoredTile(null, format, { shelf, hash });
  }

  /** What holds these pixels: the same for the same array. @param data as `alignedTile` gives it. */
  static of(data: Uint8Array, format: PixelFormat): StoredTile {
    const known = owners.get(data);
    if (!known) return new StoredTile(data, format, null);
    known.#looked = ++looks;
    if (!known.#pixels) known.#hold(data);
    return known;
  }

  /** Number of the last look at it: larger is later. */
  get looked(): number {
    return this.#looked;
  }

  /** Bytes that it takes: of its pixels while they are not packed, and of what they are packed to. */
  get bytes(): number {
    return (this.#pixels?.byteLength ?? 0) + (this.#packed?.byteLength ?? 0);
  }

  /** True when its pixels are in memory, packed or not. */
  get isHere(): boolean {
    return this.#pixels !== null || this.#packed !== null;
  }

  /** Its pixels where they are in memory and not packed, for a look that counts for nothing. Do not write into them. */
  get unpacked(): Uint8Array | null {
    return this.#pixels;
  }

  /** A few of its pixels, SPOTS by SPOTS of them, row by row, in its format; null until they were let go once. */
  get spots(): Uint8Array | null {
    return this.#spots;
  }

  /** True when its pixels lie on a shelf, and may leave the memory. */
  get isShelved(): boolean {
    return this.#place !== null;
  }

  /** What its pixels are called on the shelf; null where they lie on none. */
  get hash(): string | null {
    return this.#place?.hash ?? null;
  }

  /** Notes that its pixels lie on a shelf as well. */
  shelve(shelf: TileShelf, hash: string): void {
    this.#place ??= { shelf, hash };
  }

  /** Has its pixels brought where they are away. */
  want(): void {
    if (!this.isHere) this.#place?.shelf.want(this);
  }

  /** Takes in its pixels, which were away. @param data as `alignedTile` gives it. */
  put(data: Uint8Array): void {
    if (this.isHere) return;
    this.#pixels = data;
    this.#looked = ++looks;
    this.#own(data);
  }

  /**
   * Fetches its pixels where they are away, and in the same go those of others that will be looked at next. They are held as long
   * as there is room.
   * @throws EngineError `pixels-away` when its own cannot be read now.
   */
  bring(next: readonly StoredTile[]): void {
    const place = this.#place;
    if (this.isHere || !place) return;
    const run = next.filter((tile) => tile !== this && !tile.isHere && tile.#place?.shelf === place.shelf);
    if (run.length === 0) return;
    const hashes = [...new Set([place.hash, ...run.map((tile) => tile.#place?.hash ?? '')])];
    let pixels: Uint8Array[];
    try {
      pixels = place.shelf.readNow(hashes);
    } catch {
      // One that cannot be read must not keep this one away.
      return;
    }
    for (const tile of [...run, this]) {
      const data = pixels[hashes.indexOf(tile.#place?.hash ?? '')];
      if (!data) continue;
      const aligned = alignedTile(data);
      tile.#own(aligned);
      tile.#hold(aligned);
    }
  }

  /** Lets all of it leave the memory where it lies on a shelf; true when it did. */
  leave(): boolean {
    if (!this.#place || !this.isHere) return false;
    this.release();
    if (this.#pixels) this.#spots ??= spotsOf(this.#pixels, this.#format);
    this.#pixels = null;
    this.#packed = null;
    return true;
  }

  /** True when packing it would free anything. */
  get canPack(): boolean {
    return this.#pixels !== null && this.#packable;
  }

  /** Its pixels, kept unpacked from now on. Do not write into them. */
  pixels(): Uint8Array {
    this.#looked = ++looks;
    return this.#pixels ?? this.#hold(this.#unpack());
  }

  /** Its pixels for one who reads many tiles once: what is packed stays packed. Do not write into them. */
  peek(): Uint8Array {
    return this.#pixels ?? this.#unpack();
  }

  /** Packs its pixels where that gains anything. */
  pack(): void {
    if (!this.#pixels || !this.#packable) return;
    this.#packed ??= packTile(this.#pixels, this.#format);
    if (this.#packed) this.release();
    else {
      this.#packable = false;
      // A part of a message would keep all of it in memory.
      if (this.#pixels.byteLength < this.#pixels.buffer.byteLength) {
        this.#pixels = Uint8Array.from(this.#pixels);
        owners.set(this.#pixels, this);
      }
    }
  }

  /** Lets its pixels go where they can be unpacked, or fetched, again. */
  release(): void {
    if (!this.#pixels || (!this.#packed && !this.#place)) return;
    if (unpacked.delete(this)) unpackedBytes -= this.#pixels.byteLength;
    this.#spots ??= spotsOf(this.#pixels, this.#format);
    this.#pixels = null;
  }

  /** Keeps pixels beside what they are packed to; who looks at very many tiles does not fill the memory with them. */
  #hold(data: Uint8Array): Uint8Array {
    this.#pixels = data;
    if (!this.#packed && !this.#place) return data;
    unpacked.add(this);
    unpackedBytes += data.byteLength;
    for (const oldest of unpacked) {
      if (unpackedBytes <= UNPACKED_BYTES) break;
      oldest.release();
    }
    return data;
  }

  #unpack(): Uint8Array {
    const data = this.#packed ? unpackTile(this.#packed, this.#format) : this.#fetch();
    this.#own(data);
    return data;
  }

  #own(data: Uint8Array): void {
    owners.set(data, this);
    takenIn += data.byteLength;
  }

  #fetch(): Uint8Array {
    if (!this.#place) throw new Error('A tile has neither pixels nor a place where they lie.');
    const [data] = this.#place.shelf.readNow([this.#place.hash]);
    if (!data) throw new EngineError('pixels-away', 'The pixels of a tile were not given.');
    return alignedTile(data);
  }
}
