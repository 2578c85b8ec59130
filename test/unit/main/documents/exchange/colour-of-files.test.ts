import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { buildMatrixProfile, gammaCurve } from '../../../../../main/documents/exchange/build-profile.ts';
import { colourTable, TABLE_EDGE } from '../../../../../main/documents/exchange/colour-table.ts';
import {
  builtInProfile,
  convertPicture,
  loadProfile,
} from '../../../../../main/documents/exchange/convert-profile.ts';
import { decodeRaster, type DecodedRaster } from '../../../../../main/documents/exchange/decode-raster.ts';
import { matrixProfile, writeSrgb } from '../../../../../main/documents/exchange/matrix-profile.ts';
import { profileName } from '../../../../../main/documents/exchange/profiles.ts';
import { proofMap } from '../../../../../renderer/canvas/proof-map.ts';
import { linearToSrgb } from '../../../../../renderer/engine/colour/srgb.ts';
import { pngChunk } from '../../../../fixtures/png-chunk.ts';

/** Adobe RGB (1998), section 4.3.1. */
const ADOBE = { white: [0.3127, 0.329], red: [0.64, 0.33], green: [0.21, 0.71], blue: [0.15, 0.06] } as const;

const words = (...values: number[]): Uint8Array => {
  const out = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => out.writeUInt32BE(value, i * 4));
  return out;
};

/** A PNG of three pixels with chunks after its header. */
async function png(...chunks: readonly Buffer[]): Promise<Uint8Array> {
  const plain = await sharp(Buffer.from([255, 0, 0, 0, 255, 0, 128, 128, 128]), {
    raw: { width: 3, height: 1, channels: 3 },
  })
    .png()
    .toBuffer();
  return Buffer.concat([plain.subarray(0, 33), ...chunks, plain.subarray(33)]);
}

/** Its pixels in sRGB, as Little CMS makes them of its numbers and its profile. */
async function shown({ picture }: DecodedRaster): Promise<number[]> {
  const { data } = picture.profile
    ? await convertPicture(picture, picture.profile, await loadProfile('srgb'))
    : picture;
  return Array.from(data).filter((_, i) => i % 4 !== 3);
}

const gamma = (value: number): Buffer => pngChunk('gAMA', words(value));

describe('a PNG without a profile', () => {
  it('means what its gamma says, and keeps its numbers', async () => {
    const read = await decodeRaster(await png(gamma(100_000)));
    expect(Array.from(read.picture.data.subarray(8))).toEqual([128, 128, 128, 255]);
    // Light of 128/255 in sRGB.
    const grey = Math.round(linearToSrgb(128 / 255) * 255);
    const values = await shown(read);
    for (const value of values.slice(6)) expect(Math.abs(value - grey)).toBeLessThanOrEqual(1);
  });

  it('means what its primaries say', async () => {
    const primaries = pngChunk('cHRM', words(31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6000));
    const read = await decodeRaster(await png(gamma(45_470), primaries));
    const means = matrixProfile(read.picture.profile ?? new Uint8Array());
    const out = new Uint16Array(3);
    if (means) writeSrgb(means, Float32Array.of(120 / 255, 180 / 255, 100 / 255), 0, out, 0);
    // What Little CMS 2.14 (transicc) makes of 120, 180, 100 in Adobe RGB (1998).
    for (const [i, value] of [80.57, 181.49, 94.49].entries())
      expect(Math.abs((out[i] as number) / 257 - value)).toBeLessThan(0.3);
  });

  it.each([
    ['nothing', []],
    [
      'the gamma and primaries of sRGB',
      [gamma(45_455), pngChunk('cHRM', words(31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6000))],
    ],
    ['sRGB beside another gamma', [pngChunk('sRGB', Uint8Array.of(0)), gamma(100_000)]],
    ['sRGB by its code', [pngChunk('cICP', Uint8Array.of(1, 13, 0, 1)), gamma(100_000)]],
    ['a gamma of nothing', [gamma(0)]],
    ['primaries that are one', [pngChunk('cHRM', words(1, 1, 1, 1, 1, 1, 1, 1))]],
    ['primaries without end', [pngChunk('cHRM', words(0xffff_ffff, 1, 1, 1, 1, 1, 1, 1))]],
    ['chunks that are cut short', [pngChunk('gAMA', Uint8Array.of(1)), pngChunk('cICP', Uint8Array.of(12))]],
  ])('is sRGB where it says %s', async (_, chunks) => {
    const { picture, losses } = await decodeRaster(await png(...chunks));
    expect([picture.profile, losses]).toEqual([null, []]);
  });

  it('is Display P3 by its code', async () => {
    const { picture } = await decodeRaster(await png(pngChunk('cICP', Uint8Array.of(12, 13, 0, 1))));
    expect(profileName(picture.profile ?? new Uint8Array())).toContain('P3');
  });

  it('says that a coding of bright light is only taken for sRGB', async () => {
    const { losses } = await decodeRaster(await png(pngChunk('cICP', Uint8Array.of(9, 16, 0, 1))));
    expect(losses).toEqual([
      { layer: null, feature: 'Colour coding PQ, taken for sRGB', outcome: 'changed' },
    ]);
  });
});

describe('a profile of curves and a matrix', () => {
  it('is read as Little CMS reads it', async () => {
    const profile = buildMatrixProfile(ADOBE, gammaCurve(563 / 256)) ?? new Uint8Array();
    const parsed = matrixProfile(profile);
    expect(parsed).not.toBeNull();
    if (!parsed) return;
    const data = Uint8Array.from([30, 200, 90, 255, 250, 240, 10, 255, 100, 100, 100, 255, 0, 60, 220, 255]);
    const picture = { width: 4, height: 1, depth: 8 as const, data, profile };
    const expected = (await convertPicture(picture, profile, await loadProfile('srgb'))).data;
    const out = new Uint16Array(16);
    const values = Float32Array.from(data, (value) => value / 255);
    for (let i = 0; i < 16; i += 4) writeSrgb(parsed, values, i, out, i);
    for (let i = 0; i < 16; i++)
      if (i % 4 !== 3) expect(Math.abs((out[i] as number) / 257 - (expected[i] as number))).toBeLessThan(2);
  });

  it('is none where the file is cut short or something else', async () => {
    const profile = buildMatrixProfile(ADOBE, gammaCurve(2.2)) ?? new Uint8Array();
    for (let length = 0; length < profile.byteLength - 4; length += 37)
      expect(matrixProfile(profile.subarray(0, length))).toBeNull();
    expect(matrixProfile(new Uint8Array(5000).fill(255))).toBeNull();
  });
});

describe('a conversion between profiles of curves and a matrix', () => {
  it('has the numbers of Little CMS, which cuts what the target cannot show', async () => {
    const data = Uint8Array.from([75, 6, 180, 255, 5, 3, 180, 128, 64, 100, 180, 255, 21, 167, 180, 0]);
    const adobe = buildMatrixProfile(ADOBE, gammaCurve(563 / 256)) ?? new Uint8Array();
    const target = { bytes: adobe, location: '', space: 'RGB ' } as const;
    const source = { width: 4, height: 1, depth: 8, data, profile: null } as const;
    const { data: found } = await convertPicture(source, null, target);
    // transicc 2.14, relative, from sRGB to Adobe RGB (1998).
    const expected = [66, 15, 175, 255, 13, 11, 175, 128, 78, 100, 176, 255, 96, 165, 178, 0];
    for (const [i, value] of expected.entries())
      expect(Math.abs((found[i] as number) - value)).toBeLessThanOrEqual(1);
  });

  it('changes no number where both are one', async () => {
    const data = Uint8Array.from({ length: 4096 * 4 }, (_, i) => (i * 37 + (i >> 5)) & 255);
    for (const name of ['srgb', 'display-p3'] as const) {
      const { bytes } = await loadProfile(name);
      const picture = { width: 4096, height: 1, depth: 8, data, profile: bytes } as const;
      expect((await convertPicture(picture, bytes, await loadProfile(name))).data).toEqual(data);
    }
  });
});

describe('the table through which a document is shown', () => {
  it('gives Adobe RGB as Little CMS does, and none for the space itself', async () => {
    const adobe = buildMatrixProfile(ADOBE, gammaCurve(563 / 256)) ?? new Uint8Array();
    const table = await colourTable(adobe, 'srgb');
    expect(table).not.toBeNull();
    if (!table) return;
    const [red = 0, green = 0, blue = 0, alpha] = proofMap(
      { edge: TABLE_EDGE, table },
      false,
    )(Uint8ClampedArray.of(120, 180, 100, 77));
    // Little CMS 2.14 (transicc): 80.57, 181.49, 94.49.
    for (const [found, value] of [
      [red, 80.57],
      [green, 181.49],
      [blue, 94.49],
    ] as const)
      expect(Math.abs(found - value)).toBeLessThan(2);
    expect(alpha).toBe(77);
    for (const space of ['srgb', 'display-p3'] as const)
      expect(await colourTable(await builtInProfile(space), space)).toBeNull();
  });
});

describe('a floating-point picture', () => {
  it('means what its profile says: linear Rec. 2020 is brought to sRGB, and the profile is gone with it', async () => {
    const rec2020 = {
      white: [0.3127, 0.329],
      red: [0.708, 0.292],
      green: [0.17, 0.797],
      blue: [0.131, 0.046],
    } as const;
    const profile = buildMatrixProfile(rec2020, gammaCurve(1)) ?? new Uint8Array();
    // ITU-R BT.2087: half of sRGB's red in light, as Rec. 2020 has it.
    const light = Float32Array.of(0.5 * 0.6274, 0.5 * 0.0691, 0.5 * 0.0164);
    const tiff = floatTiff(light, profile);
    const { picture } = await decodeRaster(tiff);
    expect(picture.profile).toBeNull();
    const [red = 0, green = 0, blue = 0, alpha] = picture.data;
    expect(red / 65_535).toBeCloseTo(linearToSrgb(0.5), 2);
    expect(Math.max(green, blue) / 65_535).toBeLessThan(0.04);
    expect(alpha).toBe(65_535);
  });
});

/** One pixel of red, green and blue in floating point, with a profile (TIFF 6.0; ICC.1:2022, annex B.4). */
function floatTiff(light: Float32Array, profile: Uint8Array): Uint8Array {
  const tags: [tag: number, type: number, count: number, value: number][] = [
    [256, 4, 1, 1],
    [257, 4, 1, 1],
    [258, 3, 3, 200],
    [259, 4, 1, 1],
    [262, 4, 1, 2],
    [273, 4, 1, 212],
    [277, 4, 1, 3],
    [278, 4, 1, 1],
    [279, 4, 1, 12],
    [339, 3, 3, 206],
    [34_675, 7, profile.byteLength, 224],
  ];
  const file = new DataView(new ArrayBuffer(224 + profile.byteLength));
  file.setUint32(0, 0x4949_2a00);
  file.setUint32(4, 8, true);
  file.setUint16(8, tags.length, true);
  for (const [i, [tag, type, count, value]] of tags.entries()) {
    file.setUint16(10 + i * 12, tag, true);
    file.setUint16(12 + i * 12, type, true);
    file.setUint32(14 + i * 12, count, true);
    file.setUint32(18 + i * 12, value, true);
  }
  for (let k = 0; k < 3; k++) {
    file.setUint16(200 + k * 2, 32, true);
    file.setUint16(206 + k * 2, 3, true);
    file.setFloat32(212 + k * 4, light[k] as number, true);
  }
  new Uint8Array(file.buffer).set(profile, 224);
  return new Uint8Array(file.buffer);
}
