import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDocumentFile,
  openDocument,
  type StoredDocument,
} from '../../../../../main/documents/document.ts';
import {
  encodeCmyk,
  encodeRaster,
  encodeStrips,
} from '../../../../../main/documents/exchange/encode-raster.ts';
import {
  builtInPress,
  convertPicture,
  loadProfile,
} from '../../../../../main/documents/exchange/convert-profile.ts';
import { flattenStored, flattenStrips } from '../../../../../main/documents/exchange/flatten-stored.ts';
import { pictureOfDocument } from '../../../../../main/documents/exchange/picture-of-document.ts';
import { SILENT } from '../../../../../main/documents/exchange/progress.ts';
import { assemblePsd } from '../../../../../renderer/engine/formats/psd/assemble-psd.ts';
import { SplicedChannels } from '../../../../../renderer/engine/formats/psd/splice-channels.ts';
import { writePsd } from '../../../../../renderer/engine/formats/psd/write-psd.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { numbers } from './support.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'impasto-strips-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [WIDTH, HEIGHT] = [600, 590];

/** Two layers with noise in some tiles, on a sheet or on nothing. */
function painted(name: string, depth: 8 | 16, sheet: boolean): StoredDocument {
  const path = join(folder, `${name}.impasto`);
  createDocumentFile(path, name, WIDTH, HEIGHT, { depth, background: sheet ? [1, 1, 1] : null });
  const document = openDocument(path);
  const random = numbers(depth);
  const noise = (): Uint8Array =>
    Uint8Array.from({ length: (262_144 * depth) / 8 }, (_, i) => (i % 4096 < 1000 ? 0 : random(256)));
  const layer = layerRecord({ id: 'over', opacity: 0.7, blend: 'multiply' });
  const below = document.state().layers.at(-1)?.id ?? '';
  document.commit('Paint', [
    { type: 'layer-add', layer, parent: null, index: document.state().layers.length },
    {
      type: 'tiles',
      layerId: below,
      tiles: [
        { x: 0, y: 0, data: noise() },
        { x: 1, y: 2, data: noise() },
      ],
    },
    {
      type: 'tiles',
      layerId: 'over',
      tiles: [
        { x: 1, y: 1, data: noise() },
        { x: 2, y: 2, data: noise() },
      ],
    },
  ]);
  return document;
}

describe('pictures that are encoded strip by strip', () => {
  it.each([
    { kind: 'png', depth: 8, sheet: true },
    { kind: 'png', depth: 16, sheet: false },
    { kind: 'tiff', depth: 16, sheet: true },
    { kind: 'webp', depth: 8, sheet: false },
  ] as const)(
    '$kind, $depth bits, opaque: $sheet, are what they are at once',
    async ({ kind, depth, sheet }) => {
      const document = painted(`${kind}${depth}${String(sheet)}`, depth, sheet);
      const options = { kind, quality: 100, resolution: 144 } as const;
      const whole = await encodeRaster(await flattenStored(document, SILENT), options);
      const place = mkdtempSync(join(folder, 'part-'));
      const strips = await encodeStrips(
        {
          width: WIDTH,
          height: HEIGHT,
          depth,
          profile: null,
          rowsPerStrip: 256,
          strips: flattenStrips(document, SILENT),
        },
        options,
        1,
        place,
      );
      document.close();
      const read = (bytes: Uint8Array): Promise<Buffer> =>
        sharp(bytes)
          .raw({ depth: depth === 8 ? 'uchar' : 'ushort' })
          .toBuffer();
      const facts = async (bytes: Uint8Array): Promise<unknown> => {
        const { width, height, channels, density, depth: stored } = await sharp(bytes).metadata();
        return { width, height, channels, density, stored };
      };
      expect(await facts(strips)).toEqual(await facts(whole));
      expect((await facts(strips)) as object).toMatchObject({ channels: sheet ? 3 : 4 });
      expect((await read(strips)).equals(await read(whole))).toBe(true);
    },
  );

  it('go to another profile strip by strip as they do at once, and to a press', async () => {
    const document = painted('profiles', 8, true);
    const flat = await flattenStored(document, SILENT);
    const target = await loadProfile('display-p3');
    const whole = await convertPicture(flat, null, target);
    let at = 0;
    for await (const data of flattenStrips(document, SILENT)) {
      const strip = { ...flat, height: data.length / 4 / WIDTH, data };
      const converted = await convertPicture(strip, null, target);
      expect([...converted.data.subarray(0, 5000)]).toEqual([...whole.data.subarray(at, at + 5000)]);
      at += data.length;
    }
    expect(at).toBe(whole.data.length);
    const press = { profile: (await builtInPress()).bytes, intent: 'perceptual' } as const;
    const options = { kind: 'tiff', quality: 100, resolution: 300 } as const;
    const facts = { width: WIDTH, height: HEIGHT, depth: 8, profile: null, rowsPerStrip: 256 } as const;
    const strips = flattenStrips(document, SILENT);
    const place = mkdtempSync(join(folder, 'part-'));
    const inStrips = await encodeStrips({ ...facts, strips }, options, 1, place, press);
    const atOnce = await encodeCmyk(flat, options, press);
    document.close();
    expect(await sharp(inStrips).metadata()).toMatchObject({ space: 'cmyk', channels: 4 });
    const read = (bytes: Uint8Array): Promise<Buffer> => sharp(bytes).raw().toBuffer();
    expect((await read(inStrips)).equals(await read(atOnce))).toBe(true);
  });

  it('are made smaller on the way', async () => {
    const document = painted('small', 8, true);
    const strips = await encodeStrips(
      {
        width: WIDTH,
        height: HEIGHT,
        depth: 8,
        profile: null,
        rowsPerStrip: 256,
        strips: flattenStrips(document, SILENT),
      },
      { kind: 'png', quality: 100, resolution: null },
      0.25,
      mkdtempSync(join(folder, 'part-')),
    );
    document.close();
    expect(await sharp(strips).metadata()).toMatchObject({ width: 150, height: 148 });
  });
});

describe('a PSD whose layers come in strips', () => {
  it.each([8, 16] as const)('has the bytes of one whose layers are held, %i bits', async (depth) => {
    const document = painted(`psd${depth}`, depth, false);
    const picture = pictureOfDocument(document);
    const merged = await flattenStored(document, SILENT);
    const writing = {
      large: true,
      deflate: (data: Uint8Array) => deflateSync(data),
      onLayer: () => undefined,
    };
    const strips = await writePsd(picture, { ...writing, merged: flattenStrips(document, SILENT) });
    const layers = picture.layers.map(({ record, pixels, mask, children }) => ({
      record,
      pixels,
      mask,
      children,
    }));
    const held = await writePsd({ ...picture, layers }, { ...writing, merged: [merged.data] });
    document.close();
    expect(Buffer.concat(strips).equals(Buffer.concat(held))).toBe(true);
  });

  it('is refused where it would be larger than a PSD may be, before anything is put together', async () => {
    const written = await writePsd(
      {
        width: 1,
        height: 1,
        depth: 8,
        profile: null,
        resolution: null,
        guides: [],
        grid: null,
        layers: [],
        losses: [],
      },
      {
        merged: [Uint8Array.of(1, 2, 3, 255)],
        large: false,
        deflate: (data) => data,
        onLayer: () => undefined,
      },
    );
    const part = new Uint8Array(2 ** 28);
    const facts = {
      width: 1,
      height: 1,
      depth: 8,
      hasAlpha: false,
      profileBlock: null,
      channels: new SplicedChannels(),
    } as const;
    expect(() =>
      assemblePsd(Buffer.concat(written), {
        ...facts,
        large: false,
        merged: Array.from({ length: 9 }, () => part),
      }),
    ).toThrow(/2048 MB/);
  });
});
