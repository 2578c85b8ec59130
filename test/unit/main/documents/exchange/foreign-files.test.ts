import { strToU8, zipSync } from 'fflate';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { sourceKindOfBytes } from '../../../../../main/documents/exchange/file-kind.ts';
import { lossSentences } from '../../../../../main/documents/exchange/losses.ts';
import { readPicture } from '../../../../../main/documents/exchange/read-picture-file.ts';
import { frameAsTiff } from '../../../../../main/documents/exchange/tiff-frame.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** How files of programs begin that were written by GIMP 2.10, Krita 5.1, ImageMagick 6, libjxl, libheif and others. */
const BEGINNINGS = [
  ['a.clip', 'CSFCHUNK\0\0\0\0', 'a Clip Studio Paint file'],
  ['a.jxl', '\u00FF\n\u00F0\u0009', 'a JPEG XL picture'],
  ['a.jxl', '\0\0\0\fJXL \r\n\u0087\n\0\0', 'a JPEG XL picture'],
  ['a.jp2', '\0\0\0\fjP  \r\n\u0087\n\0\0', 'a JPEG 2000 picture'],
  ['a.j2k', '\u00FFO\u00FFQ\0/', 'a JPEG 2000 picture'],
  ['a.heic', '\0\0\0\u0018ftypheic\0\0\0\0mif1heic', 'a HEIC photograph'],
  ['a.bmp', 'BM.\r\0\0\0\0\0\0\u00CA\0\0\0|\0', 'a Windows bitmap'],
  ['a.tga', '\0\0\u0002\0\0\0\0\0\0\0\0\0a\0=\0', 'a Targa picture'],
  [
    'a.svg',
    '<?xml version="1.0"?>\n<!-- drawn --><svg xmlns="http://www.w3.org/2000/svg"/>',
    'an SVG drawing',
  ],
  ['a.svgz', '\u001F\u008B\b\0', 'a gzip archive'],
  ['a.pdf', '%PDF-1.7\n', 'a PDF document'],
  ['a.eps', '%!PS-Adobe-3.0 EPSF-3.0\n', 'a PostScript drawing'],
  ['a.hdr', '#?RADIANCE\n', 'a Radiance picture'],
  ['a.dds', 'DDS |\0\0\0', 'a DirectDraw surface'],
  ['a.ppm', 'P6\n97 61\n255\n', 'a Netpbm picture'],
  ['a.mp4', '\0\0\0 ftypisom\0\0\u0002\0isomiso2avc1', 'a video'],
  // The name is no evidence against the bytes.
  ['a.png', 'CSFCHUNK', 'a Clip Studio Paint file'],
  ['a.psd', '%PDF-1.7\n', 'a PDF document'],
] as const;

describe('a file of a format that is not read', () => {
  it.each(BEGINNINGS)('%s is called by its name in one sentence (%#)', async (name, beginning, format) => {
    const error = await readPicture(latin1(beginning), name).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'files/unknown-kind' });
    const { message, remedy } = error as { message: string; remedy: string };
    expect(message).toContain(`${name} is ${format}`);
    expect(message).toContain('which Impasto does not read. Nothing was changed.');
    expect(remedy).not.toBe('');
  });

  it('is not taken for another where its bytes say nothing', async () => {
    for (const text of ['hello', 'BM is a company', 'P6', '\0\0\0\0\0\0\0\0', '<html><svg/></html>', ''])
      await expect(readPicture(latin1(text), 'a.bin')).rejects.toThrow(/no picture that Impasto knows|empty/);
  });
});

describe('an archive', () => {
  const png = (): Promise<Uint8Array> =>
    sharp({ create: { width: 6, height: 4, channels: 4, background: '#00ff00' } })
      .png()
      .toBuffer();

  it('of Krita gives the picture that it carries, and says that its layers are in it', async () => {
    const file = zipSync({
      mimetype: [strToU8('application/x-krita'), { level: 0 }],
      'maindoc.xml': strToU8('<DOC/>'),
      'a/layers/layer2': strToU8('VERSION 2'),
      'mergedimage.png': await png(),
    });
    expect(sourceKindOfBytes(file)).toBe('kra');
    const { width, height, layers, losses } = await readPicture(file, 'a.kra');
    expect([width, height, layers.length]).toEqual([6, 4, 1]);
    expect((await layers[0]?.pixels?.())?.data.slice(0, 4)).toEqual(Uint8Array.of(0, 255, 0, 255));
    expect(lossSentences(losses, 1, 'import')).toEqual([
      "Krita's layers (save it there as .psd or .ora to keep them) become one picture.",
    ]);
  });

  it.each([
    ['a.procreate', 'Document.archive', 'a Procreate file'],
    ['a.bundle', 'paintoppresets/a.kpp', 'a Krita resource bundle'],
    ['a.odt', 'META-INF/manifest.xml', 'an office document'],
    ['a.zip', 'notes.txt', 'an archive but no OpenRaster file'],
  ])('%s without a picture that is known is called what it is', async (name, inside, format) => {
    await expect(readPicture(zipSync({ [inside]: strToU8('x') }), name)).rejects.toThrow(format);
  });
});

describe('a TIFF', () => {
  /** One of 2 × 2 grey pixels with a tag's value changed, or a tag in place of another. */
  function tiffWith(tag: number, value: number, instead = tag): Uint8Array {
    const file = frameAsTiff(new Uint8Array(4), { width: 2, height: 2 }, 'greyscale', null);
    const view = new DataView(file.buffer);
    for (let at = 10; at < 10 + view.getUint16(8, true) * 12; at += 12) {
      if (view.getUint16(at, true) !== instead) continue;
      view.setUint16(at, tag, true);
      view.setUint16(at + 2, 3, true);
      view.setUint32(at + 8, value, true);
    }
    return file;
  }

  it.each([
    ['Lab', tiffWith(262, 8), 'Lab colour'],
    ['the Lab of ICC', tiffWith(262, 9), 'Lab colour'],
    ['YCbCr that is not JPEG', tiffWith(262, 6), 'YCbCr colour'],
    ['what a sensor saw', tiffWith(262, 32_803), 'raw photograph'],
    ['12 bits', tiffWith(258, 12), 'samples have 12 bits'],
    ['whole numbers of 32 bits', tiffWith(258, 32), 'samples have 32 bits'],
    ['signed numbers', tiffWith(339, 2, 284), 'samples have 8 bits and a sign'],
    ['a packing that is not built in', tiffWith(259, 34_925), 'packed with LZMA'],
    ['a digital negative', tiffWith(50_706, 1, 284), 'raw photograph'],
  ])('of %s is refused by its name', async (_, file, reason) => {
    await expect(readPicture(file, 'a.tif')).rejects.toThrow(reason);
  });

  it('with more channels than colours and alpha gives those, and says so', async () => {
    const pixels = Uint8Array.from([10, 20, 30, 40, 50, 60, 70, 80]);
    // One row of one pixel, of five channels: the fifth is a saved selection.
    const file = Uint8Array.from([
      ...frameAsTiff(pixels.slice(0, 4), { width: 1, height: 1 }, 'rgba', null),
      50,
      0,
      0,
      0,
    ]);
    const view = new DataView(file.buffer);
    const end = file.length;
    const out = new Uint8Array(end + 16);
    out.set(file);
    const wide = new DataView(out.buffer);
    for (let k = 0; k < 5; k++) wide.setUint16(end + k * 2, 8, true);
    for (let at = 10; at < 10 + view.getUint16(8, true) * 12; at += 12) {
      const tag = view.getUint16(at, true);
      if (tag === 258) {
        wide.setUint32(at + 4, 5, true);
        wide.setUint32(at + 8, end, true);
      }
      if (tag === 277) wide.setUint32(at + 8, 5, true);
      if (tag === 279) wide.setUint32(at + 8, 5, true);
      if (tag === 338) {
        wide.setUint32(at + 4, 2, true);
        wide.setUint16(at + 8, 2, true);
        wide.setUint16(at + 10, 0, true);
      }
    }
    const { layers, losses } = await readPicture(out, 'a.tif');
    expect((await layers[0]?.pixels?.())?.data).toEqual(Uint8Array.of(10, 20, 30, 40));
    expect(losses).toEqual([{ layer: null, feature: '1 further channel', outcome: 'left-out' }]);
  });

  it('of grey is read', async () => {
    await expect(readPicture(tiffWith(262, 1), 'a.tif')).resolves.toMatchObject({ width: 2, height: 2 });
  });
});
