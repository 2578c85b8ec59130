import sharp from 'sharp';
import { MAX_EDGE } from '../../../renderer/engine/formats/picture-file.ts';
import { LINEAR_GREY, LINEAR_SRGB, matrixProfile, writeSrgb } from './matrix-profile.ts';
import type { FlatPicture } from './raster.ts';

/**
 * Decodes a floating-point picture: numbers are what its profile says, light of linear sRGB where it has none. It comes out
 * in sRGB with 16 bits; what is beyond white or the colours of sRGB is cut.
 */
export async function decodeLight(
  bytes: Uint8Array,
  isGrey: boolean,
  icc: Uint8Array | null,
): Promise<FlatPicture> {
  const { data, info } = await sharp(bytes, { limitInputPixels: MAX_EDGE * MAX_EDGE, ignoreIcc: true })
    .autoOrient()
    .toColourspace(isGrey ? 'b-w' : 'scrgb')
    .raw({ depth: 'float' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const values = new Float32Array(Uint8Array.from(data).buffer);
  const out = new Uint16Array(width * height * 4);
  const colours = channels > 2 ? 3 : 1;
  const own = icc && matrixProfile(icc);
  const profile = own?.curves.length === colours ? own : colours === 3 ? LINEAR_SRGB : LINEAR_GREY;
  for (let i = 0; i < width * height; i++) {
    const at = i * channels;
    writeSrgb(profile, values, at, out, i * 4);
    const alpha = channels > colours ? (values[at + colours] as number) : 1;
    out[i * 4 + 3] = Math.round(Math.min(1, Math.max(0, alpha || 0)) * 65_535);
  }
  return { width, height, depth: 16, data: out, profile: null };
}
