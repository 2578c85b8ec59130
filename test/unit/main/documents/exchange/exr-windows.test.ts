import { describe, expect, it, vi } from 'vitest';
import { exportDocument } from '../../../../../main/documents/exchange/export-document.ts';
import { SILENT } from '../../../../../main/documents/exchange/progress.ts';
import { readPicture } from '../../../../../main/documents/exchange/read-picture-file.ts';
import { flattenBytes, withDocument } from './support.ts';
import sharp from 'sharp';

const WIDTH = 12;
const HEIGHT = 8;

/** An OpenEXR file whose columns get lighter. */
async function exr(): Promise<Uint8Array> {
  const data = Buffer.from(
    Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (Math.floor(i / 3) % WIDTH) * 20),
  );
  const png = await sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer();
  return withDocument(png, 'a.png', (document) => exportDocument(document, { kind: 'exr' }, SILENT));
}

/** The file with another display window: left, top, right and bottom, inclusive (OpenEXR File Layout, "box2i"). */
function withDisplay(file: Uint8Array, window: readonly number[]): Uint8Array {
  const out = Buffer.from(file);
  const at = out.indexOf('displayWindow\0box2i\0', 0, 'latin1') + 24;
  window.forEach((value, i) => out.writeInt32LE(value, at + i * 4));
  return new Uint8Array(out);
}

/** The file with a channel's name, of one letter, changed, or its type. */
function withChannel(
  file: Uint8Array,
  name: string,
  change: { readonly name?: string; readonly type?: number },
): Uint8Array {
  const out = Buffer.from(file);
  const list = out.indexOf('channels\0chlist\0', 0, 'latin1') + 20;
  const at = out.indexOf(`${name}\0`, list, 'latin1');
  if (change.name !== undefined) out.write(change.name, at, 'latin1');
  if (change.type !== undefined) out.writeInt32LE(change.type, at + 2);
  return new Uint8Array(out);
}

describe('OpenEXR whose display window is not its data window', () => {
  it('is as large as what is shown, its pixels where they belong', async () => {
    const file = await exr();
    const whole = await flattenBytes(file, 'a.exr');
    const around = await flattenBytes(withDisplay(file, [-2, -1, 15, 10]), 'a.exr');
    expect([around.width, around.height]).toEqual([18, 12]);
    const at = (x: number, y: number): number[] => [
      ...around.data.subarray((y * 18 + x) * 4, (y * 18 + x) * 4 + 4),
    ];
    expect(at(1, 4)).toEqual([0, 0, 0, 0]);
    expect(at(2 + 7, 1 + 3)).toEqual([...whole.data.subarray((3 * WIDTH + 7) * 4, (3 * WIDTH + 7) * 4 + 4)]);
    const part = await readPicture(withDisplay(file, [3, 2, 6, 5]), 'a.exr');
    expect([part.width, part.height]).toEqual([4, 4]);
    expect(await part.layers[0]?.pixels?.()).toMatchObject({ x: -3, y: -2, width: WIDTH, height: HEIGHT });
  });

  it('is as large as its pixels where what is shown makes no sense', async () => {
    const file = withDisplay(await exr(), [0, 0, 0x7fff_ffff, -5]);
    await expect(readPicture(file, 'a.exr')).resolves.toMatchObject({ width: WIDTH, height: HEIGHT });
  });
});

describe('OpenEXR with attributes that nobody knows', () => {
  it('is read without a word about them', async () => {
    const file = Buffer.from(await exr());
    const odd = Buffer.concat([
      file.subarray(0, 8),
      Buffer.from('view\0m22f\0\u0010\0\0\0', 'latin1'),
      Buffer.alloc(16),
      file.subarray(8),
    ]);
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await expect(readPicture(odd, 'a.exr')).resolves.toMatchObject({ width: WIDTH, height: HEIGHT });
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});

describe('OpenEXR without colours that can be shown', () => {
  it('says which channels it has', async () => {
    const file = ['R', 'G', 'B'].reduce(
      (bytes, name) => withChannel(bytes, name, { name: 'Z' }),
      await exr(),
    );
    await expect(readPicture(file, 'a.exr')).rejects.toThrow(
      'no channels called R, G and B, or Y; it has A, Z, Z, Z',
    );
  });

  it('is refused, at once, where a name in it does not end', async () => {
    const file = await exr();
    const head = Buffer.from(file).indexOf('channels\0', 0, 'latin1');
    for (let length = 12; length < 400; length += 7)
      await expect(readPicture(file.slice(0, length), 'a.exr'), String(length)).rejects.toThrow(
        'cannot be read',
      );
    const endless = Uint8Array.from(file, (byte, i) => (i >= head && byte === 0 ? 65 : byte));
    await expect(readPicture(endless, 'a.exr')).rejects.toThrow('cannot be read');
    // A window of one byte less: what follows it would be read from the wrong place, and its name without end.
    const short = Buffer.from(file);
    const size = short.indexOf('displayWindow\0box2i\0', 0, 'latin1') + 20;
    short.writeUInt32LE(15, size);
    await expect(readPicture(short, 'a.exr')).rejects.toThrow('"displayWindow" is no box2i');
  });

  it('says that whole numbers are no light', async () => {
    await expect(readPicture(withChannel(await exr(), 'R', { type: 0 }), 'a.exr')).rejects.toThrow(
      'whole numbers',
    );
  });
});
