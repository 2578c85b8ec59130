/**
 * Unpacks LZF (Marc Lehmann's LibLZF, format of lzf_d.c): runs of up to 32 bytes as they are, and references to bytes before.
 * @param length bytes that come of it.
 * @returns null where the data is damaged, or gives another length.
 */
export function unpackLzf(packed: Uint8Array, length: number): Uint8Array | null {
  const out = new Uint8Array(length);
  let to = 0;
  for (let at = 0; at < packed.length;) {
    const control = packed[at++] as number;
    if (control < 32) {
      const run = control + 1;
      if (at + run > packed.length || to + run > length) return null;
      out.set(packed.subarray(at, at + run), to);
      at += run;
      to += run;
      continue;
    }
    let count = control >> 5;
    if (count === 7) count += packed[at++] ?? Number.POSITIVE_INFINITY;
    count += 2;
    const low = packed[at++];
    if (low === undefined) return null;
    let from = to - (((control & 31) << 8) | low) - 1;
    if (from < 0 || to + count > length) return null;
    // Byte by byte: what is copied may be what has just been written.
    for (const end = to + count; to < end;) out[to++] = out[from++] as number;
  }
  return to === length ? out : null;
}
