import { Inflate, strFromU8 } from 'fflate';
import { FormatError } from '../picture-file.ts';

/** A file inside an archive, as its directory tells of it. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes that it takes in the archive, and bytes that it is said to be. */
  readonly size: number;
  readonly originalSize: number;
  readonly method: number;
  /** Where its local header begins. */
  readonly at: number;
}

const STORED = 0;
const DEFLATED = 8;
/** What deflate can make of a byte at most (zlib's documentation). */
const EXPANSION = 1032;
/**
 * Pictures are packed already: what deflates to less than a sixteenth is either small or made to fill the memory of
 * whoever opens it.
 */
const LARGE = 64 * 2 ** 20;
const LARGE_EXPANSION = 16;
/** Bytes that are inflated at a time: 16 MiB come of them at most. */
const PIECE = 16 * 1024;
const DIRECTORY_BYTES = 46;
const END_BYTES = 22;

/**
 * The directory of a ZIP archive (PKWARE APPNOTE 6.3.10, §4.3.12 and §4.3.16), without ZIP64. Of two files with one name
 * the last counts.
 * @param limit most files that there may be.
 * @throws FormatError
 */
export function zipEntries(bytes: Uint8Array, limit: number): Map<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - END_BYTES;
  const first = Math.max(0, end - 65_535);
  while (end >= first && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < first) throw unreadable('it has no directory');
  const count = view.getUint16(end + 10, true);
  if (count > limit) throw new FormatError('It has too many files inside.');
  const entries = new Map<string, ZipEntry>();
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    if (at + DIRECTORY_BYTES > bytes.length || view.getUint32(at, true) !== 0x02014b50)
      throw unreadable('its directory is cut off');
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    const utf8 = (view.getUint16(at + 8, true) & 0x800) !== 0;
    const name = strFromU8(bytes.subarray(at + DIRECTORY_BYTES, at + DIRECTORY_BYTES + nameLength), !utf8);
    entries.set(name, {
      name,
      method: view.getUint16(at + 10, true),
      size: view.getUint32(at + 20, true),
      originalSize: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at += DIRECTORY_BYTES + nameLength + extra + comment;
  }
  return entries;
}

/**
 * One file out of an archive. Its size is believed only as far as its bytes can fill it, and no more is inflated than it
 * says.
 * @param limit bytes that it may have.
 * @throws FormatError
 */
export function readZipEntry(bytes: Uint8Array, entry: ZipEntry, limit: number): Uint8Array {
  const { name, size, originalSize, method, at } = entry;
  const claims = (what: string): FormatError =>
    new FormatError(`"${name}" claims ${originalSize} bytes of ${size}, ${what}.`);
  if (originalSize > limit || originalSize > size * EXPANSION + 64 || size > bytes.length)
    throw claims('which cannot be');
  if (originalSize > LARGE && originalSize > size * LARGE_EXPANSION)
    throw claims('which no picture packs to');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (at + 30 > bytes.length || view.getUint32(at, true) !== 0x04034b50)
    throw unreadable(`"${name}" is not where it should be`);
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  const data = bytes.subarray(start, start + size);
  if (data.length !== size) throw unreadable(`"${name}" is cut off`);
  if (method === STORED) return data;
  if (method !== DEFLATED) throw unreadable(`"${name}" is packed in a way that is not known here`);
  return inflate(data, originalSize, name);
}

function inflate(data: Uint8Array, wanted: number, name: string): Uint8Array {
  const out = new Uint8Array(wanted);
  let length = 0;
  const inflater = new Inflate((piece) => {
    if (length + piece.length > wanted) throw new FormatError(`"${name}" is larger than it says.`);
    out.set(piece, length);
    length += piece.length;
  });
  try {
    for (let at = 0; at < data.length || at === 0; at += PIECE)
      inflater.push(data.subarray(at, at + PIECE), at + PIECE >= data.length);
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
  if (length !== wanted) throw new FormatError(`"${name}" is smaller than it says.`);
  return out;
}

function unreadable(why: string): FormatError {
  return new FormatError(`It is no readable archive (${why}).`);
}
