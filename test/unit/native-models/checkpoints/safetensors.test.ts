import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSafetensorsHeader, readTensorBytes } from '../../../../native-models/checkpoints/safetensors.ts';
import type { ModelErrorCode } from '../../../../native-models/errors.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';

const folder = scratchFolder();
let count = 0;

/** Writes a file of a given header text, header length and data. */
function write(header: string | Uint8Array, options: { length?: bigint; data?: number } = {}): string {
  const file = path.join(folder, `${count++}.safetensors`);
  const text = typeof header === 'string' ? Buffer.from(header) : header;
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(options.length ?? BigInt(text.length));
  writeFileSync(file, Buffer.concat([prefix, text, Buffer.alloc(options.data ?? 0, 7)]));
  return file;
}

const one = (dtype: string, shape: unknown, offsets: unknown): string =>
  JSON.stringify({ a: { dtype, shape, data_offsets: offsets } });

describe('a safetensors header', () => {
  it('says where each tensor lies, in bytes of the file', async () => {
    const header = JSON.stringify({
      __metadata__: { format: 'pt', title: 'Größe' },
      b: { dtype: 'F16', shape: [2, 3], data_offsets: [4, 16] },
      a: { dtype: 'F32', shape: [], data_offsets: [0, 4] },
      none: { dtype: 'I64', shape: [0, 5], data_offsets: [16, 16] },
    });
    const file = write(header, { data: 16 });
    const read = await readSafetensorsHeader(file);
    const start = 8 + Buffer.byteLength(header);
    expect(read.fileBytes).toBe(start + 16);
    expect(read.metadata.get('title')).toBe('Größe');
    expect(read.tensors.get('b')).toEqual({ dtype: 'F16', shape: [2, 3], offset: start + 4, length: 12 });
    expect(read.tensors.get('a')).toEqual({ dtype: 'F32', shape: [], offset: start, length: 4 });
    expect(await readTensorBytes(file, read.tensors.get('a')!)).toEqual(new Uint8Array([7, 7, 7, 7]));
  });

  it('resolves symbolic links, which the runtime would not follow out of their folder', async () => {
    const file = write('{}');
    mkdirSync(path.join(folder, 'linked'));
    const link = path.join(folder, 'linked', 'model.safetensors');
    symlinkSync(file, link);
    expect((await readSafetensorsHeader(link)).file).toBe(file);
  });

  const bad: readonly [string, () => string, ModelErrorCode, RegExp][] = [
    ['no file', () => path.join(folder, 'absent'), 'file-missing', /absent/],
    ['a folder', () => folder, 'file-unreadable', /not a file/],
    [
      'five bytes',
      () => {
        const file = path.join(folder, 'five');
        writeFileSync(file, 'hello');
        return file;
      },
      'file-truncated',
      /5 bytes/,
    ],
    [
      'a header of 2^60 bytes',
      () => write('{}', { length: 2n ** 60n }),
      'header-invalid',
      /1152921504606846976/,
    ],
    [
      'a header of 2^64 - 1 bytes',
      () => write('{}', { length: 2n ** 64n - 1n }),
      'header-invalid',
      /18446744073709551615/,
    ],
    ['a header longer than the file', () => write('{}', { length: 500n }), 'file-truncated', /500/],
    ['a header cut in the middle', () => write('{"a": {"dtype"'), 'header-invalid', /JSON/],
    ['a header that is a list', () => write('[1]'), 'header-invalid', /object/],
    ['a header of deep brackets', () => write('['.repeat(200_000)), 'header-invalid', /JSON/],
    [
      'bytes that are not UTF-8',
      () => write(new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])),
      'header-invalid',
      /UTF-8/,
    ],
    [
      'data that end early',
      () => write(one('F32', [4], [0, 16]), { data: 15 }),
      'tensor-out-of-bounds',
      /0 to 16.*15/,
    ],
    [
      'an offset before the data',
      () => write(one('F32', [4], [-16, 0]), { data: 16 }),
      'header-invalid',
      /offsets/,
    ],
    [
      'offsets that run backwards',
      () => write(one('F32', [4], [16, 0]), { data: 16 }),
      'tensor-out-of-bounds',
      /16 to 0/,
    ],
    [
      'offsets above 2^53',
      () => write(one('F32', [4], [2 ** 60, 2 ** 60 + 16]), { data: 16 }),
      'header-invalid',
      /offsets/,
    ],
    ['three offsets', () => write(one('F32', [1], [0, 4, 8]), { data: 16 }), 'header-invalid', /offsets/],
    ['fractions', () => write(one('F32', [0.5], [0, 2]), { data: 16 }), 'header-invalid', /shape/],
    [
      'a shape that overflows',
      () => write(one('F32', [2 ** 40, 2 ** 40], [0, 16]), { data: 16 }),
      'header-invalid',
      /16/,
    ],
    [
      'a shape of other size than the bytes',
      () => write(one('F16', [4], [0, 16]), { data: 16 }),
      'header-invalid',
      /8 bytes but has 16/,
    ],
    ['an unknown dtype', () => write(one('Q4_K', [4], [0, 16]), { data: 16 }), 'dtype-unsupported', /Q4_K/],
    ['an entry that is null', () => write('{"a": null}'), 'header-invalid', /a is not an object/],
    [
      'metadata that are no text',
      () => write('{"__metadata__": {"n": 1}}'),
      'header-invalid',
      /metadata field n/,
    ],
    ['metadata that are a list', () => write('{"__metadata__": []}'), 'header-invalid', /metadata/],
    [
      'overlapping tensors',
      () =>
        write(
          '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}',
          { data: 12 },
        ),
      'header-invalid',
      /overlap by 4/,
    ],
    [
      'a name given twice, once with an escape',
      () =>
        write(
          '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}, "\\u0061" :{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
          { data: 2 },
        ),
      'header-invalid',
      /names the tensor a twice/,
    ],
  ];
  it.each([
    ['a zipped pickle', 'PK\u0003\u0004\u0014\0\0\0', 'pickle-refused'],
    ['a bare pickle', '\u0080\u0002}q\0X\u0005\0', 'pickle-refused'],
    ['GGUF', 'GGUF\u0003\0\0\0', 'family-unsupported'],
    ['a web page', '<!DOCTYPE html>', 'header-invalid'],
    ['a Git LFS pointer', 'version https://git-lfs', 'header-invalid'],
  ])('of what is really %s says so', async (_, start, code) => {
    const file = path.join(folder, `${count++}.safetensors`);
    writeFileSync(file, Buffer.from(`${start}and so on`, 'latin1'));
    const error = expect(readSafetensorsHeader(file)).rejects;
    await error.toMatchObject({ code, message: expect.stringMatching(/pickle|GGUF|web page|LFS/) });
  });

  it.each(bad)('with %s is refused', async (_, make, code, message) => {
    await expect(readSafetensorsHeader(make())).rejects.toMatchObject({
      name: 'ModelError',
      code,
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(/\w/),
    });
  });

  it.each(['a', '\\\\', '\\"{', '{"'])('takes metadata of 20 MB of %j', async (text) => {
    const long = text.repeat(20_000_000 / text.length);
    const read = await readSafetensorsHeader(write(JSON.stringify({ __metadata__: { long } })));
    expect(read.metadata.get('long')?.length).toBe(long.length);
  });

  it('takes names from a prototype as any other', async () => {
    const header =
      '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"constructor":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}';
    const read = await readSafetensorsHeader(write(header, { data: 2 }));
    expect([...read.tensors.keys()]).toEqual(['__proto__', 'constructor']);
  });
});
