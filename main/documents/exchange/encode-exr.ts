import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { FlatPicture } from './raster.ts';

const compress = promisify(deflate);

/** Linear red, green and blue of Display P3 as those of sRGB (both D65; CSS Color 4, section 17). */
const P3_TO_SRGB = [
  [1.224_940_176_280_56, -0.224_940_176_280_56, 0],
  [-0.042_056_954_709_688, 1.042_056_954_709_688, 0],
  [-0.019_637_554_590_334, -0.078_636_045_550_632, 1.098_273_600_140_966],
] as const;

/** Channels as the file orders them, and where each stands in RGBA. */
const CHANNELS = [
  ['A', 3],
  ['B', 2],
  ['G', 1],
  ['R', 0],
] as const;
/** Rows of a block with ZIP compression. */
const BLOCK_ROWS = 16;
const ZIP = 3;
const HALF = 1;

function decodeSrgb(value: number): number {
  return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/**
 * Writes OpenEXR (OpenEXR File Layout) with half floats: linear light, premultiplied alpha, the primaries of sRGB, scan lines in
 * ZIP compression. No more than a strip is held besides what is compressed.
 * @param strips whole rows of straight RGBA from the top; each but the last of a multiple of sixteen rows.
 * @param isP3 true when the picture's numbers are Display P3; colours beyond sRGB become negative or above one.
 * @returns the file in parts, in order.
 */
export async function encodeExr(
  { width, height, depth }: Pick<FlatPicture, 'width' | 'height' | 'depth'>,
  strips: AsyncIterable<FlatPicture['data']> | Iterable<FlatPicture['data']>,
  isP3: boolean,
): Promise<Uint8Array[]> {
  const toLight = lightWriter(depth, isP3);
  const blocks: Uint8Array[] = [];
  let y = 0;
  for await (const strip of strips) {
    const rows = strip.length / 4 / width;
    for (let row = 0; row < rows; row += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - row);
      const halves = new Uint16Array(count * width * 4);
      for (let k = 0; k < count; k++)
        toLight(strip.subarray((row + k) * width * 4, (row + k + 1) * width * 4), halves, k * width * 4);
      blocks.push(...(await block(y + row, new Uint8Array(halves.buffer))));
    }
    y += rows;
  }
  const head = header(width, height);
  const table = new DataView(new ArrayBuffer((blocks.length / 2) * 8));
  let at = head.byteLength + table.byteLength;
  for (let i = 0; i < blocks.length; i += 2) {
    table.setBigUint64(i * 4, BigInt(at), true);
    at += (blocks[i]?.byteLength ?? 0) + (blocks[i + 1]?.byteLength ?? 0);
  }
  return [head, new Uint8Array(table.buffer), ...blocks];
}

/** Writes one row of RGBA as light, channel after channel. */
function lightWriter(
  depth: 8 | 16,
  isP3: boolean,
): (row: FlatPicture['data'], out: Uint16Array, at: number) => void {
  const maximum = depth === 8 ? 255 : 65535;
  const linear = Float32Array.from({ length: maximum + 1 }, (_, value) => decodeSrgb(value / maximum));
  const whole = Uint16Array.from(linear, toHalf);
  const alphas = Uint16Array.from({ length: maximum + 1 }, (_, value) => toHalf(value / maximum));
  return (row, out, at) => {
    const width = row.length / 4;
    CHANNELS.forEach(([, channel], plane) => {
      let to = at + plane * width;
      for (let i = 0; i < row.length; i += 4) {
        const alpha = row[i + 3] as number;
        if (channel === 3) out[to++] = alphas[alpha] as number;
        else if (!isP3 && alpha === maximum) out[to++] = whole[row[i + channel] as number] as number;
        else {
          const light = isP3
            ? mixed(P3_TO_SRGB[channel], row, i, linear)
            : (linear[row[i + channel] as number] as number);
          out[to++] = toHalf((light * alpha) / maximum);
        }
      }
    });
  };
}

function mixed(
  [red, green, blue]: readonly [number, number, number],
  row: FlatPicture['data'],
  at: number,
  linear: Float32Array,
): number {
  return (
    red * (linear[row[at] as number] as number) +
    green * (linear[row[at + 1] as number] as number) +
    blue * (linear[row[at + 2] as number] as number)
  );
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The nearest half float (IEEE 754 binary16, ties to even); beyond the largest, that one. */
function toHalf(value: number): number {
  float[0] = value;
  const all = bits[0] as number;
  const sign = (all >>> 16) & 0x8000;
  const magnitude = all & 0x7fff_ffff;
  if (magnitude >= 0x477f_f000) return sign | 0x7bff;
  if (magnitude < 0x3880_0000) {
    const scaled = Math.abs(float[0]) * 2 ** 24;
    const floor = Math.floor(scaled);
    const rest = scaled - floor;
    return sign | (floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0));
  }
  return sign | ((magnitude - 0x3800_0000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
}

/** A block's place and size, and its bytes: even ones, then odd ones, as differences, deflated; as they are where that is no less. */
async function block(y: number, raw: Uint8Array): Promise<[head: Uint8Array, data: Uint8Array]> {
  const half = Math.ceil(raw.length / 2);
  const parted = new Uint8Array(raw.length);
  for (let i = 0, k = 0; i < raw.length; i += 2, k++) {
    parted[k] = raw[i] as number;
    parted[half + k] = raw[i + 1] as number;
  }
  for (let i = parted.length - 1; i > 0; i--)
    parted[i] = (parted[i] as number) - (parted[i - 1] as number) + 128;
  const packed = await compress(parted, { level: 4 });
  const data = packed.byteLength < raw.byteLength ? packed : raw;
  const head = new DataView(new ArrayBuffer(8));
  head.setInt32(0, y, true);
  head.setInt32(4, data.byteLength, true);
  return [new Uint8Array(head.buffer), data];
}

function header(width: number, height: number): Uint8Array {
  const window = int32(0, 0, width - 1, height - 1);
  const channels = CHANNELS.flatMap(([name]) => [text(name), int32(HALF, 0, 1, 1)]);
  return Buffer.concat([
    // Magic number, version 2: a single part of scan lines.
    int32(20_000_630, 2),
    attribute('channels', 'chlist', Buffer.concat([...channels, Buffer.alloc(1)])),
    attribute('compression', 'compression', Buffer.of(ZIP)),
    attribute('dataWindow', 'box2i', window),
    attribute('displayWindow', 'box2i', window),
    attribute('lineOrder', 'lineOrder', Buffer.of(0)),
    attribute('pixelAspectRatio', 'float', float32(1)),
    attribute('screenWindowCenter', 'v2f', float32(0, 0)),
    attribute('screenWindowWidth', 'float', float32(1)),
    Buffer.alloc(1),
  ]);
}

function attribute(name: string, type: string, value: Buffer): Buffer {
  return Buffer.concat([text(name), text(type), int32(value.byteLength), value]);
}

function text(words: string): Buffer {
  return Buffer.from(`${words}\0`, 'latin1');
}

function int32(...values: number[]): Buffer {
  return Buffer.from(Int32Array.from(values).buffer);
}

function float32(...values: number[]): Buffer {
  return Buffer.from(Float32Array.from(values).buffer);
}
