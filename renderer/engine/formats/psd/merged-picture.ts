import { FormatError, type PixelBlock } from '../picture-file.ts';
import { unpackBits } from './pack-bits.ts';
import { readChannel, type Inflate } from './read-channel.ts';
import { colourChannels, type PsdHeader } from './psd-header.ts';
import { planesToRgba, toSamples, type ColourContext } from './to-rgba.ts';

/**
 * The merged picture at the end of a PSD: what Photoshop showed.
 * @param transparent true when the channel after the colours is the picture's own transparency.
 * @throws FormatError
 */
export async function readMerged(
  bytes: Uint8Array,
  header: PsdHeader,
  context: ColourContext,
  transparent: boolean,
  inflate: Inflate,
): Promise<PixelBlock> {
  const { width, height, mode } = header;
  const colours = colourChannels(mode);
  const wanted = Math.min(header.channels, colours + (transparent ? 1 : 0));
  if (header.channels < colours && mode !== 'multichannel')
    throw new FormatError(`A ${mode} picture of ${header.channels} channels lacks some.`);
  const stored = mergedChannels(bytes, header, wanted, inflate);
  const planes = stored.map((plane, k) =>
    header.bits === 1
      ? spreadBits(plane, width, height)
      : toSamples(plane, header.bits, k < colours && mode === 'rgb'),
  );
  const alpha = transparent ? (planes[colours] ?? null) : null;
  const data = await planesToRgba(planes.slice(0, colours), alpha, { width, height }, context);
  if (alpha) takeOffMatte(data);
  return { x: 0, y: 0, width, height, data };
}

/** Channels one after the other, in stored values. */
function mergedChannels(
  bytes: Uint8Array,
  header: PsdHeader,
  wanted: number,
  inflate: Inflate,
): Uint8Array[] {
  const { width, height, bits, large, channels } = header;
  if (header.mergedAt + 2 > bytes.byteLength) throw new FormatError('It has no merged picture.');
  const compression = ((bytes[header.mergedAt] as number) << 8) | (bytes[header.mergedAt + 1] as number);
  const data = bytes.subarray(header.mergedAt + 2);
  const rowBytes = Math.ceil((width * bits) / 8);
  if (compression === 1) return mergedRows(data, { rowBytes, height, large, channels, wanted });
  if (compression === 0) {
    if (rowBytes * height * wanted > data.byteLength)
      throw new FormatError('Its merged picture is cut short.');
    return Array.from({ length: wanted }, (_, k) =>
      data.subarray(k * rowBytes * height, (k + 1) * rowBytes * height),
    );
  }
  if (bits === 1) throw new FormatError(`Compression ${compression} is not known for bitmaps.`);
  const all = readChannel({ compression, data }, { width, height: height * channels, bits, large }, inflate);
  return Array.from({ length: wanted }, (_, k) =>
    all.subarray(k * rowBytes * height, (k + 1) * rowBytes * height),
  );
}

interface MergedRows {
  readonly rowBytes: number;
  readonly height: number;
  readonly large: boolean;
  readonly channels: number;
  readonly wanted: number;
}

/** PackBits rows: first the lengths of all rows of all channels, then the rows. */
function mergedRows(
  data: Uint8Array,
  { rowBytes, height, large, channels, wanted }: MergedRows,
): Uint8Array[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const lengthBytes = large ? 4 : 2;
  const table = channels * height * lengthBytes;
  if (table > data.byteLength || rowBytes * height * wanted > (data.byteLength - table) * 64) {
    throw new FormatError('Its merged picture is cut short.');
  }
  let at = table;
  return Array.from({ length: wanted }, (_, k) => {
    const plane = new Uint8Array(rowBytes * height);
    for (let y = 0; y < height; y++) {
      const entry = (k * height + y) * lengthBytes;
      const length = large ? view.getUint32(entry) : view.getUint16(entry);
      unpackBits(data.subarray(at, at + length), plane, y * rowBytes, rowBytes);
      at += length;
    }
    return plane;
  });
}

/** Bits to bytes; in a bitmap a set bit is black. */
function spreadBits(rows: Uint8Array, width: number, height: number): Uint8Array {
  const rowBytes = Math.ceil(width / 8);
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = ((rows[y * rowBytes + (x >> 3)] as number) >> (7 - (x & 7))) & 1;
      out[y * width + x] = bit ? 0 : 255;
    }
  }
  return out;
}

/** Photoshop lays the merged picture over white where it is transparent; this takes the white off again. */
function takeOffMatte(data: Uint8Array | Uint16Array): void {
  const maximum = data instanceof Uint8Array ? 255 : 65535;
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3] as number;
    if (alpha === 0 || alpha === maximum) continue;
    for (let k = i; k < i + 3; k++) {
      const value = (((data[k] as number) - (maximum - alpha)) * maximum) / alpha;
      data[k] = Math.min(maximum, Math.max(0, Math.round(value)));
    }
  }
}
