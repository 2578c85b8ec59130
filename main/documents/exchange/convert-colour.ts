import sharp from 'sharp';
import { FormatError } from '../../../renderer/engine/formats/picture-file.ts';
import type { ConvertToRgb } from '../../../renderer/engine/formats/psd/to-rgba.ts';
import { samplesOf } from './raster.ts';
import { frameAsTiff } from './tiff-frame.ts';

/**
 * Converts CMYK, Lab and grey pixels to sRGB by the file's profile (Little CMS, in libvips). CMYK without a profile is
 * taken for libvips' own, grey without one for gamma 2.2 as sRGB has it.
 * @throws FormatError when the profile does not fit the pixels.
 */
export const convertToRgb: ConvertToRgb = async (samples, size, model, profile) => {
  const depth = samples instanceof Uint8Array ? 8 : 16;
  const stored = model === 'lab' ? labForTiff(samples) : samples;
  const tiff = frameAsTiff(stored, size, model, model === 'lab' ? null : profile);
  try {
    const pixels = await sharp(tiff, { limitInputPixels: false })
      .toColourspace(depth === 8 ? 'srgb' : 'rgb16')
      .removeAlpha()
      .raw({ depth: depth === 8 ? 'uchar' : 'ushort' })
      .toBuffer({ resolveWithObject: true });
    if (pixels.info.channels !== 3) throw new Error(`${pixels.info.channels} channels came back`);
    return samplesOf(pixels.data, depth);
  } catch (error) {
    throw new FormatError(
      `Its ${model} pixels cannot be converted by its profile (${error instanceof Error ? error.message : String(error)}).`,
      'Convert it to RGB in the program that made it.',
    );
  }
};

/** PSD has a* and b* with an offset of half the range; TIFF has them signed. */
function labForTiff(samples: Uint8Array | Uint16Array): Uint8Array | Uint16Array {
  const half = samples instanceof Uint8Array ? 128 : 32_768;
  const mask = half * 2 - 1;
  return samples.map((value, i) => (i % 3 === 0 ? value : (value + half) & mask)) as typeof samples;
}
