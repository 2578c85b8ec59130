import { strToU8 } from 'fflate';
import { FormatError } from '../picture-file.ts';

/** A file to be put into an archive as it is. */
export interface StoredFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a size in a directory without ZIP64 can say. */
const MOST_BYTES = 2 ** 32 - 1;
/** 1 January 1980, the first day that an archive knows: files of the same pictures are the same. */
const DATE = 0x21;
const UTF8 = 0x800;

/**
 * A ZIP archive of files that are stored as they are (PKWARE APPNOTE 6.3.10, §4.3), in parts: the files are not copied.
 * @throws FormatError beyond 4 GB.
 */
export function writeZip(files: readonly StoredFile[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, bytes } of files) {
    const label = strToU8(name);
    const crc = crc32(bytes);
    const local = new DataView(new ArrayBuffer(30));
    local.setUint32(0, 0x04034b50, true);
    describeFile(local, 4, crc, bytes.length, label.length);
    const entry = new DataView(new ArrayBuffer(46));
    entry.setUint32(0, 0x02014b50, true);
    entry.setUint16(4, 20, true);
    describeFile(entry, 6, crc, bytes.length, label.length);
    entry.setUint32(42, at, true);
    parts.push(new Uint8Array(local.buffer), label, bytes);
    directory.push(new Uint8Array(entry.buffer), label);
    at += 30 + label.length + bytes.length;
    if (at > MOST_BYTES)
      throw new FormatError(
        'The file would be larger than 4 GB, which OpenRaster cannot be.',
        'Write a PSB, or merge some layers.',
      );
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, files.length, true);
  end.setUint16(10, files.length, true);
  end.setUint32(12, length, true);
  end.setUint32(16, at, true);
  return [...parts, ...directory, new Uint8Array(end.buffer)];
}

/** The fields that a file's own header and its entry in the directory share: from the version that reads it to its lengths. */
function describeFile(view: DataView, at: number, crc: number, size: number, nameLength: number): void {
  view.setUint16(at, 10, true);
  view.setUint16(at + 2, UTF8, true);
  view.setUint16(at + 8, DATE, true);
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, size, true);
  view.setUint32(at + 18, size, true);
  view.setUint16(at + 22, nameLength, true);
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb8_8320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (let i = 0; i < bytes.length; i++)
    crc = (table[(crc ^ (bytes[i] as number)) & 255] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}
