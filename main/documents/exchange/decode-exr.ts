import { FormatError, MAX_EDGE } from '../../../renderer/engine/formats/picture-file.ts';
import type { FlatPicture } from './raster.ts';

/** What deflate, the strongest of the compressions that three reads, makes of a byte at most. */
const EXPANSION = 1032;

function encodeSrgb(value: number): number {
  return value <= 0.003_130_8 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

/** What was read of an OpenEXR file. */
export interface DecodedExr {
  readonly picture: FlatPicture;
  /** Some light was brighter than white and had to be cut. */
  readonly clipped: boolean;
  /** Parts that the file has; the first is the picture. */
  readonly parts: number;
}

/**
 * Reads OpenEXR into 16-bit sRGB with straight alpha.
 * @throws FormatError
 */
export async function decodeExr(bytes: Uint8Array): Promise<DecodedExr> {
  const parts = checkWindow(bytes);
  const { EXRLoader } = await import('three/examples/jsm/loaders/EXRLoader.js');
  const { FloatType } = await import('three');
  const loader = new EXRLoader();
  loader.setDataType(FloatType);
  let read: { width?: number; height?: number; data?: unknown };
  try {
    read = loader.parse(Uint8Array.from(bytes).buffer) as typeof read;
  } catch (error) {
    throw new FormatError(
      `It cannot be read as OpenEXR (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
  const { width = 0, height = 0, data } = read;
  if (!(data instanceof Float32Array) || data.length < width * height * 4)
    throw new FormatError('Its channels are not red, green and blue.');
  const out = new Uint16Array(width * height * 4);
  let clipped = false;
  for (let y = 0; y < height; y++) {
    let from = (height - 1 - y) * width * 4;
    for (let i = y * width * 4; i < (y + 1) * width * 4; i += 4, from += 4) {
      const alpha = Math.min(1, Math.max(0, data[from + 3] as number)) || 0;
      for (let k = 0; k < 3; k++) {
        const light = alpha > 0 ? (data[from + k] as number) / alpha : 0;
        if (light > 1.001) clipped = true;
        out[i + k] = Math.round(encodeSrgb(Math.min(1, Math.max(0, light)) || 0) * 65535);
      }
      out[i + 3] = Math.round(alpha * 65535);
    }
  }
  return { picture: { width, height, depth: 16, data: out, profile: null }, clipped, parts };
}

/** Bit of the version field that says that a file may have several parts. */
const SEVERAL_PARTS = 0x10_00;

/**
 * Finds the data window in the header (OpenEXR File Layout, "Header") and bounds it before three allocates it.
 * @returns parts of the file: each has a data window.
 */
function checkWindow(bytes: Uint8Array): number {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 65_536));
  const name = 'dataWindow\0box2i\0';
  const at = head.indexOf(name, 0, 'latin1');
  if (at === -1 || at + 37 > head.byteLength)
    throw new FormatError('It has no data window, so it is no OpenEXR file.');
  const [x0, y0, x1, y1] = [0, 4, 8, 12].map((offset) => head.readInt32LE(at + 21 + offset)) as [
    number,
    number,
    number,
    number,
  ];
  const width = x1 - x0 + 1;
  const height = y1 - y0 + 1;
  if (!(width >= 1 && height >= 1 && width <= MAX_EDGE && height <= MAX_EDGE))
    throw new FormatError(`It is ${width} × ${height} pixels; a canvas here has edges of 1 to ${MAX_EDGE}.`);
  if (width * height > bytes.byteLength * EXPANSION)
    throw new FormatError(`${width} × ${height} pixels cannot come out of ${bytes.byteLength} bytes.`);
  return (head.readUInt32LE(4) & SEVERAL_PARTS) === 0 ? 1 : head.toString('latin1').split(name).length - 1;
}
