import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { StudioError } from '../../../preload/contract/index.ts';
import { matrixConverter } from './convert-by-matrix.ts';
import { matrixProfile } from './matrix-profile.ts';
import { profileSpace } from './profiles.ts';
import { type FlatPicture, samplesOf } from './raster.ts';
import { frameAsTiff } from './tiff-frame.ts';

/** Profiles that are there without a file. */
export const BUILT_IN_PROFILES = ['srgb', 'display-p3'] as const;
export type BuiltInProfile = (typeof BUILT_IN_PROFILES)[number];

const SHARP_NAMES = { srgb: 'srgb', 'display-p3': 'p3' } as const;

/** The bytes of a built-in profile, as libvips carries it. */
export async function builtInProfile(name: BuiltInProfile): Promise<Uint8Array> {
  const tiny = sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } });
  const png = await tiny.withIccProfile(SHARP_NAMES[name]).png().toBuffer();
  const { icc } = await sharp(png).metadata();
  if (!icc) throw new Error(`the build of libvips has no profile ${name}`);
  return Uint8Array.from(icc);
}

/** A target profile: its bytes, and a path or name by which libvips finds it. */
export interface TargetProfile {
  readonly bytes: Uint8Array;
  /** What sharp is given. */
  readonly location: string;
  readonly space: 'RGB ' | 'CMYK';
}

/**
 * Reads a profile by its built-in name or from a file.
 * @throws StudioError `files/no-profile`
 */
export async function loadProfile(nameOrPath: string): Promise<TargetProfile> {
  const builtIn = BUILT_IN_PROFILES.find((name) => name === nameOrPath);
  if (builtIn) return { bytes: await builtInProfile(builtIn), location: SHARP_NAMES[builtIn], space: 'RGB ' };
  const remedy = `Name an .icc file, or one of ${BUILT_IN_PROFILES.join(', ')}.`;
  const bytes = await readFile(nameOrPath).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError(
      'files/no-profile',
      `The profile ${nameOrPath} cannot be read (${reason}).`,
      remedy,
    );
  });
  const space = profileSpace(bytes);
  if (space !== 'RGB ' && space !== 'CMYK')
    throw new StudioError('files/no-profile', `${nameOrPath} is no RGB or CMYK profile.`, remedy);
  return { bytes: new Uint8Array(bytes), location: nameOrPath, space };
}

/** Converts pictures of one profile and depth to another profile. */
export type ConvertPicture = (picture: FlatPicture) => Promise<FlatPicture>;

/**
 * What converts pictures' numbers to another RGB profile, strip by strip where they come so: between profiles of curves and a
 * matrix in floating point, between others by Little CMS through libvips, which goes by way of Display P3.
 * @param source what the numbers mean now; null for sRGB.
 */
export async function pictureConverter(
  source: Uint8Array | null,
  target: TargetProfile,
  depth: FlatPicture['depth'],
): Promise<ConvertPicture> {
  const means = source ?? (await builtInProfile('srgb'));
  const from = matrixProfile(means);
  const to = matrixProfile(target.bytes);
  const exact = from && to && matrixConverter(from, to, depth);
  if (!exact) return (picture) => convertByTables(picture, means, target);
  return async (picture) => ({ ...picture, data: exact(picture.data), profile: target.bytes });
}

/** Converts one picture as {@link pictureConverter} does. @param source what the numbers mean now; null for sRGB. */
export async function convertPicture(
  picture: FlatPicture,
  source: Uint8Array | null,
  target: TargetProfile,
): Promise<FlatPicture> {
  const convert = await pictureConverter(source, target, picture.depth);
  return convert(picture);
}

async function convertByTables(
  picture: FlatPicture,
  means: Uint8Array,
  target: TargetProfile,
): Promise<FlatPicture> {
  const { width, height, data, depth } = picture;
  const count = width * height;
  const rgb = new Uint16Array(count * 3);
  const scale = depth === 8 ? 257 : 1;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) rgb[i * 3 + k] = (data[i * 4 + k] as number) * scale;
  }
  const converted = await convertSamples(rgb, picture, means, target.location);
  const out = data.slice();
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) {
      const value = converted[i * 3 + k] as number;
      out[i * 4 + k] = depth === 8 ? (value / 257 + 0.5) | 0 : value;
    }
  }
  return { ...picture, data: out, profile: target.bytes };
}

async function convertSamples(
  rgb: Uint16Array,
  size: { readonly width: number; readonly height: number },
  source: Uint8Array,
  location: string,
): Promise<Uint16Array> {
  const { data } = await sharp(frameAsTiff(rgb, size, 'rgb', source), { limitInputPixels: false })
    .toColourspace('rgb16')
    .withIccProfile(location)
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  return samplesOf(data, 16) as Uint16Array;
}

/** A press' profile from its bytes. @throws StudioError `files/no-profile` */
export function profileFromBytes(bytes: Uint8Array): TargetProfile {
  const space = profileSpace(bytes);
  if (space === 'RGB ' || space === 'CMYK') return { bytes, location: '', space };
  throw new StudioError('files/no-profile', 'This file is no RGB or CMYK profile.', 'Choose an .icc file.');
}

/** The general CMYK profile that libvips carries. */
export async function builtInPress(): Promise<TargetProfile> {
  const tiny = sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } });
  const tiff = await tiny.toColourspace('cmyk').withIccProfile('cmyk').tiff().toBuffer();
  const { icc } = await sharp(tiff).metadata();
  if (!icc) throw new Error('the build of libvips has no CMYK profile');
  return profileFromBytes(Uint8Array.from(icc));
}
