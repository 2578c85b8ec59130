import { strFromU8 } from 'fflate';
import { FormatError } from '../picture-file.ts';

/** A property of a picture, a layer or a mask: its number and where its bytes lie. */
export interface XcfProperty {
  readonly type: number;
  readonly at: number;
  readonly length: number;
}

/** Most properties of one thing. */
const MAX_PROPERTIES = 1000;
const MAX_NAME = 4096;

/** Reads numbers and texts of an XCF file (GIMP's devel-docs/xcf.txt), big-endian, nothing beyond its end. */
export class XcfReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  /** Pointers have 64 bits from version 11 on. */
  readonly #wide: boolean;
  at = 0;

  constructor(bytes: Uint8Array, version: number) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#wide = version >= 11;
  }

  /** The next 32 bits. @throws FormatError beyond the end. */
  uint32(): number {
    this.#need(4);
    this.at += 4;
    return this.#view.getUint32(this.at - 4);
  }

  /** The next 32 bits with a sign. */
  int32(): number {
    return this.uint32() | 0;
  }

  /** The next 32 bits as a floating-point number. */
  float32(): number {
    this.#need(4);
    this.at += 4;
    return this.#view.getFloat32(this.at - 4);
  }

  /** The next pointer; 0 for none. @throws FormatError for one beyond the file. */
  pointer(): number {
    const high = this.#wide ? this.uint32() : 0;
    const to = high * 2 ** 32 + this.uint32();
    if (to >= this.bytes.length) throw new FormatError('It is cut off: a part of it lies beyond its end.');
    return to;
  }

  /** Pointers up to the first that is none. @param limit most that there may be. */
  pointers(limit: number): number[] {
    const found: number[] = [];
    for (let next = this.pointer(); next !== 0; next = this.pointer()) {
      if (found.push(next) > limit) throw new FormatError(`It has more than ${limit} layers.`);
    }
    return found;
  }

  /** The next text, of UTF-8 with its length before it. */
  text(): string {
    const length = this.uint32();
    if (length > MAX_NAME) throw new FormatError('It has a name that is too long.');
    this.#need(length);
    const bytes = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return strFromU8(bytes.at(-1) === 0 ? bytes.subarray(0, -1) : bytes);
  }

  /** Properties up to their end. Goes on behind them. */
  properties(): XcfProperty[] {
    const found: XcfProperty[] = [];
    for (;;) {
      const type = this.uint32();
      const length = this.uint32();
      if (type === 0) return found;
      this.#need(length);
      if (found.push({ type, at: this.at, length }) > MAX_PROPERTIES)
        throw new FormatError('It has too many properties.');
      this.at += length;
    }
  }

  /** Pieces of data that GIMP or its plug-ins hang on something. */
  parasites({ at, length }: XcfProperty): { readonly name: string; readonly data: Uint8Array }[] {
    const found: { readonly name: string; readonly data: Uint8Array }[] = [];
    const end = at + length;
    this.at = at;
    while (this.at + 12 <= end) {
      const name = this.text();
      // Flags.
      this.uint32();
      const size = this.uint32();
      this.#need(size);
      found.push({ name, data: this.bytes.subarray(this.at, this.at + size) });
      this.at += size;
    }
    return found;
  }

  #need(length: number): void {
    if (this.at + length > this.bytes.length)
      throw new FormatError('It is cut off: a part of it lies beyond its end.');
  }
}
