import sharp from 'sharp';
import { FormatError } from '../../../renderer/engine/formats/picture-file.ts';
import type { ConvertToRgb } from '../../../renderer/engine/formats/psd/to-rgba.ts';
import { labToSrgb } from './lab-to-srgb.ts';
import { samplesOf } from './raster.ts';
import { frameAsTiff } from './tiff-frame.ts';

/**
 * Converts CMYK and grey pixels to sRGB by the file's profile (Little CMS, in libvips), Lab by its definition. CMYK without a profile is
 * taken for libvips' own, grey without one for gamma 2.2 as sRGB has it.
 * @throws FormatError when the profile does not fit the pixels.
 */
export const convertToRgb: ConvertToRgb = async (samples, size, model, profile) => {
  const depth = samples instanceof Uint8Array ? 8 : 16;
  if (model === 'lab') return labToSrgb(samples);
  const tiff = frameAsTiff(samples, size, model, profile);
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
