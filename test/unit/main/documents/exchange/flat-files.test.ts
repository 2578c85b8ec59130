import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { convertFile } from '../../../../../main/documents/exchange/convert-file.ts';
import { builtInProfile, loadProfile } from '../../../../../main/documents/exchange/convert-profile.ts';
import { decodeRaster } from '../../../../../main/documents/exchange/decode-raster.ts';
import { encodeRaster } from '../../../../../main/documents/exchange/encode-raster.ts';
import { decodeExr } from '../../../../../main/documents/exchange/decode-exr.ts';
import { encodeExr } from '../../../../../main/documents/exchange/encode-exr.ts';
import { SILENT } from '../../../../../main/documents/exchange/progress.ts';
import { softProof } from '../../../../../main/documents/exchange/soft-proof.ts';
import { decodePicture } from '../../../../../main/documents/png.ts';
import { inFolder, numbers } from './support.ts';

const random = numbers(3);
const bytes = Uint8Array.from({ length: 31 * 17 * 4 }, () => random(256));
const words = Uint16Array.from({ length: 31 * 17 * 4 }, () => random(65536));
const opaqueWords = words.map((value, i) => (i % 4 === 3 ? 65535 : value));

/** PNG of another program: sharp by itself, with the profile that it carries. */
async function foreignPng(data: Uint8Array | Uint16Array, profile: 'p3' | null): Promise<Buffer> {
  const deep = data instanceof Uint16Array;
  const raw = { width: 31, height: 17, channels: 4 } as const;
  let pipeline = sharp(data, { raw });
  if (deep) pipeline = pipeline.toColourspace('rgb16');
  const plain = await pipeline.png().toBuffer();
  if (profile === null) return plain;
  const own = await builtInProfile('display-p3');
  return Buffer.from(
    await encodeRaster(
      { width: 31, height: 17, depth: deep ? 16 : 8, data, profile: own },
      { kind: 'png', quality: 100, resolution: null },
    ),
  );
}

async function decoded(file: Uint8Array): Promise<Uint8Array | Uint16Array> {
  return (await decodeRaster(file)).picture.data;
}

describe('PNG', () => {
  it.each([
    ['8 bits', bytes],
    ['16 bits', words],
    ['16 bits without transparency', opaqueWords],
  ] as const)('of %s goes into a document and out again exactly, its profile with it', async (_, data) => {
    await inFolder(async (folder) => {
      const file = await foreignPng(data, 'p3');
      const before = await sharp(file).metadata();
      await writeFile(join(folder, 'in.png'), file);
      await convertFile(join(folder, 'in.png'), join(folder, 'a.impasto'), { overwrite: false }, SILENT);
      await convertFile(join(folder, 'a.impasto'), join(folder, 'out.png'), { overwrite: false }, SILENT);
      const out = await readFile(join(folder, 'out.png'));
      const after = await sharp(out).metadata();
      expect([after.depth, after.width, after.height]).toEqual([before.depth, 31, 17]);
      expect(after.icc?.equals(before.icc as Buffer)).toBe(true);
      // Read by sharp itself, without the studio's own reader.
      const deep = data instanceof Uint16Array;
      const pipeline = sharp(out, { ignoreIcc: true }).ensureAlpha();
      const pixels = await (deep ? pipeline.toColourspace('rgb16') : pipeline)
        .raw({ depth: deep ? 'ushort' : 'uchar' })
        .toBuffer();
      const found = deep ? new Uint16Array(Uint8Array.from(pixels).buffer) : new Uint8Array(pixels);
      expect(found).toEqual(data);
    });
  });

  it('is converted to another profile when asked: red of sRGB is 234, 51, 35 in Display P3', async () => {
    await inFolder(async (folder) => {
      const red = sharp({ create: { width: 2, height: 2, channels: 3, background: '#ff0000' } });
      await writeFile(join(folder, 'red.png'), await red.png().toBuffer());
      await convertFile(
        join(folder, 'red.png'),
        join(folder, 'p3.png'),
        { overwrite: false, profile: 'display-p3' },
        SILENT,
      );
      const file = await readFile(join(folder, 'p3.png'));
      const { picture } = await decodeRaster(file);
      for (const [k, value] of [234, 51, 35].entries())
        expect(Math.abs((picture.data[k] as number) - value)).toBeLessThanOrEqual(2);
      expect(picture.profile).toEqual(await builtInProfile('display-p3'));
    });
  });

  it('refuses a header that its bytes could not fill', async () => {
    const file = Buffer.from(await foreignPng(bytes, null));
    file.writeUInt32BE(16_000, 16);
    file.writeUInt32BE(16_000, 20);
    await expect(decodeRaster(file)).rejects.toThrow(/cannot come out of/);
  });
});

describe('other flat files', () => {
  it('are upright by EXIF orientation', async () => {
    const wide = sharp(Buffer.from([255, 0, 0, 0, 0, 255]), { raw: { width: 2, height: 1, channels: 3 } });
    const turned = await wide.withMetadata({ orientation: 6 }).tiff({ compression: 'none' }).toBuffer();
    const { picture } = await decodeRaster(turned);
    expect([picture.width, picture.height]).toEqual([1, 2]);
    expect([...picture.data]).toEqual([255, 0, 0, 255, 0, 0, 255, 255]);
  });

  it('in CMYK are converted by their profile, which is said', async () => {
    const white = sharp({ create: { width: 4, height: 4, channels: 3, background: '#ffffff' } });
    const cmyk = await white.toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer();
    const { picture, losses } = await decodeRaster(cmyk);
    expect(Math.min(...picture.data)).toBeGreaterThan(248);
    expect(picture.profile).toBeNull();
    expect(losses).toEqual([{ layer: null, feature: 'CMYK colour', outcome: 'changed' }]);
  });

  it('that move give their first frame, which is said', async () => {
    const frames = Buffer.concat([Buffer.alloc(48, 10), Buffer.alloc(48, 200)]);
    const animation = sharp(frames, { raw: { width: 4, height: 8, channels: 3, pageHeight: 4 } });
    const { picture, losses } = await decodeRaster(await animation.webp({ lossless: true }).toBuffer());
    expect([picture.width, picture.height, picture.data[0]]).toEqual([4, 4, 10]);
    expect(losses).toEqual([{ layer: null, feature: '1 of 2 frames', outcome: 'left-out' }]);
  });

  it.each(['tiff', 'webp', 'avif', 'jpeg'] as const)(
    '%s comes back as exact as the format can be',
    async (kind) => {
      const smooth = Uint8Array.from({ length: 64 * 64 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i >> 3) & 255));
      const data = kind === 'tiff' ? Uint16Array.from(smooth, (value) => value * 257) : smooth;
      const picture = {
        width: 64,
        height: 64,
        depth: kind === 'tiff' ? 16 : 8,
        data,
        profile: null,
      } as const;
      const file = await encodeRaster(picture, { kind, quality: 100, resolution: 150 });
      if (kind !== 'webp' && kind !== 'avif') expect((await sharp(file).metadata()).density).toBe(150);
      const back = await decoded(file);
      let worst = 0;
      for (let i = 0; i < data.length; i++)
        worst = Math.max(worst, Math.abs((back[i] as number) - (data[i] as number)));
      expect(worst).toBeLessThanOrEqual({ tiff: 0, webp: 0, avif: 0, jpeg: 12 }[kind]);
    },
  );

  it('OpenEXR holds linear light in half floats, premultiplied, top row first', async () => {
    // Grey 188 is 0.5029 of white's light; alpha one half.
    const data = Uint8Array.of(188, 188, 188, 255, 255, 0, 0, 128, 0, 0, 0, 255, 255, 255, 255, 0);
    const file = Buffer.concat(await encodeExr({ width: 2, height: 2, depth: 8 }, [data], false));
    expect([...file.subarray(0, 4)]).toEqual([0x76, 0x2f, 0x31, 0x01]);
    const { picture, clipped } = await decodeExr(file);
    expect(clipped).toBe(false);
    const rounded = Array.from(picture.data, (value) => Math.round(value / 257));
    expect(rounded.slice(0, 8)).toEqual([188, 188, 188, 255, 255, 0, 0, 128]);
    expect(rounded[15]).toBe(0);
  });

  it.each([
    { depth: 8, p3: false },
    { depth: 16, p3: true },
  ] as const)('OpenEXR comes back from three as it went, $depth bits, P3: $p3', async ({ depth, p3 }) => {
    const [width, height] = [37, 53];
    const values = Array.from({ length: width * height * 4 }, (_, i) =>
      // Rows of noise, flat rows that deflate, and everything between clear and opaque.
      i % (width * 8) < width * 4 ? random(2 ** depth) : i % 4 === 3 ? 2 ** depth - 1 : 77,
    );
    const data = depth === 8 ? Uint8Array.from(values) : Uint16Array.from(values);
    const strips = [0, 16, 48].map((row, i) =>
      data.subarray(row * width * 4, ([16, 48, 53][i] ?? 0) * width * 4),
    );
    const file = Buffer.concat(await encodeExr({ width, height, depth }, strips, p3));
    const { picture } = await decodeExr(file);
    expect(picture).toMatchObject({ width, height });
    const maximum = depth === 8 ? 255 : 65535;
    let worst = 0;
    for (let i = 0; i < data.length; i += 4) {
      const alpha = data[i + 3]! / maximum;
      expect(Math.abs(picture.data[i + 3]! / 65535 - alpha)).toBeLessThan(1 / 2048);
      if (p3 || alpha < 0.2) continue;
      for (let k = i; k < i + 3; k++)
        worst = Math.max(worst, Math.abs(picture.data[k]! / 65535 - data[k]! / maximum));
    }
    // A half float has eleven bits, twice over where alpha is taken off again.
    expect(worst).toBeLessThan(1 / 1024);
  });
});

describe('soft proof', () => {
  it('keeps what a press can print and greys what it cannot', async () => {
    await inFolder(async (folder) => {
      const press = join(folder, 'press.icc');
      const cmyk = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } })
        .toColourspace('cmyk')
        .withIccProfile('cmyk')
        .tiff()
        .toBuffer();
      await writeFile(press, (await sharp(cmyk).metadata()).icc as Buffer);
      const data = Uint8Array.of(250, 250, 250, 255, 0, 255, 0, 255);
      const proof = await softProof(
        { width: 2, height: 1, depth: 8, data, profile: null },
        null,
        await loadProfile(press),
        { warn: true },
      );
      expect(proof.outOfGamut).toBe(0.5);
      expect(Math.min(...proof.picture.data.slice(0, 3))).toBeGreaterThan(235);
      expect(Array.from(proof.picture.data.subarray(4))).toEqual([128, 128, 128, 255]);
    });
  });
});

/** One row of grey floating point, as TIFF 6.0 with sample format 3 (Technical Note of 1995, "SampleFormat"). */
function floatTiff(light: Float32Array): Uint8Array {
  const tags: [number, number][] = [
    [256, light.length],
    [257, 1],
    [258, 32],
    [259, 1],
    [262, 1],
    [273, 8],
    [277, 1],
    [278, 1],
    [279, light.byteLength],
    [339, 3],
  ];
  const file = new DataView(new ArrayBuffer(8 + light.byteLength + 2 + tags.length * 12 + 4));
  file.setUint32(0, 0x4949_2a00);
  let at = 8;
  for (const value of light) file.setFloat32((at += 4) - 4, value, true);
  file.setUint32(4, at, true);
  file.setUint16(at, tags.length, true);
  for (const [i, [tag, value]] of tags.entries()) {
    const entry = at + 2 + i * 12;
    file.setUint16(entry, tag, true);
    file.setUint16(entry + 2, 4, true);
    file.setUint32(entry + 4, 1, true);
    file.setUint32(entry + 8, value, true);
  }
  return new Uint8Array(file.buffer);
}

describe('what is decoded', () => {
  it('is linear light where grey is floating point, as in red, green and blue', async () => {
    const { picture, losses } = await decodeRaster(floatTiff(Float32Array.of(0, 0.0031, 0.214, 0.5, 1, 1.5)));
    // IEC 61966-2-1: light of 0.214 is encoded as 0.5.
    for (const [i, encoded] of [0, 0.04, 0.5, 0.7354, 1, 1].entries()) {
      expect((picture.data[i * 4] as number) / 65535).toBeCloseTo(encoded, 3);
      expect(picture.data[i * 4 + 1]).toBe(picture.data[i * 4]);
    }
    expect(losses.map(({ feature }) => feature)).toContain('Values beyond white');
  });

  it('is never a drawing, whose program the decoder would run', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    );
    await expect(decodeRaster(svg)).rejects.toThrow('does not begin like a picture');
    await expect(decodePicture(svg)).rejects.toThrow('does not begin like one');
  });
});
