import { FormatError } from '../../../renderer/engine/formats/picture-file.ts';
import { type ExrHeader, type ExrWindow, readExrHeader } from './exr-header.ts';
import type { FlatPicture } from './raster.ts';

function encodeSrgb(value: number): number {
  return value <= 0.003_130_8 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

/** What was read of an OpenEXR file. */
export interface DecodedExr {
  readonly picture: FlatPicture;
  /** The canvas, in the coordinates of the picture: what the file says is to be shown. */
  readonly canvas: ExrWindow;
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
  const { display, data: place, packing, parts, unknown } = readExrHeader(bytes);
  const { EXRLoader } = await import('three/examples/jsm/loaders/EXRLoader.js');
  const { FloatType } = await import('three');
  const loader = new EXRLoader();
  loader.setDataType(FloatType);
  let read: { width?: number; height?: number; data?: unknown };
  try {
    read = loader.parse(forDecoder(bytes, unknown).buffer) as typeof read;
  } catch (error) {
    throw new FormatError(
      `It cannot be read as OpenEXR (packed with ${packing}: ${error instanceof Error ? error.message : String(error)}).`,
      'Save it with ZIP compression in the program that made it.',
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
  return {
    picture: { width, height, depth: 16, data: out, profile: null },
    canvas: { ...display, x: display.x - place.x, y: display.y - place.y },
    clipped,
    parts,
  };
}

/** Bytes of nothing after the file. */
const PADDING = 1024;

/**
 * A copy in which every name ends, where the decoder would look for its end beyond the file and for ever; without the
 * attributes that it would remark upon.
 */
function forDecoder(bytes: Uint8Array, unknown: ExrHeader['unknown']): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.byteLength + PADDING);
  let [from, at] = [0, 0];
  for (const { start, end } of [...unknown, { start: bytes.byteLength, end: 0 }]) {
    out.set(bytes.subarray(from, start), at);
    at += start - from;
    from = end;
  }
  return out;
}
