import { FormatError } from '../picture-file.ts';
import { unpackBits } from './pack-bits.ts';

/** Inflates zlib data into at most `limit` bytes, and throws beyond. Given by the host. */
export type Inflate = (data: Uint8Array, limit: number) => Uint8Array;

/** One channel as a PSD stores it. */
export interface StoredChannel {
  /** 0 raw, 1 PackBits, 2 zlib, 3 zlib with prediction. */
  readonly compression: number;
  readonly data: Uint8Array;
}

/** How a channel's values lie. */
export interface ChannelShape {
  readonly width: number;
  readonly height: number;
  readonly bits: 8 | 16 | 32;
  /** True in PSB files, whose row lengths take four bytes. */
  readonly large: boolean;
}

/** The most that a byte of each compression can become: PackBits 2 → 128, deflate 1032 : 1 (zlib's documentation). */
const EXPANSION = [1, 64, 1032, 1032] as const;

/**
 * Decodes a channel to its values as stored (big-endian bytes, `width * bits / 8` a row).
 *
 * Nothing is allocated that the stored bytes could not fill: a claim of more pixels is refused first.
 * @throws FormatError
 */
export function readChannel(stored: StoredChannel, shape: ChannelShape, inflate: Inflate): Uint8Array {
  const { width, height, bits, large } = shape;
  const rowBytes = (width * bits) / 8;
  const total = rowBytes * height;
  const expansion = EXPANSION[stored.compression];
  if (expansion === undefined) throw new FormatError(`Compression ${stored.compression} is not known.`);
  if (total > stored.data.byteLength * expansion) {
    throw new FormatError(
      `A channel of ${width} × ${height} pixels cannot come out of ${stored.data.byteLength} bytes; the file is cut short or damaged.`,
    );
  }
  switch (stored.compression) {
    case 0:
      return stored.data.subarray(0, total);
    case 1:
      return unpackRows(stored.data, { rowBytes, height, large });
    default: {
      const values = inflateTo(stored.data, total, inflate);
      if (stored.compression === 3) undoPrediction(values, width, height, bits);
      return values;
    }
  }
}

function inflateTo(data: Uint8Array, total: number, inflate: Inflate): Uint8Array {
  let values: Uint8Array;
  try {
    values = inflate(data, total);
  } catch (error) {
    throw new FormatError(
      `A compressed channel is damaged (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
  if (values.byteLength < total) throw new FormatError('A compressed channel is cut short.');
  return values;
}

/** PackBits rows after their table of lengths. */
function unpackRows(
  data: Uint8Array,
  { rowBytes, height, large }: { rowBytes: number; height: number; large: boolean },
): Uint8Array {
  const lengthBytes = large ? 4 : 2;
  const table = height * lengthBytes;
  if (table > data.byteLength) throw new FormatError('The table of row lengths is cut short.');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const out = new Uint8Array(rowBytes * height);
  let at = table;
  for (let y = 0; y < height; y++) {
    const length = large ? view.getUint32(y * 4) : view.getUint16(y * 2);
    unpackBits(data.subarray(at, at + length), out, y * rowBytes, rowBytes);
    at += length;
  }
  return out;
}

/** Takes back the horizontal differences of compression 3 (Photoshop File Formats, "Prediction"). */
function undoPrediction(values: Uint8Array, width: number, height: number, bits: 8 | 16 | 32): void {
  if (bits === 8) {
    for (let y = 0; y < height; y++) {
      for (let i = y * width + 1; i < (y + 1) * width; i++) {
        values[i] = ((values[i] as number) + (values[i - 1] as number)) & 0xff;
      }
    }
    return;
  }
  if (bits === 16) {
    const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
    for (let y = 0; y < height; y++) {
      let sum = 0;
      for (let at = y * width * 2, end = at + width * 2; at < end; at += 2) {
        sum = (sum + view.getUint16(at)) & 0xffff;
        view.setUint16(at, sum);
      }
    }
    return;
  }
  // Floats: differences of bytes, each row split into planes of the first, second, third and fourth bytes.
  const row = new Uint8Array(width * 4);
  for (let y = 0; y < height; y++) {
    const start = y * width * 4;
    for (let i = start + 1; i < start + width * 4; i++) {
      values[i] = ((values[i] as number) + (values[i - 1] as number)) & 0xff;
    }
    for (let x = 0; x < width; x++) {
      for (let k = 0; k < 4; k++) row[x * 4 + k] = values[start + k * width + x] as number;
    }
    values.set(row, start);
  }
}
