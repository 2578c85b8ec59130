import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  readZipEntry,
  zipEntries,
  type ZipEntry,
} from '../../../../../renderer/engine/formats/ora/zip-entries.ts';

const NO_LIMIT = Number.POSITIVE_INFINITY;

describe('files in an archive', () => {
  const noise = Uint8Array.from({ length: 70_000 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 23);
  const archive = zipSync(
    {
      mimetype: [strToU8('image/openraster'), { level: 0 }],
      'stack.xml': [strToU8('<image/>'.repeat(9000)), { level: 6 }],
      'data/狐.png': [noise, { level: 9 }],
      empty: [new Uint8Array(0), { level: 6 }],
    },
    { comment: 'a comment after the directory' },
  );
  const entries = zipEntries(archive, 100);
  const read = (name: string, bytes = archive): Uint8Array =>
    readZipEntry(bytes, entries.get(name)!, NO_LIMIT);

  it('are listed and read, stored or deflated', () => {
    expect([...entries.keys()]).toEqual(['mimetype', 'stack.xml', 'data/狐.png', 'empty']);
    expect(Buffer.from(read('mimetype')).toString()).toBe('image/openraster');
    expect(Buffer.compare(read('data/狐.png'), noise)).toBe(0);
    expect(read('stack.xml')).toHaveLength(72_000);
    expect(read('empty')).toHaveLength(0);
  });

  it('are refused where there are too many, or where the archive is cut off anywhere', () => {
    expect(() => zipEntries(archive, 3)).toThrow('too many files');
    for (let cut = 0; cut < archive.length; cut += 211) {
      const part = archive.slice(0, cut);
      expect(() => {
        for (const entry of zipEntries(part, 100).values()) readZipEntry(part, entry, NO_LIMIT);
      }).toThrow(/archive|claims|smaller/);
    }
  });

  it('are never larger than they say, nor smaller', () => {
    const entry = entries.get('stack.xml')!;
    expect(() => readZipEntry(archive, { ...entry, originalSize: 71_999 }, NO_LIMIT)).toThrow(
      'larger than it says',
    );
    expect(() => readZipEntry(archive, { ...entry, originalSize: 72_001 }, NO_LIMIT)).toThrow(
      'smaller than it says',
    );
    expect(() => readZipEntry(archive, entry, 71_999)).toThrow('cannot be');
  });
});

describe('a megabyte that inflates to a gigabyte', () => {
  // 64 MiB of zeros, deflated once: what a gigabyte would be, a sixteenth of it.
  const bomb = zipSync({ 'layer.png': [new Uint8Array(64 * 2 ** 20), { level: 6 }] });
  const entry = zipEntries(bomb, 10).get('layer.png')!;

  it('is refused by the size that it says', () => {
    const claims: ZipEntry = { ...entry, size: 2 ** 20, originalSize: 2 ** 30 };
    const file = new Uint8Array(2 ** 20 + bomb.length);
    file.set(bomb);
    expect(() => readZipEntry(file, claims, NO_LIMIT)).toThrow(
      '1073741824 bytes of 1048576, which no picture packs to',
    );
  });

  it('is refused by what comes out of it, soon, when it says less', () => {
    const begun = process.cpuUsage();
    expect(() => readZipEntry(bomb, { ...entry, originalSize: 1000 }, NO_LIMIT)).toThrow(
      'larger than it says',
    );
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1e6).toBeLessThan(1);
  });
});
