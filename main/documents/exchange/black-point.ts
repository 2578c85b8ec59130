import sharp from 'sharp';
import { linearToSrgb, srgbToLinear } from '../../../renderer/engine/colour/srgb.ts';
import { buildMatrixProfile, gammaCurve, SRGB_COLOURS } from './build-profile.ts';
import { builtInProfile, convertPicture, loadProfile } from './convert-profile.ts';
import { withPressFile } from './press-intent.ts';
import { colourSpaceOf } from './profiles.ts';
import { type FlatPicture, inDepth, samplesOf } from './raster.ts';
import { frameAsTiff } from './tiff-frame.ts';

/**
 * How much light the darkest black of a press throws back, 0..1 of paper white: that of its perceptual table, read back
 * media-relatively, without its tint (ISO 18619:2015, as Little CMS does for tables of CMYK).
 */
export async function blackOfPress(press: Uint8Array): Promise<number> {
  const black = frameAsTiff(new Uint8Array(3), { width: 1, height: 1 }, 'rgb', await builtInProfile('srgb'));
  // A profile of version 2: to one of version 4 Little CMS would compensate for black by itself.
  const light = buildMatrixProfile(SRGB_COLOURS, gammaCurve(1));
  if (!light) throw new Error('the primaries of sRGB make no colour space');
  return withPressFile(press, 'perceptual', async (path) => {
    const printed = await sharp(black).withIccProfile(path).tiff({ compression: 'none' }).toBuffer();
    return withPressFile(light, 'perceptual', async (reading) => {
      const seen = await sharp(printed)
        .pipelineColourspace('cmyk')
        .withIccProfile(reading)
        .toColourspace('rgb16')
        .tiff({ compression: 'none' })
        .toBuffer();
      const raw = sharp(seen, { ignoreIcc: true }).toColourspace('rgb16').raw({ depth: 'ushort' });
      const [red = 0, green = 0, blue = 0] = samplesOf(await raw.toBuffer(), 16);
      return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 65_535;
    });
  });
}

/**
 * Black point compensation: black becomes the press' own, white stays, and what lies between moves with them, in linear
 * light (ISO 18619:2015). With it, dark tones of a relative conversion keep their steps.
 * @param source what the numbers mean; null for sRGB.
 * @returns the picture in 16 bits, sRGB or Display P3, which its profile says.
 */
export async function compensateBlack(
  picture: FlatPicture,
  source: Uint8Array | null,
  press: Uint8Array,
): Promise<FlatPicture> {
  const deep = inDepth(picture, 16);
  const isKnown = source === null || colourSpaceOf(source) === 'display-p3';
  const shown = isKnown ? deep : await convertPicture(deep, source, await loadProfile('display-p3'));
  const black = await blackOfPress(press);
  const table = Uint16Array.from({ length: 65_536 }, (_, value) => {
    const light = srgbToLinear(value / 65_535) * (1 - black) + black;
    return Math.round(linearToSrgb(light) * 65_535);
  });
  const data = Uint16Array.from(shown.data, (value, i) => (i % 4 === 3 ? value : (table[value] as number)));
  return {
    ...shown,
    depth: 16,
    data,
    profile: isKnown ? (source ?? (await builtInProfile('srgb'))) : shown.profile,
  };
}
