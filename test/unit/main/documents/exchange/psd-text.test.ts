import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  initializeCanvas,
  type Layer,
  type LayerTextData,
  readPsd as readAgPsd,
  writePsdUint8Array,
} from 'ag-psd';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportDocument } from '../../../../../main/documents/exchange/export-document.ts';
import { flattenStored } from '../../../../../main/documents/exchange/flatten-stored.ts';
import { lossesOnExport } from '../../../../../main/documents/exchange/losses.ts';
import { SILENT } from '../../../../../main/documents/exchange/progress.ts';
import { readPicture } from '../../../../../main/documents/exchange/read-picture-file.ts';
import { NO_AIDS } from '../../../../../renderer/engine/aids/aids.ts';
import { fromPsdFont, toPsdFace } from '../../../../../renderer/engine/formats/psd/font-names.ts';
import { readPsd } from '../../../../../renderer/engine/formats/psd/read-psd.ts';
import { fromPsdText, toPsdText } from '../../../../../renderer/engine/formats/psd/text.ts';
import { layerRecordSchema } from '../../../../../preload/contract/index.ts';
import { layerRecord } from '../../../../../renderer/engine/layers/layer-record.ts';
import { firstBaseline, type LayerText } from '../../../../../renderer/engine/layers/layer-text.ts';
import { alignsOf, ownStyle, styledRanges } from '../../../../../renderer/engine/layers/text-runs.ts';
import { applyAffine } from '../../../../../renderer/engine/transform/affine.ts';
import { spent } from '../../../../fixtures/spent.ts';
import { imageMagick } from './image-magick.ts';
import { inFolder, numbers, psdHost, withDocument } from './support.ts';

/** A reader that knows nothing of text. */
const magick = imageMagick();

beforeAll(() => {
  initializeCanvas(
    () => {
      throw new Error('no canvas here');
    },
    (width, height) => ({ width, height, data: new Uint8ClampedArray(width * height * 4) }) as ImageData,
  );
});

const random = numbers(11);
const glyphs = {
  width: 30,
  height: 12,
  data: Uint8ClampedArray.from({ length: 30 * 12 * 4 }, () => random(256)),
};

/** A text layer as Photoshop keeps it, with pixels of its own. */
function typed(text: LayerTextData, more: Partial<Layer> = {}): Layer {
  return { name: text.text.slice(0, 20), left: 12, top: 9, imageData: glyphs, text, ...more };
}

const file = (...children: Layer[]): Uint8Array => writePsdUint8Array({ width: 64, height: 48, children });

const plain: LayerTextData = {
  text: 'Fox 狐\nund Hund',
  transform: [1, 0, 0, 1, 20, 30],
  style: {
    font: { name: 'SourceSerif4-BoldIt' },
    fontSize: 16,
    autoLeading: false,
    leading: 24,
    tracking: 50,
    fillColor: { r: 200, g: 100, b: 0 },
  },
  paragraphStyle: { justification: 'center' },
};

describe('text of a PSD, in', () => {
  it('can be written again, stands where it stood, and keeps its pixels until then', async () => {
    const picture = await readPsd(file(typed(plain)), psdHost);
    expect(picture.losses).toEqual([]);
    const [layer] = picture.layers;
    const { text } = layer!.record;
    expect(text).toMatchObject({
      text: 'Fox 狐\nund Hund',
      font: 'Source Serif 4',
      weight: 700,
      italic: true,
      size: 16,
      leading: 1.5,
      spacing: 0.05,
      align: 'center',
      colour: '#c86400',
    });
    expect(text?.box ?? null).toBeNull();
    // The first line's baseline is Photoshop's origin.
    expect(applyAffine(text!.place, { x: 0, y: firstBaseline(text!) })).toEqual({ x: 20, y: 30 });
    const pixels = await layer!.pixels!();
    expect(pixels).toMatchObject({ x: 12, y: 9, width: 30, height: 12 });
    expect(Array.from(pixels!.data)).toEqual(Array.from(glyphs.data));
  });

  it('stands in its box, turned and scaled as it was', async () => {
    const boxed: LayerTextData = {
      ...plain,
      transform: [0, 2, -2, 0, 40, 10],
      shapeType: 'box',
      boxBounds: [3, 4, 103, 54],
      paragraphStyle: { justification: 'justify-left' },
      style: { font: { name: 'ArialMT' }, fontSize: 10 },
    };
    const [layer] = (await readPsd(file(typed(boxed)), psdHost)).layers;
    const text = layer!.record.text!;
    expect(text).toMatchObject({
      font: 'Arial',
      weight: 400,
      align: 'justify',
      leading: 1.2,
      box: { width: 100, height: 50 },
    });
    // Lines begin at the box's left, the first as far below its top as a font's letters are high.
    expect(applyAffine(text.place, { x: 0, y: firstBaseline(text) })).toEqual({
      x: 40 - 2 * (4 + 9),
      y: 10 + 2 * 3,
    });
  });

  it('comes as pixels where it has what cannot be set here, and says what', async () => {
    const style = plain.style!;
    const cases: [string, LayerTextData][] = [
      ['Vertical Type', { ...plain, orientation: 'vertical' }],
      ['Warped Text', { ...plain, warp: { style: 'arc', value: 50 } }],
      ['Underline or Strikethrough', { ...plain, style: { ...style, underline: true } }],
      [
        'Baseline Shift',
        {
          ...plain,
          styleRuns: [
            { length: 3, style: { ...style, baselineShift: 3 } },
            { length: 11, style },
          ],
        },
      ],
      ['Caps', { ...plain, style: { ...style, fontCaps: 2 } }],
      ['Scaled Letters', { ...plain, style: { ...style, horizontalScale: 1.5 } }],
      ['Baseline Shift', { ...plain, style: { ...style, baselineShift: 4 } }],
      ['Justification', { ...plain, paragraphStyle: { justification: 'justify-all' } }],
      ['Paragraph Indents', { ...plain, paragraphStyle: { startIndent: 12 } }],
      ['Text out of Bounds', { ...plain, transform: [1, 1, 1, 1, 0, 0] }],
    ];
    for (const [feature, text] of cases) {
      const picture = await readPsd(file(typed(text, { name: feature })), psdHost);
      expect(picture.losses).toEqual([{ layer: feature, feature, outcome: 'pixels' }]);
      expect(picture.layers[0]?.record.text ?? null).toBeNull();
      expect(await picture.layers[0]?.pixels?.()).not.toBeNull();
    }
  });

  it('has the styles of its letters and paragraphs, the usual one as its own', async () => {
    const style = plain.style!;
    const several: LayerTextData = {
      ...plain,
      styleRuns: [
        { length: 4, style: { ...style, fontSize: 40, leading: 48 } },
        { length: 5, style },
        {
          length: 5,
          style: {
            ...style,
            font: { name: 'Inter-Regular' },
            fillColor: { r: 0, g: 0, b: 255 },
            tracking: 0,
          },
        },
      ],
      paragraphStyleRuns: [
        { length: 6, style: { justification: 'center' } },
        { length: 8, style: { justification: 'right' } },
      ],
    };
    const picture = await readPsd(file(typed(several)), psdHost);
    expect(picture.losses).toEqual([]);
    const text = picture.layers[0]!.record.text!;
    expect(
      styledRanges(text).map(({ from, to, style: letters }) => [text.text.slice(from, to), letters]),
    ).toEqual([
      ['Fox ', { ...ownStyle(text), font: 'Source Serif 4', size: 40, leading: 1.2, colour: '#c86400' }],
      ['狐\nund', { ...ownStyle(text), size: 16, weight: 700, italic: true, leading: 1.5, spacing: 0.05 }],
      [
        ' Hund',
        { font: 'Inter', weight: 400, italic: false, size: 16, leading: 1.5, spacing: 0, colour: '#0000ff' },
      ],
    ]);
    expect(text).toMatchObject({ size: 16, align: 'center' });
    expect(alignsOf(text)).toEqual(['center', 'right']);
    expect(applyAffine(text.place, { x: 0, y: firstBaseline(text) })).toEqual({ x: 20, y: 30 });
  });

  it('is read in no time whatever its runs claim', async () => {
    const style = plain.style!;
    const long = 'a\n'.repeat(9000);
    const each = Array.from({ length: 18_000 }, (_, i) => ({
      length: 1,
      style: { ...style, fontSize: 10 + (i % 7) },
    }));
    const odd = [-5, Number.NaN, 0.5, 1e12, 3].map((length) => ({
      length,
      style: { ...style, tracking: Number.NaN },
    }));
    const readAll = (): void => {
      for (const styleRuns of [each, odd]) {
        const read = fromPsdText({
          ...plain,
          text: long,
          styleRuns,
          paragraphStyleRuns: each.map(({ length }) => ({
            length,
            style: { justification: 'right' as const },
          })),
        });
        if (!('text' in read)) throw new Error(read.beyond);
        expect(layerRecordSchema.parse(layerRecord({ id: 'a', text: read.text })).text).toEqual(read.text);
        expect(styledRanges(read.text).at(-1)?.to).toBe(long.length);
      }
    };
    expect(await spent(readAll)).toBeLessThan(2000);
  });

  it('says when nobody has drawn it yet', async () => {
    const { losses, layers } = await readPsd(file({ name: 'undrawn', text: plain }), psdHost);
    expect(layers[0]?.record.text?.text).toBe(plain.text);
    expect(losses).toMatchObject([{ layer: 'undrawn', outcome: 'changed' }]);
  });
});

const written: LayerText = {
  text: 'Öl\nund Farbe',
  font: 'Inter',
  size: 20,
  weight: 700,
  italic: false,
  align: 'right',
  leading: 1.4,
  spacing: -0.02,
  colour: '#12ab9f',
  place: { a: 0.8, b: 0.6, c: -0.6, d: 0.8, e: 31.5, f: 12.25 },
};

describe('text of a PSD, out', () => {
  it('comes back as it was, with and without a box', () => {
    for (const text of [
      written,
      { ...written, align: 'justify', box: { width: 210, height: 90 } } as const,
      { ...written, font: 'Bebas Neue', italic: true } as const,
      { ...written, font: 'My Own Font', weight: 400, align: 'left' } as const,
    ]) {
      const read = fromPsdText(toPsdText(text));
      if (!('text' in read)) throw new Error(read.beyond);
      const { place, box, ...rest } = read.text;
      expect(rest).toEqual({
        ...text,
        place: undefined,
        box: undefined,
        leading: expect.closeTo(1.4, 9) as number,
      });
      expect(box ?? null).toEqual('box' in text ? text.box : null);
      for (const key of ['a', 'b', 'c', 'd', 'e', 'f'] as const)
        expect(place[key]).toBeCloseTo(written.place[key], 9);
    }
  });

  it('has its runs in a file of another program, and they come back', () => {
    const runs = [
      { length: 3, style: { size: 33, weight: 400 as const } },
      { length: 6, style: {} },
      { length: 3, style: { font: 'JetBrains Mono', colour: '#ff8000', spacing: 0.2, italic: true } },
    ];
    for (const box of [null, { width: 300, height: 90 }]) {
      const text: LayerText = { ...written, box, runs, aligns: ['right', 'center'] };
      const bytes = file(typed(toPsdText(text)));
      const data = readAgPsd(bytes, { useImageData: true }).children?.[0]?.text;
      expect(data?.styleRuns?.map(({ length, style }) => [length, style.fontSize])).toEqual([
        [3, 33],
        [6, 20],
        [3, 20],
      ]);
      const read = fromPsdText(data!);
      if (!('text' in read)) throw new Error(read.beyond);
      expect(styledRanges(read.text)).toEqual(
        styledRanges(text).map((range) => ({
          ...range,
          style: { ...range.style, leading: expect.closeTo(range.style.leading, 6) as number },
        })),
      );
      expect(alignsOf(read.text)).toEqual(['right', 'center']);
      for (const key of ['a', 'b', 'c', 'd', 'e', 'f'] as const)
        expect(read.text.place[key]).toBeCloseTo(written.place[key], 6);
    }
  });

  it('is text with pixels to other programs, and again after PSD → .impasto → PSD', async () => {
    const first = file(
      {
        name: 'Grund',
        imageData: { width: 64, height: 48, data: new Uint8ClampedArray(64 * 48 * 4).fill(255) },
      },
      typed(plain),
    );
    await withDocument(first, 'a.psd', async (document) => {
      const before = await flattenStored(document, SILENT);
      for (const kind of ['psd', 'psb'] as const) {
        const bytes = await exportDocument(document, { kind }, SILENT);
        const [, layer] = readAgPsd(bytes, { useImageData: true }).children ?? [];
        expect(layer?.text).toMatchObject({ text: plain.text, transform: [1, 0, 0, 1, 20, 30] });
        expect(layer?.text?.style).toMatchObject({
          font: { name: 'SourceSerif4-BoldIt' },
          fontSize: 16,
          leading: 24,
          tracking: 50,
        });
        expect(layer?.text?.paragraphStyle?.justification).toBe('center');
        const again = await readPicture(bytes, `b.${kind}`);
        expect(again.losses).toEqual([]);
        const { text } = again.layers[1]!.record;
        const once = document.state().layers.find(({ text: kept }) => kept)!.text!;
        expect(text).toEqual({ ...once, leading: expect.closeTo(1.5, 9) as number });
        await withDocument(bytes, `b.${kind}`, async (copy) => {
          expect((await flattenStored(copy, SILENT)).data).toEqual(before.data);
        });
      }
    });
  });

  it.skipIf(!magick)('has the pixels that ImageMagick shows', async () => {
    const first = file(
      {
        name: 'Grund',
        imageData: { width: 64, height: 48, data: new Uint8ClampedArray(64 * 48 * 4).fill(255) },
      },
      typed(plain, {
        imageData: { ...glyphs, data: glyphs.data.map((value, i) => (i % 4 === 3 ? 255 : value)) },
      }),
    );
    await inFolder(async (folder) =>
      withDocument(first, 'a.psd', async (document) => {
        const path = join(folder, 'out.psd');
        writeFileSync(path, await exportDocument(document, { kind: 'psd' }, SILENT));
        const rgba = execFileSync(magick ?? '', [`${path}[0]`, '-depth', '8', 'rgba:-'], {
          maxBuffer: 1 << 24,
        });
        expect(Array.from(rgba)).toEqual(Array.from((await flattenStored(document, SILENT)).data));
      }),
    );
  });

  it('is no loss any more, but for a family that only this machine knows the meaning of', () => {
    const content = (font: string): Parameters<typeof lossesOnExport>[0] => ({
      depth: 8,
      layers: [layerRecord({ id: 'a', name: 'T', text: { ...written, font } })],
      hasHistory: false,
      aids: NO_AIDS,
      opaque: false,
    });
    expect(lossesOnExport(content('Inter'), 'psd')).toEqual([]);
    expect(lossesOnExport(content('serif'), 'psd')).toEqual([
      { layer: 'T', feature: 'Font "serif"', outcome: 'changed' },
    ]);
    expect(lossesOnExport(content('Inter'), 'ora')).toEqual([
      { layer: 'T', feature: 'Text', outcome: 'pixels' },
    ]);
  });
});

describe('names of fonts', () => {
  it('go to PostScript and back, for families with all faces, some, and unknown ones', () => {
    const faces = [
      ['Arial', 700, true, 'Arial-BoldItalicMT'],
      ['Times New Roman', 400, false, 'TimesNewRomanPSMT'],
      ['JetBrains Mono', 400, true, 'JetBrainsMono-Italic'],
      ['Caveat', 700, false, 'Caveat-Bold'],
      ['Open Sans', 700, true, 'OpenSans-BoldItalic'],
      ['Noto Sans CJK JP', 400, false, 'NotoSansCJKJP-Regular'],
    ] as const;
    for (const [font, weight, italic, name] of faces) {
      expect(toPsdFace({ font, weight, italic })).toEqual({ name, fauxBold: false, fauxItalic: false });
      if (font !== 'Noto Sans CJK JP') expect(fromPsdFont(name)).toEqual({ font, weight, italic });
    }
    expect(toPsdFace({ font: 'Caveat', weight: 700, italic: true })).toEqual({
      name: 'Caveat-Bold',
      fauxBold: false,
      fauxItalic: true,
    });
    expect(toPsdFace({ font: 'Impact', weight: 700, italic: true })).toEqual({
      name: 'Impact',
      fauxBold: true,
      fauxItalic: true,
    });
    expect(fromPsdFont('MyriadPro-SemiboldIt')).toEqual({
      font: 'Myriad Pro Semibold',
      weight: 400,
      italic: true,
    });
    expect(fromPsdFont('AdobeInvisFont')).toEqual({ font: 'Adobe Invis Font', weight: 400, italic: false });
  });
});
