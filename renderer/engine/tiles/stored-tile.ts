import { packTile, unpackTile } from './pack-tile.ts';
import type { PixelFormat } from './tile.ts';

/** Which stored tile an array of pixels belongs to, so that what shares an array shares what it is packed to. */
const owners = new WeakMap<Uint8Array, StoredTile>();

/** Counts looks at pixels: whoever was looked at last is packed last. */
let looks = 0;

/**
 * A tile as a document holds it. Its pixels never change; when they are not looked at for long they may be packed
 * (see keep-within.ts), and are unpacked when somebody looks again.
 */
export class StoredTile {
  readonly #format: PixelFormat;
  #pixels: Uint8Array | null;
  #packed: Uint8Array | null = null;
  #packable = true;
  #looked: number;

  private constructor(data: Uint8Array, format: PixelFormat) {
    this.#format = format;
    this.#pixels = data;
    this.#looked = ++looks;
    owners.set(data, this);
  }

  /** What holds these pixels: the same for the same array. @param data as `alignedTile` gives it. */
  static of(data: Uint8Array, format: PixelFormat): StoredTile {
    const known = owners.get(data);
    if (!known) return new StoredTile(data, format);
    known.#pixels ??= data;
    known.#looked = ++looks;
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

  /** True when packing it would free anything. */
  get canPack(): boolean {
    return this.#pixels !== null && this.#packable;
  }

  /** Its pixels, kept unpacked from now on. Do not write into them. */
  pixels(): Uint8Array {
    this.#looked = ++looks;
    this.#pixels ??= this.#unpack();
    return this.#pixels;
  }

  /** Its pixels for one who reads many tiles once: what is packed stays packed. Do not write into them. */
  peek(): Uint8Array {
    return this.#pixels ?? this.#unpack();
  }

  /** Packs its pixels where that gains anything. */
  pack(): void {
    if (!this.#pixels || !this.#packable) return;
    this.#packed ??= packTile(this.#pixels, this.#format);
    if (this.#packed) this.#pixels = null;
    else {
      this.#packable = false;
      // A part of a message would keep all of it in memory.
      if (this.#pixels.byteLength < this.#pixels.buffer.byteLength) {
        this.#pixels = Uint8Array.from(this.#pixels);
        owners.set(this.#pixels, this);
      }
    }
  }

  #unpack(): Uint8Array {
    if (!this.#packed) throw new Error('A tile has neither pixels nor what they were packed to.');
    const data = unpackTile(this.#packed, this.#format);
    owners.set(data, this);
    return data;
  }
}
