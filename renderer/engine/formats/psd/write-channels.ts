import type { LayerStrips, MaskBlock } from '../picture-file.ts';
import { packBits, worstPacked } from './pack-bits.ts';

/** Compresses with zlib. Given by the host. */
export type Deflate = (data: Uint8Array) => Uint8Array;

/** A channel as it goes into the file, in parts; none where it is empty. */
export interface ChannelData {
  readonly id: number;
  readonly compression: 0 | 1 | 2;
  readonly parts: readonly Uint8Array[];
}

const PACK_BITS = 1;
/** Not with prediction, which Photoshop writes: Krita 5.1 reads that wrongly, and what this one writes all read. */
const ZIP = 2;
/** Alpha, red, green, blue, as PSD numbers and orders them. */
const CHANNEL_IDS = [-1, 0, 1, 2] as const;

/**
 * A layer's channels as they go into the file: PackBits with 8 bits, zlib with 16.
 * @param large true for PSB, whose row lengths take four bytes.
 */
export function layerChannels(
  pixels: LayerStrips | null,
  mask: MaskBlock | null,
  hasMask: boolean,
  depth: 8 | 16,
  large: boolean,
  deflate: Deflate,
): ChannelData[] {
  const channels = pixels
    ? pixelChannels(pixels, depth, large, deflate)
    : CHANNEL_IDS.map((id): ChannelData => ({ id, compression: 0, parts: [] }));
  if (mask) channels.push(maskChannel(mask, large, deflate));
  else if (hasMask) channels.push({ id: -2, compression: 0, parts: [] });
  return channels;
}

function pixelChannels(
  { width, height, strips }: LayerStrips,
  depth: 8 | 16,
  large: boolean,
  deflate: Deflate,
): ChannelData[] {
  if (depth === 16) {
    // zlib takes a channel as a whole, so each is read by itself.
    return CHANNEL_IDS.map((id) => {
      const values = new Uint8Array(width * height * 2);
      let at = 0;
      for (const strip of strips()) {
        const part = bigEndian(plane(strip, id) as Uint16Array);
        values.set(part, at);
        at += part.length;
      }
      return { id, compression: ZIP, parts: [deflate(values)] };
    });
  }
  const planes = CHANNEL_IDS.map(() => new PackedPlane(width, large));
  for (const strip of strips()) planes.forEach((packed, k) => packed.add(plane(strip, CHANNEL_IDS[k] ?? 0)));
  return planes.map((packed, k) => ({
    id: CHANNEL_IDS[k] ?? 0,
    compression: PACK_BITS,
    parts: [packed.lengths(), ...packed.rows],
  }));
}

function maskChannel({ data, width }: MaskBlock, large: boolean, deflate: Deflate): ChannelData {
  if (data instanceof Uint16Array) return { id: -2, compression: ZIP, parts: [deflate(bigEndian(data))] };
  const packed = new PackedPlane(width, large);
  packed.add(data);
  return { id: -2, compression: PACK_BITS, parts: [packed.lengths(), ...packed.rows] };
}

/**
 * The merged picture at the end of the file, put together strip by strip: PackBits, which is all that Photoshop reads
 * there. Half transparent pixels are laid over white, where Photoshop expects to find them so.
 */
export class MergedPicture {
  readonly #planes: readonly PackedPlane[];
  #hasAlpha = false;

  constructor(width: number, large: boolean) {
    this.#planes = [0, 1, 2, 3].map(() => new PackedPlane(width, large));
  }

  /** True once a pixel was not opaque. */
  get hasAlpha(): boolean {
    return this.#hasAlpha;
  }

  /** Adds whole rows of straight RGBA. */
  add(strip: Uint8Array | Uint16Array): void {
    const transparent = isTransparent(strip);
    this.#hasAlpha ||= transparent;
    const laid = transparent ? overWhite(strip) : strip;
    this.#planes.forEach((packed, k) => packed.add(plane(laid, k === 3 ? -1 : k)));
  }

  /** What goes into the file, its compression included. */
  parts(): Uint8Array[] {
    const planes = this.#hasAlpha ? this.#planes : this.#planes.slice(0, 3);
    return [
      Uint8Array.of(0, PACK_BITS),
      ...planes.map((packed) => packed.lengths()),
      ...planes.flatMap((packed) => packed.rows),
    ];
  }
}

/** Values of one channel of RGBA; -1 is alpha, as PSD numbers it. */
function plane(data: Uint8Array | Uint16Array, id: number): Uint8Array | Uint16Array {
  const offset = id === -1 ? 3 : id;
  const count = data.length / 4;
  const out = data instanceof Uint8Array ? new Uint8Array(count) : new Uint16Array(count);
  for (let i = 0; i < count; i++) out[i] = data[i * 4 + offset] as number;
  return out;
}

function isTransparent(data: Uint8Array | Uint16Array): boolean {
  const maximum = data instanceof Uint8Array ? 255 : 65535;
  for (let i = 3; i < data.length; i += 4) if (data[i] !== maximum) return true;
  return false;
}

function overWhite(data: Uint8Array | Uint16Array): Uint8Array | Uint16Array {
  const maximum = data instanceof Uint8Array ? 255 : 65535;
  const out = data.slice();
  for (let i = 0; i < out.length; i += 4) {
    const alpha = out[i + 3] as number;
    if (alpha === 0 || alpha === maximum) continue;
    for (let k = i; k < i + 3; k++) {
      out[k] = Math.round(((out[k] as number) * alpha) / maximum + maximum - alpha);
    }
  }
  return out;
}

/** Rows of one channel in PackBits, as they come. */
class PackedPlane {
  readonly #width: number;
  readonly #large: boolean;
  readonly #lengths: number[] = [];
  /** Reused, since arrays that are dropped stay for a while. */
  #scratch = new Uint8Array();
  /** One array a strip. */
  readonly rows: Uint8Array[] = [];

  constructor(width: number, large: boolean) {
    this.#width = width;
    this.#large = large;
  }

  add(values: Uint8Array | Uint16Array): void {
    const bytes = values instanceof Uint8Array ? values : bigEndian(values);
    const rowBytes = this.#width * values.BYTES_PER_ELEMENT;
    const height = bytes.byteLength / rowBytes;
    const room = worstPacked(rowBytes) * height;
    if (this.#scratch.byteLength < room) this.#scratch = new Uint8Array(room);
    const rows = this.#scratch;
    let at = 0;
    for (let y = 0; y < height; y++) {
      const end = packBits(bytes.subarray(y * rowBytes, (y + 1) * rowBytes), rows, at);
      this.#lengths.push(end - at);
      at = end;
    }
    this.rows.push(rows.slice(0, at));
  }

  /** Bytes of each row, as the file has them. */
  lengths(): Uint8Array {
    const view = new DataView(new ArrayBuffer(this.#lengths.length * (this.#large ? 4 : 2)));
    this.#lengths.forEach((length, y) => {
      if (this.#large) view.setUint32(y * 4, length);
      else view.setUint16(y * 2, length);
    });
    return new Uint8Array(view.buffer);
  }
}

function bigEndian(values: Uint16Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.byteLength));
  for (let i = 0; i < values.length; i++) view.setUint16(i * 2, values[i] as number);
  return new Uint8Array(view.buffer);
}
