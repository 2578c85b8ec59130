import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { compensateBlack } from '../../../../../main/documents/exchange/black-point.ts';
import { TABLE_EDGE } from '../../../../../main/documents/exchange/colour-table.ts';
import {
  builtInPress,
  builtInProfile,
  type TargetProfile,
} from '../../../../../main/documents/exchange/convert-profile.ts';
import { encodeCmyk } from '../../../../../main/documents/exchange/encode-raster.ts';
import { withIntent } from '../../../../../main/documents/exchange/press-intent.ts';
import { proofTable, softProof } from '../../../../../main/documents/exchange/soft-proof.ts';
import { proofMap } from '../../../../../renderer/canvas/proof-map.ts';
import { imageMagick } from './image-magick.ts';
import { inFolder, numbers } from './support.ts';

/** With Little CMS it can be asked for intents by name. */
const magick = imageMagick('lcms');

let press: TargetProfile;
beforeAll(async () => {
  press = await builtInPress();
});

const random = numbers(5);
const colours = Uint8ClampedArray.from({ length: 40 * 4 }, (_, i) => (i % 4 === 3 ? 255 : random(256)));
const picture = { width: 40, height: 1, depth: 8, data: new Uint8Array(colours), profile: null } as const;

describe('soft proof', () => {
  it.skipIf(!magick)('has the ink and the look that another program makes of each intent', async () => {
    await inFolder(async (folder) => {
      const at = (name: string): string => join(folder, name);
      writeFileSync(at('press.icc'), press.bytes);
      writeFileSync(at('srgb.icc'), await builtInProfile('srgb'));
      writeFileSync(at('in.rgba'), colours);
      // Little CMS compensates for black by itself in all but the colorimetric intents of these profiles.
      for (const [intent, compensation, back] of [
        ['perceptual', ['-black-point-compensation'], 'relative'],
        ['saturation', ['-black-point-compensation'], 'relative'],
        ['relative', [], 'perceptual'],
      ] as const) {
        const input = ['-size', '40x1', '-depth', '8', `rgba:${at('in.rgba')}`, '-alpha', 'off'];
        const profiles = ['-profile', at('srgb.icc'), '-intent', intent, '-profile', at('press.icc')];
        const toPress = [...input, ...compensation, ...profiles];
        const options = { kind: 'tiff', quality: 100, resolution: null } as const;
        const profile = await builtInProfile('srgb');
        writeFileSync(
          at('ink.tif'),
          await encodeCmyk({ ...picture, profile }, options, { profile: press.bytes, intent }),
        );
        const ink = execFileSync(magick ?? '', [at('ink.tif'), '-depth', '8', 'cmyk:-']);
        const theirInk = execFileSync(magick ?? '', [...toPress, 'cmyk:-']);
        const inkOff = Array.from(ink, (value, i) => Math.abs(value - theirInk[i]!));
        expect(Math.max(...inkOff), intent).toBeLessThanOrEqual(2);
        const { picture: ours } = await softProof(picture, null, press, { warn: false, intent });
        const theirs = execFileSync(magick ?? '', [
          ...toPress,
          '-intent',
          back,
          '-profile',
          at('srgb.icc'),
          'rgb:-',
        ]);
        const off = Array.from(theirs, (value, i) =>
          Math.abs(value - ours.data[Math.floor(i / 3) * 4 + (i % 3)]!),
        );
        // Ink of 8 bits in between, where the other program has 16.
        expect(off.reduce((sum, value) => sum + value) / off.length, intent).toBeLessThan(3);
      }
    });
  });

  it.skipIf(!magick)('has the ink that another program makes with its black for ours', async () => {
    await inFolder(async (folder) => {
      const at = (name: string): string => join(folder, name);
      writeFileSync(at('press.icc'), press.bytes);
      writeFileSync(at('srgb.icc'), await builtInProfile('srgb'));
      const dark = Uint8Array.from({ length: 40 * 4 }, (_, i) => (i % 4 === 3 ? 255 : Math.floor(i / 4) * 3));
      writeFileSync(at('in.rgba'), dark);
      const greys = { width: 40, height: 1, depth: 8, data: dark, profile: null } as const;
      const input = ['-size', '40x1', '-depth', '8', `rgba:${at('in.rgba')}`, '-alpha', 'off'];
      const profiles = ['-profile', at('srgb.icc'), '-intent', 'relative', '-profile', at('press.icc')];
      const theirs = execFileSync(magick ?? '', [
        ...input,
        '-black-point-compensation',
        ...profiles,
        'cmyk:-',
      ]);
      const options = { kind: 'tiff', quality: 100, resolution: null } as const;
      const compensated = await compensateBlack(greys, null, press.bytes);
      const toPress = { profile: press.bytes, intent: 'relative' } as const;
      writeFileSync(at('ink.tif'), await encodeCmyk(compensated, options, toPress));
      const ink = execFileSync(magick ?? '', [at('ink.tif'), '-depth', '8', 'cmyk:-']);
      expect(ink.length).toBe(theirs.length);
      const off = Array.from(ink, (value, i) => Math.abs(value - theirs[i]!));
      // As far apart as without compensation: ink of 8 bits, and the black point by another way.
      expect(Math.max(...off)).toBeLessThanOrEqual(6);
      expect(off.reduce((sum, value) => sum + value) / off.length).toBeLessThan(1.5);
      // Without it, steps that are darker than the press can print run together.
      const cut = await encodeCmyk(greys, options, toPress);
      writeFileSync(at('cut.tif'), cut);
      const darkest = [...execFileSync(magick ?? '', [at('cut.tif'), '-depth', '8', 'cmyk:-'])];
      const steps = (values: readonly number[]): number =>
        new Set(Array.from({ length: 12 }, (_, i) => values.slice(i * 4, i * 4 + 4).join())).size;
      expect(steps([...ink])).toBeGreaterThan(steps(darkest));
    });
  });

  it('keeps the press’ own profile in the file, whatever the intent', async () => {
    const rgb = { ...picture, profile: await builtInProfile('srgb') };
    for (const kind of ['tiff', 'jpeg'] as const) {
      const toPress = { profile: press.bytes, intent: 'relative' } as const;
      const file = await encodeCmyk(rgb, { kind, quality: 100, resolution: null }, toPress);
      const { icc, space, depth } = await sharp(file).metadata();
      expect([space, depth]).toEqual(['cmyk', 'uchar']);
      expect(icc?.equals(press.bytes)).toBe(true);
    }
  });

  it('gives a table by which the canvas shows the same', async () => {
    for (const intent of ['relative', 'perceptual'] as const) {
      const table = await proofTable(null, 'srgb', press, intent);
      expect(table.length).toBe(TABLE_EDGE ** 3 * 4);
      const exact = await softProof(picture, null, press, { warn: false, intent });
      const shown = proofMap({ edge: TABLE_EDGE, table }, false)(colours);
      const off = Array.from(shown, (value, i) => Math.abs(value - exact.picture.data[i]!));
      expect(Math.max(...off)).toBeLessThanOrEqual(10);
      expect(off.reduce((sum, value) => sum + value) / off.length).toBeLessThan(1.5);
    }
  });

  it('warns of what the press cannot print, and never touches what it was given', async () => {
    const table = await proofTable(null, 'srgb', press, 'relative');
    const pixels = Uint8ClampedArray.of(0, 255, 0, 255, 0, 255, 0, 40, 250, 250, 250, 255);
    const kept = pixels.slice();
    const shown = proofMap({ edge: TABLE_EDGE, table }, true)(pixels);
    expect(Array.from(shown.subarray(0, 8))).toEqual([128, 128, 128, 255, 128, 128, 128, 40]);
    expect(Math.min(...shown.subarray(8))).toBeGreaterThan(235);
    expect(pixels).toEqual(kept);
    const calm = proofMap({ edge: TABLE_EDGE, table }, false)(pixels);
    expect(calm[1]).not.toBe(128);
  });

  it('takes damaged profiles as they are', () => {
    expect(withIntent(new Uint8Array(3), 'relative')).toEqual(new Uint8Array(3));
    const claims = new Uint8Array(140).fill(255);
    expect(withIntent(claims, 'saturation')).toEqual(claims);
  });
});
