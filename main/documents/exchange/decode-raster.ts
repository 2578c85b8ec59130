import sharp, { type Metadata } from 'sharp';
import { type FileLoss, FormatError, MAX_EDGE } from '../../../renderer/engine/formats/picture-file.ts';
import { decodeLight } from './decode-light.ts';
import { isRaster } from './file-kind.ts';
import { checkPngClaim, pngFrames } from './png-claim.ts';
import { rgbProfileOfGrey } from './matrix-profile.ts';
import { profileSpace } from './profiles.ts';
import { pngColour } from './png-colour.ts';
import { type FlatPicture, samplesOf } from './raster.ts';
import { checkTiffClaim } from './tiff-claim.ts';

/** A flat file's picture, and what it had besides. */
export interface DecodedRaster {
  readonly picture: FlatPicture;
  /** Pixels per inch; null when the file does not say. */
  readonly resolution: number | null;
  readonly losses: readonly FileLoss[];
}

const LEFT_OUT = (feature: string): FileLoss => ({ layer: null, feature, outcome: 'left-out' });

/**
 * Decodes PNG, JPEG, WebP, AVIF, TIFF and GIF: upright by EXIF orientation, first frame or page, numbers and ICC
 * profile as stored. CMYK becomes sRGB by its profile. 16 bits where the file has more than 8.
 * @throws FormatError
 */
export async function decodeRaster(bytes: Uint8Array): Promise<DecodedRaster> {
  if (!isRaster(bytes))
    throw new FormatError('It does not begin like a picture file.', 'Choose another file.');
  checkPngClaim(bytes);
  checkTiffClaim(bytes);
  const head = await read(() => sharp(bytes, { limitInputPixels: MAX_EDGE * MAX_EDGE }).metadata());
  const { width, height } = head;
  if (width > MAX_EDGE || height > MAX_EDGE)
    throw new FormatError(`It is ${width} × ${height} pixels; a canvas here has edges of 1 to ${MAX_EDGE}.`);
  if (head.depth === 'float' || head.depth === 'double') {
    const icc = head.icc ? Uint8Array.from(head.icc) : null;
    const picture = await read(() => decodeLight(bytes, head.space === 'b-w', icc));
    return { picture, resolution: resolutionOf(head), losses: lossesOf(head, pngFrames(bytes)) };
  }
  const depth = head.depth === 'uchar' || (head.space === 'b-w' && head.depth === undefined) ? 8 : 16;
  const keepsNumbers = head.space !== 'cmyk' && head.space !== 'lab';
  const { data, info } = await read(() =>
    sharp(bytes, { limitInputPixels: MAX_EDGE * MAX_EDGE, ignoreIcc: keepsNumbers })
      .autoOrient()
      .toColourspace(depth === 8 ? 'srgb' : 'rgb16')
      .ensureAlpha()
      .raw({ depth: depth === 8 ? 'uchar' : 'ushort' })
      .toBuffer({ resolveWithObject: true }),
  );
  // A profile counts before gamma and primaries (PNG specification, third edition, section 4.3).
  const colour = head.icc ? null : await pngColour(bytes);
  if (info.channels < 4) throw new FormatError(`It came out with ${info.channels} channels instead of 4.`);
  const extra = info.channels - 4;
  const isGrey = head.space === 'b-w' || head.space === 'grey16';
  return {
    picture: {
      width: info.width,
      height: info.height,
      depth,
      data: firstFour(samplesOf(data, depth), info.channels),
      profile: keepsNumbers ? (colour?.profile ?? keptProfile(head.icc, isGrey)) : null,
    },
    resolution: resolutionOf(head),
    losses: [
      ...lossesOf(head, pngFrames(bytes)),
      ...(extra > 0 ? [LEFT_OUT(extra === 1 ? '1 further channel' : `${extra} further channels`)] : []),
      ...(colour?.near ? [{ layer: null, feature: colour.near, outcome: 'changed' as const }] : []),
    ],
  };
}

/** Red, green, blue and alpha of pixels that have more: saved selections, spot colours. */
function firstFour(samples: Uint8Array | Uint16Array, channels: number): Uint8Array | Uint16Array {
  if (channels === 4) return samples;
  const out = samples.slice(0, (samples.length / channels) * 4);
  for (let from = 0, at = 0; at < out.length; from += channels, at += 4)
    for (let k = 0; k < 4; k++) out[at + k] = samples[from + k] as number;
  return out;
}

/** A grey profile does not describe what has become red, green and blue; one with its curve does. */
function keptProfile(icc: Uint8Array | undefined, isGrey: boolean): Uint8Array | null {
  if (!icc) return null;
  const profile = Uint8Array.from(icc);
  return isGrey && profileSpace(profile) === 'GRAY' ? rgbProfileOfGrey(profile) : isGrey ? null : profile;
}

function resolutionOf({ density }: Metadata): number | null {
  return density !== undefined && density >= 1 ? density : null;
}

/** @param frames as the file itself says: the decoder knows one of an animated PNG. */
function lossesOf({ pages: known = 1, format, space, depth }: Metadata, frames: number): FileLoss[] {
  const losses: FileLoss[] = [];
  const pages = Math.max(known, frames);
  if (pages > 1) losses.push(LEFT_OUT(`${pages - 1} of ${pages} ${format === 'tiff' ? 'pages' : 'frames'}`));
  if (space === 'cmyk') losses.push({ layer: null, feature: 'CMYK colour', outcome: 'changed' });
  if (space === 'lab' || space === 'labs')
    losses.push({ layer: null, feature: 'Lab colour', outcome: 'changed' });
  if (depth === 'float' || depth === 'double')
    losses.push({ layer: null, feature: 'Values beyond white', outcome: 'changed' });
  return losses;
}

async function read<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const packing = /(\w+) compression support is not configured/.exec(reason)?.[1];
    if (packing !== undefined)
      throw new FormatError(
        `It is packed with ${packing}, which is not read.`,
        'Save it with LZW or Deflate compression, or none.',
      );
    throw new FormatError(`It cannot be read as a picture (${reason}).`, 'Choose another file.');
  }
}
