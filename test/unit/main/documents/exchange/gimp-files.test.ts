import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { sourceKindOfBytes } from '../../../../../main/documents/exchange/file-kind.ts';
import { inDepth } from '../../../../../main/documents/exchange/raster.ts';
import { readPicture } from '../../../../../main/documents/exchange/read-picture-file.ts';
import { StudioError } from '../../../../../preload/contract/index.ts';
import { FormatError } from '../../../../../renderer/engine/formats/picture-file.ts';
import { GIMP_FILES, type GimpFile, gimpFile, shownByGimp } from '../../../../fixtures/foreign/gimp-files.ts';
import { flattenBytes, withDocument } from './support.ts';

/** A file with bytes in place of others, which must be there. */
function changed(name: GimpFile, ...changes: readonly (readonly [from: string, to: string])[]): Uint8Array {
  let text = Buffer.from(gimpFile(name)).toString('latin1');
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

const word = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString('latin1');
};

describe('pictures of GIMP', () => {
  it.each(Object.keys(GIMP_FILES) as GimpFile[])('%s looks as GIMP shows it', async (name) => {
    const file = gimpFile(name);
    expect(sourceKindOfBytes(file)).toBe('xcf');
    const flat = inDepth(await flattenBytes(file, 'a.xcf'), 8);
    const shown = await sharp(shownByGimp(name), { ignoreIcc: true })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer();
    expect(flat.data.length).toBe(shown.length);
    const worst = shown.reduce((most, value, i) => Math.max(most, Math.abs(value - flat.data[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('keep layers, groups, names, modes, opacity, places and masks', async () => {
    for (const name of ['layers', 'deep'] as const) {
      const found = await withDocument(gimpFile(name), 'a.xcf', async (document) => {
        const { layers, depth } = document.state();
        const masked = layers.find(({ mask }) => mask !== null)?.id ?? '';
        const tile = document.readMask(masked).find(({ x, y }) => x === 0 && y === 0);
        const values =
          tile && (depth === 8 ? tile.data : new Uint16Array(tile.data.buffer, tile.data.byteOffset));
        return {
          depth,
          layers: layers.map(({ parent, ...rest }) => ({
            ...rest,
            in: layers.find(({ id }) => id === parent)?.name ?? null,
          })),
          // The mask lies where its layer does: 25 … 45 of the canvas across are shown in part.
          mask: [22, 30, 60].map((x) => (values?.[5 * 256 + x] ?? 0) / (depth === 8 ? 255 : 65_535)),
        };
      });
      expect(found.depth).toBe(name === 'layers' ? 8 : 16);
      expect(found.layers).toMatchObject([
        { name: 'Background', in: null, blend: 'normal', mask: null },
        { name: 'Über 基', in: null, blend: 'multiply', mask: { enabled: true } },
        { kind: 'group', in: null, blend: 'normal' },
        { name: 'inside', blend: 'screen' },
      ]);
      expect(found.layers[3]?.in).toBe(found.layers[2]?.name);
      expect(found.layers[1]?.opacity).toBeCloseTo(0.6, 5);
      expect(found.layers[2]?.opacity).toBeCloseTo(0.7, 5);
      expect(found.mask[0]).toBe(0);
      // Filled with a grey of 180, of which a mask takes the light: 116.
      expect(found.mask[1]).toBeCloseTo(116 / 255, 2);
      expect(found.mask[2]).toBe(0);
    }
  });

  it('say what is not read of them, or looks otherwise', async () => {
    expect((await readPicture(gimpFile('grey'), 'a.xcf')).losses).toContainEqual({
      layer: null,
      feature: 'Channels',
      outcome: 'left-out',
    });
    // A property of a mode: 7, of four bytes, "multiply" of 2.8; to "grain merge" and to "normal" of 2.10.
    const mode = (number: number): [string, string] => [
      word(7) + word(4) + word(3),
      word(7) + word(4) + word(number),
    ];
    const grain = await readPicture(changed('layers', mode(47)), 'a.xcf');
    expect(grain.losses).toContainEqual({ layer: 'Über 基', feature: 'Layer mode 47', outcome: 'changed' });
    const linear = await readPicture(changed('layers', mode(28)), 'a.xcf');
    expect(linear.losses.map(({ feature }) => feature)).toContain('Blending in linear light');
  });

  const SIZE = word(90) + word(70);
  it.each([
    ['a version to come', [['v003', 'v099']], 'of version v099'],
    ['a canvas of no size', [[SIZE, word(0) + word(70)]], 'a canvas here has edges'],
    ['a canvas of any size', [[SIZE, word(4e9) + word(70)]], 'a canvas here has edges'],
    ['colours of another kind', [[`${SIZE}${word(0)}`, `${SIZE}${word(9)}`]], 'kind that is not read'],
    ['another packing', [[`${word(17)}${word(1)}\u0001`, `${word(17)}${word(1)}\u0007`]], 'packed in a way'],
    ['a property without end', [[word(17) + word(1), word(17) + word(0x7fff_ffff)]], 'cut off'],
    [
      'a layer far away',
      [[word(15) + word(8) + word(20), word(15) + word(8) + word(0x7fff_0000)]],
      'outside',
    ],
  ] as const)('with %s are refused in one sentence', async (_, changes, reason) => {
    await expect(flattenBytes(changed('layers', ...changes), 'a.xcf')).rejects.toThrow(reason);
  });

  it('with a precision that is not read are refused, and told what to choose', async () => {
    const double = changed('deep', [`${SIZE}${word(0)}${word(250)}`, `${SIZE}${word(0)}${word(750)}`]);
    await expect(readPicture(double, 'a.xcf')).rejects.toMatchObject({
      message: expect.stringContaining('precision'),
      remedy: expect.stringContaining('Image, Precision'),
    });
  });

  it('are refused wherever they are cut off', async () => {
    const file = gimpFile('layers');
    // Behind are tiles of the group's own picture, which nobody needs.
    for (let length = 1; length < file.length * 0.75; length += 37)
      await expect(flattenBytes(file.slice(0, length), 'a.xcf')).rejects.toSatisfy(
        (error) => error instanceof FormatError || error instanceof StudioError,
      );
  });
});
