import type { Layer } from 'ag-psd';
import type { MaskBlock, PixelBlock } from '../picture-file.ts';
import { packBits, worstPacked } from './pack-bits.ts';

/** Compresses with zlib. Given by the host. */
export type Deflate = (data: Uint8Array) => Uint8Array;

type RawData = NonNullable<Layer['rawData']>;
type Channel = RawData['channels'][number];

const PACK_BITS = 1;
const ZIP_WITH_PREDICTION = 3;

/**
 * A layer's channels as they go into the file: PackBits with 8 bits, zlib with prediction with 16, as Photoshop does.
 * @param large true for PSB, whose row lengths take four bytes.
 */
export function layerChannels(
  pixels: PixelBlock | null,
  mask: MaskBlock | null,
  hasMask: boolean,
  depth: 8 | 16,
  large: boolean,
  deflate: Deflate,
): RawData {
  const channels = [-1, 0, 1, 2].map((id): Channel => {
    if (!pixels) return { id, compression: 0, data: undefined };
    return channel(id, plane(pixels.data, 4, id === -1 ? 3 : id), pixels.width, large, deflate);
  });
  if (mask) channels.push(channel(-2, mask.data, mask.width, large, deflate));
  else if (hasMask) channels.push({ id: -2, compression: 0, data: undefined });
  // Colour mode 3 is RGB; its enumeration is one of types only.
  return { colorMode: 3, bitsPerChannel: depth, large, channels };
}

/** The merged picture at the end of the file, its compression included: PackBits, which is all that Photoshop reads there. */
export function mergedData(
  data: Uint8Array | Uint16Array,
  width: number,
  withAlpha: boolean,
  large: boolean,
): Uint8Array {
  const planes = (withAlpha ? [0, 1, 2, 3] : [0, 1, 2]).map((k) =>
    packedRows(plane(data, 4, k), width, large),
  );
  const total = planes.reduce((sum, { lengths, rows }) => sum + lengths.byteLength + rows.byteLength, 2);
  const out = new Uint8Array(total);
  out[1] = PACK_BITS;
  let at = 2;
  for (const part of [...planes.map(({ lengths }) => lengths), ...planes.map(({ rows }) => rows)]) {
    out.set(part, at);
    at += part.byteLength;
  }
  return out;
}

function plane(data: Uint8Array | Uint16Array, step: number, offset: number): Uint8Array | Uint16Array {
  const count = data.length / step;
  const out = data instanceof Uint8Array ? new Uint8Array(count) : new Uint16Array(count);
  for (let i = 0; i < count; i++) out[i] = data[i * step + offset] as number;
  return out;
}

function channel(
  id: number,
  values: Uint8Array | Uint16Array,
  width: number,
  large: boolean,
  deflate: Deflate,
): Channel {
  if (values instanceof Uint16Array)
    return { id, compression: ZIP_WITH_PREDICTION, data: deflate(predicted(values, width)) };
  const { lengths, rows } = packedRows(values, width, large);
  const data = new Uint8Array(lengths.byteLength + rows.byteLength);
  data.set(lengths);
  data.set(rows, lengths.byteLength);
  return { id, compression: PACK_BITS, data };
}

/** Big-endian differences along each row. */
function predicted(values: Uint16Array, width: number): Uint8Array {
  const out = new Uint8Array(values.length * 2);
  const view = new DataView(out.buffer);
  for (let i = 0; i < values.length; i++) {
    const before = i % width === 0 ? 0 : (values[i - 1] as number);
    view.setUint16(i * 2, ((values[i] as number) - before) & 0xffff);
  }
  return out;
}

function packedRows(
  values: Uint8Array | Uint16Array,
  width: number,
  large: boolean,
): { lengths: Uint8Array; rows: Uint8Array } {
  const bytes = values instanceof Uint8Array ? values : bigEndian(values);
  const rowBytes = width * values.BYTES_PER_ELEMENT;
  const height = bytes.byteLength / rowBytes;
  const lengths = new DataView(new ArrayBuffer(height * (large ? 4 : 2)));
  const rows = new Uint8Array(worstPacked(rowBytes) * height);
  let at = 0;
  for (let y = 0; y < height; y++) {
    const end = packBits(bytes.subarray(y * rowBytes, (y + 1) * rowBytes), rows, at);
    if (large) lengths.setUint32(y * 4, end - at);
    else lengths.setUint16(y * 2, end - at);
    at = end;
  }
  return { lengths: new Uint8Array(lengths.buffer), rows: rows.slice(0, at) };
}

function bigEndian(values: Uint16Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.byteLength));
  for (let i = 0; i < values.length; i++) view.setUint16(i * 2, values[i] as number);
  return new Uint8Array(view.buffer);
}
