import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { StudioError } from '../../../preload/contract/index.ts';
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

/**
 * Converts a picture's numbers to another RGB profile (Little CMS through libvips, 16 bits within).
 * @param source what the numbers mean now; null for sRGB.
 */
export async function convertPicture(
  picture: FlatPicture,
  source: Uint8Array | null,
  target: TargetProfile,
): Promise<FlatPicture> {
  const { width, height, data, depth } = picture;
  const count = width * height;
  const rgb = new Uint16Array(count * 3);
  const scale = depth === 8 ? 257 : 1;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) rgb[i * 3 + k] = (data[i * 4 + k] as number) * scale;
  }
  const converted = await convertSamples(
    rgb,
    picture,
    source ?? (await builtInProfile('srgb')),
    target.location,
  );
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

/** A soft proof: what a press would print, as sRGB, and where it cannot print what is there. */
export interface Proof {
  readonly picture: FlatPicture;
  /** Share of pixels whose colour the press cannot reach, 0..1. */
  readonly outOfGamut: number;
}

/** How far, of 255, a channel may move on the way to the press and back before a colour counts as out of its gamut. */
const GAMUT_TOLERANCE = 12;

/**
 * Converts to the press' profile and back. The picture comes out in sRGB, 8 bits.
 * @param press a CMYK (or other) profile.
 * @param warn paints what is out of gamut in grey, as Photoshop's gamut warning does.
 */
export async function softProof(
  picture: FlatPicture,
  source: Uint8Array | null,
  press: TargetProfile,
  warn: boolean,
): Promise<Proof> {
  const inSrgb = await convertPicture(picture, source, await loadProfile('srgb'));
  const { width, height } = inSrgb;
  const count = width * height;
  const scale = inSrgb.depth === 8 ? 1 : 257;
  const rgb = Uint8Array.from({ length: count * 3 }, (_, at) => {
    const i = Math.floor(at / 3);
    return Math.round((inSrgb.data[i * 4 + (at - i * 3)] as number) / scale);
  });
  const folder = await mkdtemp(join(tmpdir(), 'impasto-proof-'));
  try {
    const profile = join(folder, 'press.icc');
    await writeFile(profile, press.bytes);
    const srgb = await builtInProfile('srgb');
    const printed = await sharp(frameAsTiff(rgb, inSrgb, 'rgb', srgb), { limitInputPixels: false })
      .toColourspace(press.space === 'CMYK' ? 'cmyk' : 'srgb')
      .withIccProfile(press.location === 'p3' || press.location === 'srgb' ? press.location : profile)
      .tiff({ compression: 'none' })
      .toBuffer();
    const back = await sharp(printed, { limitInputPixels: false })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer();
    return compare(inSrgb, rgb, back, warn);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function compare(before: FlatPicture, rgb: Uint8Array, back: Uint8Array, warn: boolean): Proof {
  const count = before.width * before.height;
  const maximum = before.depth === 8 ? 255 : 65535;
  const data = new Uint8Array(count * 4);
  let out = 0;
  for (let i = 0; i < count; i++) {
    let moved = 0;
    for (let k = 0; k < 3; k++) {
      const value = back[i * 3 + k] as number;
      moved = Math.max(moved, Math.abs(value - (rgb[i * 3 + k] as number)));
      data[i * 4 + k] = value;
    }
    const alpha = before.data[i * 4 + 3] as number;
    data[i * 4 + 3] = Math.round((alpha / maximum) * 255);
    if (moved <= GAMUT_TOLERANCE || alpha === 0) continue;
    out += 1;
    if (warn) data.fill(128, i * 4, i * 4 + 3);
  }
  return { picture: { ...before, depth: 8, data, profile: null }, outOfGamut: out / count };
}
