import { FormatError } from '../picture-file.ts';

/**
 * Unpacks one PackBits run (TIFF 6.0 section 9, as PSD uses it for rows).
 * @param out filled from `at` on; a run that is too short leaves zeros, one that is too long is cut.
 */
export function unpackBits(packed: Uint8Array, out: Uint8Array, at: number, length: number): void {
  const end = at + length;
  for (let i = 0; i < packed.length && at < end;) {
    const code = packed[i++] as number;
    if (code === 128) continue;
    if (code < 128) {
      const count = Math.min(code + 1, end - at, packed.length - i);
      out.set(packed.subarray(i, i + count), at);
      at += count;
      i += code + 1;
    } else {
      if (i >= packed.length) throw new FormatError('A row of packed pixels ends inside a run.');
      const count = Math.min(257 - code, end - at);
      out.fill(packed[i++] as number, at, at + count);
      at += count;
    }
  }
}

/**
 * Packs one row.
 * @param out room for `worstPacked(row.length)` bytes from `at` on.
 * @returns the place after the last byte written.
 */
export function packBits(row: Uint8Array, out: Uint8Array, at: number): number {
  const { length } = row;
  let i = 0;
  while (i < length) {
    const value = row[i];
    let run = 1;
    while (run < 128 && i + run < length && row[i + run] === value) run++;
    if (run > 2 || (run === 2 && i + 2 === length)) {
      out[at++] = 257 - run;
      out[at++] = value as number;
      i += run;
      continue;
    }
    const start = i;
    // A literal ends where three equal bytes begin: two would cost as much as they save.
    while (
      i < length &&
      i - start < 128 &&
      !(i + 2 < length && row[i] === row[i + 1] && row[i] === row[i + 2])
    ) {
      i++;
    }
    out[at++] = i - start - 1;
    out.set(row.subarray(start, i), at);
    at += i - start;
  }
  return at;
}

/** Bytes that a row may need when nothing in it repeats. */
export function worstPacked(length: number): number {
  return length + Math.ceil(length / 128) + 1;
}
