import sharp from 'sharp';
import type { ProofIntent } from '../../../preload/contract/index.ts';
import { TABLE_EDGE, tableColours } from './colour-table.ts';
import {
  builtInProfile,
  type BuiltInProfile,
  convertPicture,
  loadProfile,
  type TargetProfile,
} from './convert-profile.ts';
import { withPressFile } from './press-intent.ts';
import type { FlatPicture } from './raster.ts';
import { frameAsTiff } from './tiff-frame.ts';

/** A soft proof: what a press would print, as sRGB, and where it cannot print what is there. */
export interface Proof {
  readonly picture: FlatPicture;
  /** Share of pixels whose colour the press cannot reach, 0..1. */
  readonly outOfGamut: number;
}

/** How far, of 255, a channel may move on the way to the press and back before a colour counts as out of its gamut. */
const GAMUT_TOLERANCE = 12;

/** How a proof is made. */
export interface ProofWays {
  /** Paints what is out of gamut in grey, as Photoshop's gamut warning does. */
  readonly warn: boolean;
  /** How what the press cannot print is brought within its reach; left out: as the eye would have it (perceptual). */
  readonly intent?: ProofIntent | undefined;
}

/** Numbers before the press and after it, red, green, blue in sRGB. */
interface Printed {
  readonly inSrgb: FlatPicture;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/**
 * Converts to the press' profile and back. The picture comes out in sRGB, 8 bits.
 * @param press a CMYK (or other) profile.
 */
export async function softProof(
  picture: FlatPicture,
  source: Uint8Array | null,
  press: TargetProfile,
  { warn, intent = 'perceptual' }: ProofWays,
): Promise<Proof> {
  const { inSrgb, before, after } = await print(picture, source, press, intent);
  return compare(inSrgb, before, after, warn);
}

/**
 * What a press makes of colours, as a table to look them up in, so that a picture can be proofed as it is painted.
 * @param source what the numbers mean; null for sRGB.
 * @param space in which the answers are, as the document's own numbers.
 * @returns for {@link TABLE_EDGE}³ colours, red the slowest: red, green, blue after the press, and by how much of 255 a channel
 *   moved on the way, 8 bits each.
 */
export async function proofTable(
  source: Uint8Array | null,
  space: BuiltInProfile,
  press: TargetProfile,
  intent: ProofIntent,
): Promise<Uint8Array> {
  const picture = tableColours();
  const { inSrgb, before, after } = await print(picture, source, press, intent);
  const { picture: proof } = compare(inSrgb, before, after, false);
  const shown = space === 'srgb' ? proof : await convertPicture(proof, null, await loadProfile(space));
  const table = Uint8Array.from(shown.data);
  for (let i = 0; i < TABLE_EDGE ** 3; i++) table[i * 4 + 3] = movement(before, after, i);
  return table;
}

/** The most that a channel of a pixel moved. */
function movement(before: Uint8Array, after: Uint8Array, pixel: number): number {
  let moved = 0;
  for (let i = pixel * 3; i < pixel * 3 + 3; i++)
    moved = Math.max(moved, Math.abs((after[i] as number) - (before[i] as number)));
  return moved;
}

async function print(
  picture: FlatPicture,
  source: Uint8Array | null,
  press: TargetProfile,
  intent: ProofIntent,
): Promise<Printed> {
  const inSrgb = await convertPicture(picture, source, await loadProfile('srgb'));
  const { width, height } = inSrgb;
  const count = width * height;
  const scale = inSrgb.depth === 8 ? 1 : 257;
  const rgb = Uint8Array.from({ length: count * 3 }, (_, at) => {
    const i = Math.floor(at / 3);
    return Math.round((inSrgb.data[i * 4 + (at - i * 3)] as number) / scale);
  });
  return withPressFile(press.bytes, intent, async (profile) => {
    const srgb = await builtInProfile('srgb');
    const printed = await sharp(frameAsTiff(rgb, inSrgb, 'rgb', srgb), { limitInputPixels: false })
      .withIccProfile(press.location === 'p3' || press.location === 'srgb' ? press.location : profile)
      .tiff({ compression: 'none' })
      .toBuffer();
    const back = await sharp(printed, { limitInputPixels: false })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer();
    return { inSrgb, before: rgb, after: back };
  });
}

function compare(before: FlatPicture, rgb: Uint8Array, back: Uint8Array, warn: boolean): Proof {
  const count = before.width * before.height;
  const maximum = before.depth === 8 ? 255 : 65535;
  const data = new Uint8Array(count * 4);
  let out = 0;
  for (let i = 0; i < count; i++) {
    data.set(back.subarray(i * 3, i * 3 + 3), i * 4);
    const alpha = before.data[i * 4 + 3] as number;
    data[i * 4 + 3] = Math.round((alpha / maximum) * 255);
    if (movement(rgb, back, i) <= GAMUT_TOLERANCE || alpha === 0) continue;
    out += 1;
    if (warn) data.fill(128, i * 4, i * 4 + 3);
  }
  return { picture: { ...before, depth: 8, data, profile: null }, outOfGamut: out / count };
}
