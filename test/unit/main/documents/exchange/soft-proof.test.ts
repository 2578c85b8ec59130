import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  builtInPress,
  builtInProfile,
  type TargetProfile,
} from '../../../../../main/documents/exchange/convert-profile.ts';
import { encodeCmyk } from '../../../../../main/documents/exchange/encode-raster.ts';
import { withIntent } from '../../../../../main/documents/exchange/press-intent.ts';
import { PROOF_EDGE, proofTable, softProof } from '../../../../../main/documents/exchange/soft-proof.ts';
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
        // libvips keeps a profile by its path, so each has its own.
        writeFileSync(at(`${intent}.icc`), withIntent(press.bytes, intent));
        const options = { kind: 'tiff', quality: 100, resolution: null } as const;
        const profile = await builtInProfile('srgb');
        writeFileSync(at('ink.tif'), await encodeCmyk({ ...picture, profile }, options, at(`${intent}.icc`)));
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

  it('gives a table by which the canvas shows the same', async () => {
    for (const intent of ['relative', 'perceptual'] as const) {
      const table = await proofTable(null, 'srgb', press, intent);
      expect(table.length).toBe(PROOF_EDGE ** 3 * 4);
      const exact = await softProof(picture, null, press, { warn: false, intent });
      const shown = proofMap({ edge: PROOF_EDGE, table }, false)(colours);
      const off = Array.from(shown, (value, i) => Math.abs(value - exact.picture.data[i]!));
      expect(Math.max(...off)).toBeLessThanOrEqual(10);
      expect(off.reduce((sum, value) => sum + value) / off.length).toBeLessThan(1.5);
    }
  });

  it('warns of what the press cannot print, and never touches what it was given', async () => {
    const table = await proofTable(null, 'srgb', press, 'relative');
    const pixels = Uint8ClampedArray.of(0, 255, 0, 255, 0, 255, 0, 40, 250, 250, 250, 255);
    const kept = pixels.slice();
    const shown = proofMap({ edge: PROOF_EDGE, table }, true)(pixels);
    expect(Array.from(shown.subarray(0, 8))).toEqual([128, 128, 128, 255, 128, 128, 128, 40]);
    expect(Math.min(...shown.subarray(8))).toBeGreaterThan(235);
    expect(pixels).toEqual(kept);
    const calm = proofMap({ edge: PROOF_EDGE, table }, false)(pixels);
    expect(calm[1]).not.toBe(128);
  });

  it('takes damaged profiles as they are', () => {
    expect(withIntent(new Uint8Array(3), 'relative')).toEqual(new Uint8Array(3));
    const claims = new Uint8Array(140).fill(255);
    expect(withIntent(claims, 'saturation')).toEqual(claims);
  });
});
