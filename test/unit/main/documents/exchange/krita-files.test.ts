import { unzipSync, strFromU8, strToU8 } from 'fflate';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { convertPicture, loadProfile } from '../../../../../main/documents/exchange/convert-profile.ts';
import { lossSentences } from '../../../../../main/documents/exchange/losses.ts';
import { inDepth } from '../../../../../main/documents/exchange/raster.ts';
import { readPicture } from '../../../../../main/documents/exchange/read-picture-file.ts';
import { changedKritaFile, KRITA_FILES, kritaFile } from '../../../../fixtures/foreign/krita-files.ts';
import { flattenBytes, withDocument } from './support.ts';

const MAIN = 'maindoc.xml';
const text =
  (change: (given: string) => string) =>
  (content: Uint8Array): Uint8Array =>
    strToU8(change(strFromU8(content)));
/** Replaces text in a file that must be there. */
const replaced = (from: string | RegExp, to: string): ((content: Uint8Array) => Uint8Array) =>
  text((given) => {
    const out = given.replace(from, to);
    expect(out).not.toBe(given);
    return out;
  });
/** The same in a file of bytes. */
const patched =
  (from: string, to: string) =>
  (content: Uint8Array): Uint8Array => {
    const given = Buffer.from(content).toString('latin1');
    expect(given).toContain(from);
    return Uint8Array.from(Buffer.from(given.replace(from, to), 'latin1'));
  };

/** Largest difference of two pictures of 255, colours by their alpha. */
function farthest(one: Uint8Array | Uint16Array, other: Uint8Array | Uint16Array): number {
  let worst = one.length === other.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < one.length; i += 4) {
    for (let k = 0; k < 4; k++) {
      const value = (of: Uint8Array | Uint16Array): number =>
        k === 3 ? (of[i + 3] as number) : ((of[i + k] as number) * (of[i + 3] as number)) / 255;
      worst = Math.max(worst, Math.abs(value(one) - value(other)));
    }
  }
  return worst;
}

const tree = (bytes: Uint8Array): Promise<unknown[]> =>
  withDocument(bytes, 'a.kra', async (document) => {
    const { layers } = document.state();
    return layers.map(({ name, parent, ...more }) => ({
      name,
      in: layers.find(({ id }) => id === parent)?.name ?? null,
      ...more,
    }));
  });

describe('documents of Krita', () => {
  it.each(KRITA_FILES)('%s looks as Krita shows it', async (name) => {
    const bytes = kritaFile(name);
    const flat = await flattenBytes(bytes, 'a.kra');
    const seen = await convertPicture(flat, flat.profile, await loadProfile('srgb'));
    const merged = unzipSync(bytes)['mergedimage.png'] as Uint8Array;
    const shown = await sharp(merged).ensureAlpha().raw().toBuffer();
    expect(farthest(inDepth(seen, 8).data, shown)).toBeLessThanOrEqual(2);
  });

  it('keep layers, groups, names, modes, opacity, inherited alpha and masks', async () => {
    expect(await tree(kritaFile('inherited-alpha'))).toMatchObject([
      { name: 'Sheet', in: null, locked: true },
      { name: 'Layer 1', in: null, locked: false },
      { name: 'Gruppe Ä', in: null, kind: 'group', blend: 'screen', opacity: 178 / 255 },
      { name: '基', in: 'Gruppe Ä', kind: 'group', blend: 'normal' },
      { name: '基', in: '基', kind: 'paint', clipped: false },
      { name: 'clip', in: '基', kind: 'paint', clipped: true, opacity: 0.6 },
      { name: 'masked', in: null, blend: 'multiply' },
      { name: 'hidden', in: null, visible: false },
    ]);
    const masked = await withDocument(kritaFile('mask'), 'a.kra', async (document) => {
      const { layers } = document.state();
      const layer = layers.find(({ name }) => name === 'masked');
      return { mask: layer?.mask, tile: document.readMask(layer?.id ?? '')[0]?.data };
    });
    expect(masked.mask).toMatchObject({ enabled: true, density: 1 });
    // Row 50: shown up to column 30, half up to 40, hidden beyond.
    expect([29, 35, 45].map((x) => masked.tile?.[50 * 256 + x])).toEqual([255, 120, 0]);
    const { depth, profile } = await readPicture(kritaFile('deep-linear'), 'a.kra');
    expect([depth, profile?.length]).toEqual([16, 880]);
  });

  it('say what is not read of them, and take other attributes for what they mean', async () => {
    const file = changedKritaFile('mask', {
      [MAIN]: text((given) =>
        given
          .replace('nodetype="transparencymask"', 'nodetype="filtermask"')
          .replace(/(<layer [^>]*name="hidden"[^>]*?)nodetype="paintlayer"/, '$1nodetype="shapelayer"')
          .replace(/(<layer [^>]*?)nodetype="paintlayer"([^>]*name="hidden")/, '$1nodetype="shapelayer"$2')
          .replace(/compositeop="multiply"/, 'compositeop="greater"')
          .replace('ColorData="AAAAAA=="', 'ColorData="AAD//w=="')
          .replace(/channellockflags=""/, 'channellockflags="1110"')
          .replaceAll('colorlabel="0"', 'colorlabel="6" layerstyle="{a}"'),
      ),
    });
    const { layers, losses } = await readPicture(file, 'a.kra');
    expect(losses.map(({ feature, outcome }) => `${outcome}: ${feature}`)).toEqual(
      expect.arrayContaining([
        'left-out: Vector layer',
        'left-out: Filter mask',
        'changed: Blending mode greater',
        'left-out: Layer style',
      ]),
    );
    expect(layers[0]?.record).toMatchObject({ kind: 'fill', fill: { type: 'solid', colour: [1, 0, 0] } });
    expect(layers.slice(1).every(({ record }) => record.label === 'red')).toBe(true);
    expect(layers.find(({ record }) => record.name === 'masked')?.record.mask).toBeNull();
  });

  it('with a profile of nothing keep their numbers, and say so', async () => {
    const { profile, losses } = await readPicture(
      changedKritaFile('deep-linear', { 'Unnamed/annotations/icc': (icc) => icc.fill(0, 0, 60) }),
      'a.kra',
    );
    expect(profile).toBeNull();
    expect(losses.map(({ feature }) => feature)).toContain('Colour profile that is none of RGB');
  });

  it('cover the canvas where a layer has a colour without tiles', async () => {
    const first = /filename="(layer\d+)"[^>]*name="Layer 1"|name="Layer 1"[^>]*filename="(layer\d+)"/;
    const main = strFromU8(unzipSync(kritaFile('mask'))[MAIN] as Uint8Array);
    const [, before, after] = first.exec(main) ?? [];
    const file = changedKritaFile('mask', {
      [`Unnamed/layers/${before ?? after}.defaultpixel`]: () => Uint8Array.of(0, 128, 255, 255),
    });
    const found = await withDocument(file, 'a.kra', async (document) => {
      const layer = document.state().layers.find(({ name }) => name === 'Layer 1');
      return document.readLayer(layer?.id ?? '').map(({ x, y, data }) => [x, y, ...data.subarray(0, 4)]);
    });
    expect(found).toEqual([[0, 0, 255, 128, 0, 255]]);
  });

  it('in other colours, and without layers, give the picture that they carry, and say so', async () => {
    for (const change of [
      replaced(/(<IMAGE[^>]*)colorspacename="RGBA"/, '$1colorspacename="CMYK"'),
      () => strToU8('<DOC/>'),
    ]) {
      const { layers, losses } = await readPicture(changedKritaFile('mask', { [MAIN]: change }), 'a.kra');
      expect(layers).toHaveLength(1);
      expect(lossSentences(losses, 1, 'import')[0]).toContain("Krita's layers");
    }
  });

  const layer = 'Unnamed/layers/layer3';
  it.each([
    ['a layer that is missing', { [layer]: () => null }, 'is missing'],
    ['another version of tiles', { [layer]: patched('VERSION 2', 'VERSION 3') }, 'version that is not read'],
    ['tiles of another size', { [layer]: patched('TILEWIDTH 64', 'TILEWIDTH 65') }, 'size that is not read'],
    ['pixels of another size', { [layer]: patched('PIXELSIZE 4', 'PIXELSIZE 9') }, '9 bytes a pixel'],
    ['more tiles than bytes', { [layer]: patched('DATA 2', 'DATA 3') }, /is cut off|not there/],
    ['more tiles than any canvas', { [layer]: patched('DATA 2', 'DATA 4294967') }, 'which cannot be'],
    ['a tile beyond the file', { [layer]: patched('LZF,', 'LZF,99') }, 'not there'],
    ['a tile packed otherwise', { [layer]: patched('LZF,', 'ZIP,') }, 'packed otherwise'],
    ['a tile between tiles', { [layer]: patched('\n0,64,', '\n1,64,') }, 'at a place where none can be'],
    [
      'a tile cut short',
      { [layer]: (content: Uint8Array) => patched('LZF', 'LZF')(content).fill(255, 90) },
      /damaged tile|not there|cut off/,
    ],
    ['a canvas of no size', { [MAIN]: replaced(/height="70"/, 'height="1e9"') }, 'a canvas here has edges'],
    [
      'entities of its own',
      { [MAIN]: replaced(/<!DOCTYPE DOC [^>]*>/, '<!DOCTYPE DOC [<!ENTITY a "aaaa">]>') },
      'document type',
    ],
    ['a layer far away', { [MAIN]: replaced(/ x="0"/, ' x="900000"') }, 'outside any canvas'],
  ])('with %s are refused in one sentence', async (_, change, reason) => {
    const file = changedKritaFile('mask', change);
    await expect(flattenBytes(file, 'a.kra')).rejects.toThrow(reason);
  });

  it('with tiles far beyond the canvas take no room for them', async () => {
    const file = changedKritaFile('mask', { [layer]: patched('\n0,64,', '\n64000000,-64000000,') });
    const tiles = await withDocument(file, 'a.kra', async (document) =>
      document.state().layers.flatMap(({ id }) => document.readLayer(id)),
    );
    expect(tiles.every(({ x, y }) => Math.abs(x) < 2 && Math.abs(y) < 2)).toBe(true);
  });
});
