import type { FileHandle } from 'node:fs/promises';

/** A field of a protobuf message: its number, its wire type, and where its content lies in the file. */
export interface WireField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wireType: number;
  readonly begin: number;
  readonly end: number;
}

const windowBytes = 16 * 1024;

/**
 * Walks protobuf messages in a file field by field (protobuf.dev/programming-guides/encoding) and reads only what it is
 * asked for, through a window of a few kilobytes. Every length is checked against what it lies in.
 */
export class WireReader {
  readonly size: number;
  readonly #handle: FileHandle;
  #window = new Uint8Array();
  #offset = 0;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  /**
   * The fields of the message that lies from `begin` to `end`.
   * @throws {RangeError} where a field does not end within the message.
   */
  async *fields(begin: number, end: number): AsyncGenerator<WireField> {
    let at = begin;
    while (at < end) {
      const tag = await this.#varint(at, end);
      const number = Math.floor(tag.value / 8);
      const wireType = tag.value % 8;
      if (number === 0) throw new RangeError(`a field at byte ${at} has number 0`);
      const field = await this.#content(number, wireType, tag.next, end);
      if (field.end > end) {
        throw new RangeError(`a field at byte ${at} would end at byte ${field.end}, after byte ${end}`);
      }
      yield field;
      at = field.end;
    }
  }

  /**
   * The bytes from `begin` to `end`.
   * @throws {RangeError} when they are more than `most`, or the file has become shorter.
   */
  async bytes(begin: number, end: number, most: number): Promise<Uint8Array> {
    if (end - begin > most) throw new RangeError(`a description of ${end - begin} bytes`);
    await this.#show(begin, end - begin);
    return this.#window.slice(begin - this.#offset, end - this.#offset);
  }

  async #content(number: number, wireType: number, at: number, end: number): Promise<WireField> {
    switch (wireType) {
      case 0:
        return { number, wireType, begin: at, end: (await this.#varint(at, end)).next };
      case 1:
        return { number, wireType, begin: at, end: at + 8 };
      case 2: {
        const length = await this.#varint(at, end);
        return { number, wireType, begin: length.next, end: length.next + length.value };
      }
      case 5:
        return { number, wireType, begin: at, end: at + 4 };
      default:
        throw new RangeError(`a field at byte ${at} has wire type ${wireType}`);
    }
  }

  /** Large values lose their last bits, which no length or tag of a file has. */
  async #varint(at: number, end: number): Promise<{ readonly value: number; readonly next: number }> {
    const most = Math.min(10, end - at);
    await this.#show(at, most);
    let value = 0;
    for (let i = 0; i < most; i++) {
      const byte = this.#window[at - this.#offset + i] ?? 0;
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return { value, next: at + i + 1 };
    }
    throw new RangeError(`a number at byte ${at} does not end`);
  }

  async #show(at: number, length: number): Promise<void> {
    if (at >= this.#offset && at + length <= this.#offset + this.#window.length) return;
    const wanted = Math.min(Math.max(length, windowBytes), this.size - at);
    const window = new Uint8Array(wanted);
    let done = 0;
    while (done < wanted) {
      const { bytesRead } = await this.#handle.read(window, done, wanted - done, at + done);
      if (bytesRead === 0) throw new RangeError(`the file ends at byte ${at + done}`);
      done += bytesRead;
    }
    if (length > wanted) throw new RangeError(`the file ends at byte ${this.size}`);
    this.#window = window;
    this.#offset = at;
  }
}
