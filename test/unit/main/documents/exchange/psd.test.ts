import { initializeCanvas, type Layer, type Psd, readPsd as readAgPsd, writePsdUint8Array } from 'ag-psd';
import { beforeAll, describe, expect, it } from 'vitest';
import { aidsOfDocument } from '../../../../../main/documents/exchange/aids-in-files.ts';
import { exportDocument } from '../../../../../main/documents/exchange/export-document.ts';
import { lossesOnExport, lossSentences } from '../../../../../main/documents/exchange/losses.ts';
import { SILENT } from '../../../../../main/documents/exchange/progress.ts';
import { readPicture } from '../../../../../main/documents/exchange/read-picture-file.ts';
import {
  fileRecord,
  type FileLayer,
  type LayeredPicture,
} from '../../../../../renderer/engine/formats/picture-file.ts';
import { packBits, unpackBits, worstPacked } from '../../../../../renderer/engine/formats/psd/pack-bits.ts';
import { readPsd, readPsdMerged } from '../../../../../renderer/engine/formats/psd/read-psd.ts';
import { writePsd } from '../../../../../renderer/engine/formats/psd/write-psd.ts';
import { rawPsd } from './raw-psd.ts';
import { deflate, flattenBytes, numbers, psdHost, withDocument } from './support.ts';

beforeAll(() => {
  // ag-psd as the other program: it writes the files that are read here.
  initializeCanvas(
    () => {
      throw new Error('no canvas here');
    },
    (width, height) => ({ width, height, data: new Uint8ClampedArray(width * height * 4) }) as ImageData,
  );
});

const solid = (width: number, height: number, pixel: readonly number[]): NonNullable<Layer['imageData']> => ({
  width,
  height,
  data: Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => pixel[i % 4] as number),
});

const flatten = (layers: readonly FileLayer[]): FileLayer[] =>
  layers.flatMap((layer) => [layer, ...flatten(layer.children)]);
const named = (picture: LayeredPicture, name: string): FileLayer => {
  const found = flatten(picture.layers).find(({ record }) => record.name === name);
  if (!found) throw new Error(`no layer ${name}`);
  return found;
};

/** One of everything that a document can hold, as another program writes it. */
const rich: Psd = {
  width: 40,
  height: 30,
  imageResources: {
    resolutionInfo: {
      horizontalResolution: 300,
      horizontalResolutionUnit: 'PPI',
      widthUnit: 'Inches',
      verticalResolution: 300,
      verticalResolutionUnit: 'PPI',
      heightUnit: 'Inches',
    },
    gridAndGuidesInformation: { guides: [{ direction: 'vertical', location: 12 }] },
  },
  children: [
    { name: 'Grund', layerColor: 'gray', imageData: solid(40, 30, [10, 20, 30, 255]) },
    {
      name: 'Gruppe ✎ 狐',
      blendMode: 'pass through',
      opacity: 0.5,
      children: [
        { name: 'leer', blendMode: 'multiply', hidden: true },
        {
          name: 'außen',
          left: -20,
          top: -10,
          imageData: solid(10, 5, [200, 0, 0, 128]),
          blendMode: 'screen',
        },
        {
          name: 'masked',
          left: 5,
          top: 5,
          imageData: solid(8, 8, [0, 200, 0, 255]),
          fillOpacity: 128.25 / 255,
          mask: {
            left: 6,
            top: 6,
            right: 8,
            bottom: 8,
            defaultColor: 255,
            imageData: solid(2, 2, [0, 0, 0, 255]),
          },
        },
        { name: 'clipped', clipping: true, left: 0, top: 0, imageData: solid(40, 30, [0, 0, 255, 255]) },
      ],
    },
    {
      name: 'off',
      imageData: solid(4, 4, [9, 9, 9, 255]),
      transparencyProtected: true,
      protected: { transparency: true, composite: true, position: false },
      mask: { left: 0, top: 0, right: 0, bottom: 0, defaultColor: 0, disabled: true },
    },
    { name: 'fill', vectorFill: { type: 'color', color: { r: 255, g: 128, b: 0 } } },
    {
      name: 'levels',
      adjustment: {
        type: 'levels',
        rgb: {
          shadowInput: 10,
          highlightInput: 240,
          shadowOutput: 0,
          highlightOutput: 255,
          midtoneInput: 1.2,
        },
      },
    },
    {
      name: 'curves',
      adjustment: { type: 'curves', rgb: [0, 128, 255].map((input) => ({ input, output: 255 - input })) },
    },
    { name: 'invert', layerColor: 'violet', adjustment: { type: 'invert' } },
    { name: 'posterize', adjustment: { type: 'posterize', levels: 5 } },
    {
      name: 'photo filter',
      adjustment: { type: 'photo filter', color: { r: 236, g: 138, b: 0 }, density: 0.25 },
    },
    {
      name: 'shadow',
      imageData: solid(4, 4, [1, 2, 3, 255]),
      effects: {
        dropShadow: [
          { enabled: true, blendMode: 'multiply', color: { r: 0, g: 0, b: 0 }, opacity: 0.75, angle: 120 },
        ],
      },
    },
  ],
};

describe('PSD in', () => {
  it('has every layer, property, mask, fill and adjustment that another program wrote', async () => {
    const picture = await readPsd(writePsdUint8Array(rich), psdHost);
    expect(picture).toMatchObject({ width: 40, height: 30, depth: 8, resolution: 300 });
    expect(picture.guides).toEqual([{ direction: 'vertical', position: 12 }]);
    expect(picture.layers.map(({ record }) => [record.name, record.kind])).toEqual([
      ['Grund', 'paint'],
      ['Gruppe ✎ 狐', 'group'],
      ['off', 'paint'],
      ['fill', 'fill'],
      ['levels', 'adjustment'],
      ['curves', 'adjustment'],
      ['invert', 'adjustment'],
      ['posterize', 'adjustment'],
      ['photo filter', 'paint'],
      ['shadow', 'paint'],
    ]);
    const group = named(picture, 'Gruppe ✎ 狐');
    expect(group.record).toMatchObject({ blend: 'pass-through', opacity: 128 / 255 });
    expect(group.children.map(({ record }) => record.name)).toEqual(['leer', 'außen', 'masked', 'clipped']);
    expect(named(picture, 'leer').record).toMatchObject({ visible: false, blend: 'multiply' });
    expect(await named(picture, 'leer').pixels?.()).toBeUndefined();
    expect(await named(picture, 'außen').pixels?.()).toMatchObject({ x: -20, y: -10, width: 10, height: 5 });
    const masked = named(picture, 'masked');
    expect(masked.record).toMatchObject({
      fillOpacity: 128 / 255,
      mask: { enabled: true, linked: true, density: 1, outside: 1 },
    });
    expect(await masked.mask?.()).toMatchObject({ x: 6, y: 6, width: 2, height: 2 });
    expect(named(picture, 'clipped').record.clipped).toBe(true);
    expect(picture.layers.map(({ record }) => record.label ?? null).filter(Boolean)).toEqual([
      'grey',
      'violet',
    ]);
    expect(named(picture, 'off').record).toMatchObject({
      locked: true,
      alphaLocked: true,
      mask: { enabled: false, outside: 0 },
    });
    expect(named(picture, 'fill').record.fill).toEqual({ type: 'solid', colour: [1, 128 / 255, 0] });
    expect(named(picture, 'levels').record.adjustment).toMatchObject({
      type: 'levels',
      rgb: { black: 10 / 255, white: 240 / 255, gamma: 1.2 },
    });
    expect(named(picture, 'curves').record.adjustment).toMatchObject({
      rgb: [
        [0, 1],
        [128 / 255, 127 / 255],
        [1, 0],
      ],
    });
    expect(named(picture, 'posterize').record.adjustment).toEqual({ type: 'posterize', levels: 5 });
    expect(picture.losses).toEqual([
      { layer: 'photo filter', feature: 'Photo Filter', outcome: 'left-out' },
      { layer: 'shadow', feature: 'Drop Shadow', outcome: 'left-out' },
    ]);
    expect(lossSentences(picture.losses, 14, 'import')).toEqual([
      '2 of 14 layers use what cannot stay editable: Photo Filter ("photo filter"), Drop Shadow ("shadow"). They are left out.',
    ]);
  });

  it.each([false, true])('has the same after a document and back (PSB: %s)', async (large) => {
    const original = writePsdUint8Array(rich, { psb: large });
    const first = await readPsd(original, psdHost);
    const back = await withDocument(original, 'rich.psd', (document) =>
      exportDocument(document, { kind: large ? 'psb' : 'psd' }, SILENT),
    );
    expect(back[5]).toBe(large ? 2 : 1);
    const second = await readPsd(back, psdHost);
    expect(flatten(second.layers).map(({ record }) => record)).toEqual(
      flatten(first.layers).map(({ record }) => record),
    );
    expect(second.resolution).toBe(300);
    for (const layer of flatten(first.layers)) {
      const twin = named(second, layer.record.name);
      expect((await twin.pixels?.()) ?? null).toEqual((await layer.pixels?.()) ?? null);
      expect((await twin.mask?.()) ?? null).toEqual((await layer.mask?.()) ?? null);
    }
    expect((await flattenBytes(back, 'b.psd')).data).toEqual((await flattenBytes(original, 'a.psd')).data);
  });
});

describe('the soft edge of a mask in a PSD', () => {
  const size = 64;
  const half = (): { width: number; height: number; data: Uint8ClampedArray } => {
    const data = new Uint8ClampedArray(size * size * 4).fill(255);
    for (let i = 0; i < size * size; i++) data.fill(i % size < 32 ? 255 : 0, i * 4, i * 4 + 3);
    return { width: size, height: size, data };
  };
  const soft: Psd = {
    width: size,
    height: size,
    children: [
      {
        name: 'soft',
        imageData: solid(size, size, [200, 100, 50, 255]),
        mask: { imageData: half(), userMaskFeather: 5.5, userMaskDensity: 204 / 255, defaultColor: 0 },
      },
    ],
  };

  it('stays a number, is in the flat picture, and goes out again', async () => {
    const original = new Uint8Array(writePsdUint8Array(soft));
    const picture = await readPsd(original, psdHost);
    expect(picture.losses).toEqual([]);
    expect(named(picture, 'soft').record.mask).toMatchObject({ feather: 5.5, density: 0.8 });
    const { data } = await flattenBytes(original, 'soft.psd');
    // The normal distribution's function at (32 - (x + 0.5)) / 5.5, hidden by no more than four fifths.
    for (const [x, shown] of [
      [2, 1],
      [24, 0.9137],
      [31, 0.5363],
      [36, 0.2066],
      [60, 0],
    ] as const)
      expect(Math.abs(data[(20 * size + x) * 4 + 3]! - 255 * (0.2 + 0.8 * shown))).toBeLessThanOrEqual(1.5);
    const back = await withDocument(original, 'soft.psd', (document) =>
      exportDocument(document, { kind: 'psd' }, SILENT),
    );
    const mask = readAgPsd(back, { skipCompositeImageData: true, useImageData: true }).children?.[0]?.mask;
    expect(mask).toMatchObject({
      userMaskFeather: 5.5,
      userMaskDensity: 0.8,
      left: 0,
      right: 32,
      bottom: size,
    });
    expect(mask!.imageData!.data.every((value) => value === 255)).toBe(true);
    const ora = await withDocument(original, 'soft.psd', (document) =>
      exportDocument(document, { kind: 'ora' }, SILENT),
    );
    expect((await flattenBytes(ora, 'soft.ora')).data.filter((_, i) => i % 4 === 3)).toEqual(
      data.filter((_, i) => i % 4 === 3),
    );
  });
});

describe('guides and grid of a PSD', () => {
  const guided: Psd = {
    ...rich,
    imageResources: {
      gridAndGuidesInformation: {
        grid: { horizontal: 20 * 32, vertical: 10 * 32 },
        guides: [
          { direction: 'vertical', location: 12.5 },
          { direction: 'horizontal', location: 29 },
        ],
      },
    },
  };

  it('are the document’s, go out again, and are listed for files that have none', async () => {
    const bytes = new Uint8Array(writePsdUint8Array(guided));
    await withDocument(bytes, 'guided.psd', async (document) => {
      const aids = aidsOfDocument(document);
      expect(aids.guides).toEqual([
        { direction: 'vertical', position: 12.5 },
        { direction: 'horizontal', position: 29 },
      ]);
      expect(aids.grid).toMatchObject({ width: 20, height: 10 });
      const out = readAgPsd(await exportDocument(document, { kind: 'psd' }, SILENT), {
        skipLayerImageData: true,
        skipCompositeImageData: true,
      });
      expect(out.imageResources?.gridAndGuidesInformation).toEqual(
        guided.imageResources?.gridAndGuidesInformation,
      );
      const { depth, layers } = document.state();
      const lost = (kind: 'psd' | 'ora' | 'png'): string[] =>
        lossesOnExport({ depth, layers, hasHistory: false, aids, opaque: false }, kind).map(
          ({ feature }) => feature,
        );
      expect(lost('ora')).toEqual(expect.arrayContaining(['Guides', 'Grid']));
      expect(lost('png')).toEqual(expect.arrayContaining(['Guides', 'Grid']));
      expect(lost('psd')).not.toEqual(expect.arrayContaining(['Guides']));
    });
  });

  it('are none where Photoshop writes its own unchanging grid', async () => {
    const bytes = new Uint8Array(
      writePsdUint8Array({ ...rich, imageResources: { gridAndGuidesInformation: { guides: [] } } }),
    );
    expect(await readPsd(bytes, psdHost)).toMatchObject({ guides: [], grid: null });
  });
});

describe('PSD out', () => {
  const random = numbers(7);
  const values = Uint16Array.from({ length: 33 * 21 * 4 }, () => random(65536));
  const profile = Uint8Array.from({ length: 301 }, (_, i) => i % 251);

  it.each([false, true])('keeps 16 bits and the profile to the bit (PSB: %s)', async (large) => {
    const picture: LayeredPicture = {
      width: 33,
      height: 21,
      depth: 16,
      profile,
      resolution: 150,
      guides: [
        { direction: 'horizontal', position: 5 },
        { direction: 'vertical', position: -2.5 },
      ],
      grid: { width: 24, height: 12.5 },
      layers: [
        {
          record: fileRecord({
            name: 'deep',
            mask: { enabled: true, linked: true, density: 0.8, outside: 0, feather: 7.25 },
          }),
          pixels: async () => ({ x: -3, y: 2, width: 33, height: 21, data: values }),
          mask: async () => ({ x: 1, y: 1, width: 7, height: 3, data: values.slice(0, 21) }),
          children: [],
        },
        { record: fileRecord({ name: 'g', kind: 'group' }), pixels: null, mask: null, children: [] },
      ],
      losses: [],
    };
    const parts = await writePsd(picture, { merged: [values], large, deflate, onLayer: () => {} });
    const bytes = Uint8Array.from(Buffer.concat(parts));
    const back = await readPsd(bytes, psdHost);
    expect(back).toMatchObject({ depth: 16, resolution: 150, guides: picture.guides, grid: picture.grid });
    expect(back.profile).toEqual(profile);
    expect(back.layers.map(({ record }) => record.name)).toEqual(['deep', 'g']);
    expect(await back.layers[0]?.pixels?.()).toEqual(await picture.layers[0]?.pixels?.());
    expect(await back.layers[0]?.mask?.()).toEqual(await picture.layers[0]?.mask?.());
    // What other programs show when they do not read layers: the same but for what the white matte rounds away.
    const merged = await readPsdMerged(bytes, psdHost);
    for (let i = 3; i < values.length; i += 4) expect(merged.data[i]).toBe(values[i]);
  });

  it('packs and unpacks every kind of row', () => {
    for (const row of [[], [1], [1, 1], [1, 1, 1], [1, 2, 3], [5, 5, 6, 6, 7], Array<number>(300).fill(9)]) {
      const bytes = Uint8Array.from(row);
      const packed = new Uint8Array(worstPacked(bytes.length));
      const end = packBits(bytes, packed, 0);
      const back = new Uint8Array(bytes.length);
      unpackBits(packed.subarray(0, end), back, 0, bytes.length);
      expect(back).toEqual(bytes);
    }
    for (let round = 0; round < 300; round++) {
      const bytes = Uint8Array.from({ length: 1 + random(400) }, () => (random(3) === 0 ? random(256) : 7));
      const packed = new Uint8Array(worstPacked(bytes.length));
      const end = packBits(bytes, packed, 0);
      const back = new Uint8Array(bytes.length);
      unpackBits(packed.subarray(0, end), back, 0, bytes.length);
      expect(back).toEqual(bytes);
    }
  });
});

describe('PSD of other colour modes, without layers', () => {
  const size = { width: 3, height: 2 };

  it('reads greyscale, bitmap and indexed pictures exactly', async () => {
    const grey = rawPsd({ ...size, mode: 1, bits: 8, planes: [[0, 50, 100, 150, 200, 255]] });
    expect(pixelsOf(await flattenBytes(grey, 'g.psd'))).toEqual(
      [0, 50, 100, 150, 200, 255].map((v) => [v, v, v, 255]),
    );
    const bitmap = rawPsd({ ...size, mode: 0, bits: 1, planes: [[0b1010_0000, 0b0100_0000]] });
    expect(pixelsOf(await flattenBytes(bitmap, 'b.psd')).map(([v]) => v)).toEqual([0, 255, 0, 255, 0, 255]);
    const palette = Array.from({ length: 768 }, (_, i) => (i * 7) % 256);
    const indexed = rawPsd({
      ...size,
      mode: 2,
      bits: 8,
      planes: [[0, 1, 2, 3, 254, 255]],
      colourData: palette,
    });
    expect(pixelsOf(await flattenBytes(indexed, 'i.psd'))).toEqual(
      [0, 1, 2, 3, 254, 255].map((i) => [palette[i], palette[256 + i], palette[512 + i], 255]),
    );
  });

  it('converts CMYK and Lab, and says so', async () => {
    // Stored inverted: 255 is no ink.
    const none = [255, 255, 255, 255, 255, 255];
    const cmyk = rawPsd({ ...size, mode: 4, bits: 8, planes: [none, none, none, [255, 255, 255, 0, 0, 0]] });
    const picture = await readPicture(cmyk, 'c.psd');
    expect(picture.losses).toEqual([{ layer: null, feature: 'CMYK colour', outcome: 'changed' }]);
    const shown = pixelsOf(await flattenBytes(cmyk, 'c.psd'));
    for (const pixel of shown.slice(0, 3)) expect(Math.min(...pixel)).toBeGreaterThan(245);
    for (const pixel of shown.slice(3)) expect(Math.max(...pixel.slice(0, 3))).toBeLessThan(75);
    const middle = [128, 128, 128, 128, 128, 128];
    const lab = rawPsd({ ...size, mode: 9, bits: 8, planes: [[0, 0, 0, 255, 255, 255], middle, middle] });
    const lights = pixelsOf(await flattenBytes(lab, 'l.psd'));
    expect(Math.max(...(lights[0] as number[]).slice(0, 3))).toBeLessThan(4);
    expect(Math.min(...(lights[5] as number[]))).toBeGreaterThan(251);
  });

  it('reads 16 bits and 32-bit light', async () => {
    const deep = rawPsd({
      ...size,
      mode: 3,
      bits: 16,
      planes: [
        [0, 1, 257, 32768, 65534, 65535],
        [0, 0, 0, 0, 0, 0],
        [9, 9, 9, 9, 9, 9],
      ],
    });
    const found = await flattenBytes(deep, 'd.psd');
    expect(found.depth).toBe(16);
    expect(pixelsOf(found).map(([r, g, b]) => [r, g, b])).toEqual(
      [0, 1, 257, 32768, 65534, 65535].map((r) => [r, 0, 9]),
    );
    const light = rawPsd({
      ...size,
      mode: 3,
      bits: 32,
      planes: Array.from({ length: 3 }, () => [0, 0.5, 1, 2, -1, 0.214_041_14]),
    });
    const encoded = pixelsOf(await flattenBytes(light, 'f.psd')).map(([r]) => r as number);
    expect(encoded.map((value) => Math.round((value / 65535) * 1000))).toEqual([0, 735, 1000, 1000, 0, 500]);
  });
});

function pixelsOf({ data }: { data: ArrayLike<number> }): number[][] {
  return Array.from({ length: data.length / 4 }, (_, i) =>
    [0, 1, 2, 3].map((k) => data[i * 4 + k] as number),
  );
}
