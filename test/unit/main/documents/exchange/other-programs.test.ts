import { deflateSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { heldContent } from '../../../../../main/documents/exchange/held-content.ts';
import { sourceKindOfBytes } from '../../../../../main/documents/exchange/file-kind.ts';
import { lossesOnExport } from '../../../../../main/documents/exchange/losses.ts';
import { readPicture } from '../../../../../main/documents/exchange/read-picture-file.ts';
import { flattenBytes, withDocument } from './support.ts';
import { pngChunk } from '../../../../fixtures/png-chunk.ts';

const WIDTH = 12;
const HEIGHT = 8;

function solid(
  colour: string | { r: number; g: number; b: number; alpha: number },
): ReturnType<typeof sharp> {
  return sharp({ create: { width: WIDTH, height: HEIGHT, channels: 4, background: colour } });
}

/** An animated PNG of three frames of one colour (PNG specification, third edition, section 11.3.6). */
function animatedPng(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 6], 8);
  const frame = (pixel: readonly number[]): Buffer =>
    deflateSync(
      Buffer.from(Array.from({ length: HEIGHT }, () => [0, ...Array(WIDTH).fill(pixel).flat()]).flat()),
    );
  let sequence = 0;
  const next = (): Buffer => {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(sequence++);
    return number;
  };
  const control = (): Buffer => {
    const rest = Buffer.alloc(22);
    rest.writeUInt32BE(WIDTH, 0);
    rest.writeUInt32BE(HEIGHT, 4);
    rest.writeUInt16BE(1, 16);
    rest.writeUInt16BE(10, 18);
    return pngChunk('fcTL', Buffer.concat([next(), rest]));
  };
  const frames = Buffer.alloc(8);
  frames.writeUInt32BE(3);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('acTL', frames),
    control(),
    pngChunk('IDAT', frame([255, 0, 0, 255])),
    control(),
    pngChunk('fdAT', Buffer.concat([next(), frame([0, 255, 0, 255])])),
    control(),
    pngChunk('fdAT', Buffer.concat([next(), frame([0, 0, 255, 128])])),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** OpenEXR with two parts of uncompressed half floats (OpenEXR File Layout, "Multi-Part"): light of 1 and of 0.5 in red. */
function twoParts(): Uint8Array {
  const HALF = { one: 0x3c_00, half: 0x38_00, zero: 0 } as const;
  const attribute = (name: string, type: string, value: Buffer): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(value.length);
    return Buffer.concat([Buffer.from(`${name}\0${type}\0`, 'latin1'), size, value]);
  };
  const ints = (...values: number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);
  const channels = Buffer.concat([
    ...['A', 'B', 'G', 'R'].map((name) =>
      Buffer.concat([Buffer.from(`${name}\0`, 'latin1'), ints(1, 0, 1, 1)]),
    ),
    Buffer.of(0),
  ]);
  const window = ints(0, 0, WIDTH - 1, HEIGHT - 1);
  const header = (name: string): Buffer =>
    Buffer.concat([
      attribute('channels', 'chlist', channels),
      attribute('compression', 'compression', Buffer.of(0)),
      attribute('dataWindow', 'box2i', window),
      attribute('displayWindow', 'box2i', window),
      attribute('lineOrder', 'lineOrder', Buffer.of(0)),
      attribute('pixelAspectRatio', 'float', Buffer.from(Float32Array.of(1).buffer)),
      attribute('screenWindowCenter', 'v2f', Buffer.from(Float32Array.of(0, 0).buffer)),
      attribute('screenWindowWidth', 'float', Buffer.from(Float32Array.of(1).buffer)),
      attribute('name', 'string', Buffer.from(name, 'latin1')),
      attribute('type', 'string', Buffer.from('scanlineimage', 'latin1')),
      attribute('chunkCount', 'int', ints(HEIGHT)),
      Buffer.of(0),
    ]);
  const head = Buffer.concat([
    Buffer.from(Uint32Array.of(20_000_630, 2 | 0x10_00).buffer),
    header('beauty'),
    header('depth'),
    Buffer.of(0),
  ]);
  const line = (red: number): Buffer =>
    Buffer.from(
      Uint16Array.from([HALF.one, HALF.zero, HALF.zero, red].flatMap((value) => Array(WIDTH).fill(value)))
        .buffer,
    );
  const chunks = [HALF.one, HALF.half].flatMap((red, part) =>
    Array.from({ length: HEIGHT }, (_, y) => Buffer.concat([ints(part, y, line(red).length), line(red)])),
  );
  let at = head.length + chunks.length * 8;
  const table = BigUint64Array.from(chunks, ({ length }) => {
    const here = at;
    at += length;
    return BigInt(here);
  });
  return new Uint8Array(Buffer.concat([head, Buffer.from(table.buffer), ...chunks]));
}

const features = async (bytes: Uint8Array, name: string): Promise<string[]> =>
  (await readPicture(bytes, name)).losses.map(({ feature }) => feature);

describe('files of other programs', () => {
  it('come in by their first frame, page or part, and say what of how many stays outside', async () => {
    expect(await features(animatedPng(), 'a.png')).toEqual(['2 of 3 frames']);
    expect([...(await flattenBytes(animatedPng(), 'a.png')).data.subarray(0, 4)]).toEqual([255, 0, 0, 255]);
    const still = await solid('red').png().toBuffer();
    expect(await features(still, 's.png')).toEqual([]);
    const frames = await Promise.all(['red', 'lime'].map((colour) => solid(colour).png().toBuffer()));
    const join = { join: { animated: true } } as const;
    expect(await features(await sharp(frames, join).webp({ lossless: true }).toBuffer(), 'a.webp')).toEqual([
      '1 of 2 frames',
    ]);
    const parts = twoParts();
    expect(await features(parts, 'a.exr')).toEqual(['1 of 2 parts']);
    expect([...(await flattenBytes(parts, 'a.exr')).data.subarray(0, 4)]).toEqual([65535, 0, 0, 65535]);
  });

  it('are called what they are', async () => {
    const gif = await solid('red').gif().toBuffer();
    expect(sourceKindOfBytes(gif)).toBe('gif');
    expect(sourceKindOfBytes(await solid('red').webp().toBuffer())).toBe('webp');
    expect(sourceKindOfBytes(await solid('red').avif().toBuffer())).toBe('avif');
    expect(sourceKindOfBytes(strToU8('\0\0\0\x18ftypheic\0\0\0\0'))).toBeNull();
  });

  it('lose transparency in JPEG only where there is some', async () => {
    const lost = async (bytes: Uint8Array, name: string): Promise<boolean> =>
      withDocument(bytes, name, async (document) =>
        lossesOnExport(heldContent(document, 'jpeg'), 'jpeg').some(
          ({ feature }) => feature === 'Transparency',
        ),
      );
    const opaque = await solid('red').png().toBuffer();
    expect(await lost(opaque, 'o.png')).toBe(false);
    // Wider than a tile, and with 16 bits.
    const deep = await sharp({ create: { width: 300, height: 9, channels: 3, background: '#123' } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect(await lost(deep, 'd.png')).toBe(false);
    const data = Buffer.alloc(300 * 9 * 4, 255);
    data[(8 * 300 + 299) * 4 + 3] = 254;
    const hole = await sharp(data, { raw: { width: 300, height: 9, channels: 4 } })
      .png()
      .toBuffer();
    expect(await lost(hole, 'h.png')).toBe(true);
  });

  it('keep trees, operators and offsets as Krita and MyPaint write them, and say what is beyond', async () => {
    const red = await solid('red').png().toBuffer();
    const half = await solid({ r: 0, g: 255, b: 0, alpha: 0.5 }).png().toBuffer();
    const ora = (stack: string): Uint8Array =>
      zipSync({
        mimetype: [strToU8('image/openraster'), { level: 0 }],
        'stack.xml': strToU8(stack),
        'data/layer1.png': red,
        'data/layer2.png': half,
        'mergedimage.png': red,
        'Thumbnails/thumbnail.png': red,
        'data/layer1_strokemap.dat': Uint8Array.of(1, 2, 3),
      });
    const krita = ora(`<?xml version='1.0' encoding='UTF-8'?>
<image xres="300" version="0.0.3" yres="300" w="60" h="40">
 <stack name="root">
  <stack name="Gruppe &amp; 狐" composite-op="svg:src-over" opacity="0.752941" visibility="visible" isolation="isolate" selected="false">
   <layer name="Filter" src="" composite-op="svg:src-over" opacity="1" visibility="visible"/>
   <layer name="Glow" src="data/layer2.png" x="5" y="-3" composite-op="krita:dodge" opacity="1" edit-locked="true" selected="true"/>
  </stack>
  <layer name="Ebene 1" src="data/layer1.png" x="0" y="0" composite-op="svg:multiply" opacity="1" visibility="hidden"/>
 </stack>
</image>`);
    const picture = await readPicture(krita, 'k.ora');
    expect(picture).toMatchObject({ width: 60, height: 40, resolution: 300 });
    expect(
      picture.layers.map(({ record }) => [record.name, record.kind, record.visible, record.blend]),
    ).toEqual([
      ['Ebene 1', 'paint', false, 'multiply'],
      ['Gruppe & 狐', 'group', true, 'normal'],
    ]);
    expect(picture.layers[1]?.children[0]?.record).toMatchObject({ name: 'Glow', locked: true });
    expect(await picture.layers[1]?.children[0]?.pixels?.()).toMatchObject({ x: 5, y: -3 });
    expect(picture.losses.map(({ layer, feature }) => [layer, feature])).toEqual([
      ['Glow', 'Operator krita:dodge'],
      ['Filter', 'Content without pixels'],
    ]);
    const mypaint = ora(
      `<?xml version="1.0" encoding="UTF-8"?><image version="0.0.5" xmlns:mypaint="http://mypaint.org/ns/openraster" w="128" h="64" mypaint:frame-active="false"><stack isolation="isolate" opacity="1.0" composite-op="svg:src-over" visibility="visible" ><layer name="Layer 2" opacity="0.42" visibility="visible" composite-op="svg:color-burn" src="data/layer1.png" x="-12" y="40" mypaint:strokemap="data/layer1_strokemap.dat" initially-selected="true"/><stack isolation="auto" name="Pass" opacity="1.0"><layer name="Inner" composite-op="svg:color" src="data/layer2.png" x="3" y="4"/></stack><layer mypaint:background-tile="data/layer1.png" name="background" src="data/layer1.png" x="0" y="0" opacity="1.0"/></stack></image>`,
    );
    const second = await readPicture(mypaint, 'm.ora');
    expect(second.losses).toEqual([]);
    expect(second.layers.map(({ record }) => [record.name, record.blend, record.opacity])).toEqual([
      ['background', 'normal', 1],
      ['Pass', 'pass-through', 1],
      ['Layer 2', 'color-burn', 0.42],
    ]);
  });

  it('keep 16 bits of interlaced PNG, palettes with transparency, and 10 bits of AVIF', async () => {
    const words = Uint16Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * 7919) % 65536);
    const deep = await sharp(words, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .toColourspace('rgb16')
      .png({ progressive: true })
      .toBuffer();
    const found = await flattenBytes(deep, 'd.png');
    expect(found.depth).toBe(16);
    expect(Array.from({ length: 30 }, (_, i) => found.data[Math.floor(i / 3) * 4 + (i % 3)])).toEqual(
      Array.from(words.subarray(0, 30)),
    );
    const clear = await solid({ r: 0, g: 0, b: 255, alpha: 0.2 }).png({ palette: true }).toBuffer();
    expect([...(await flattenBytes(clear, 'p.png')).data.subarray(0, 4)]).toEqual([0, 0, 255, 51]);
    const ten = await solid('#804020')
      .avif({ bitdepth: 10, quality: 100 })
      .toBuffer()
      .catch(() => null);
    // Not every build of libvips writes 10 bits.
    if (ten) expect((await flattenBytes(ten, 't.avif')).depth).toBe(16);
  });
});
