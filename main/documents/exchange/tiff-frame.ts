/** Colour models of a TIFF as its tag 262 numbers them. */
const PHOTOMETRIC = { greyscale: 1, rgb: 2, rgba: 2, cmyk: 5 } as const;
const SAMPLES = { greyscale: 1, rgb: 3, rgba: 4, cmyk: 4 } as const;

/** What a TIFF says of its samples. */
export interface TiffFacts {
  readonly width: number;
  readonly height: number;
  readonly model: keyof typeof PHOTOMETRIC;
  /** Bits a sample. */
  readonly bits: 8 | 16;
  readonly profile: Uint8Array | null;
  /** Rows of each strip but the last. */
  readonly rowsPerStrip: number;
}

/**
 * An uncompressed TIFF (TIFF 6.0) around samples, so that a colour management system gets them with their profile: sharp
 * takes raw pixels without one only.
 * @param samples interleaved, `SAMPLES[model]` values a pixel.
 */
export function frameAsTiff(
  samples: Uint8Array | Uint16Array,
  { width, height }: { readonly width: number; readonly height: number },
  model: keyof typeof PHOTOMETRIC,
  profile: Uint8Array | null,
): Uint8Array {
  const bits = samples.BYTES_PER_ELEMENT === 1 ? 8 : 16;
  const head = tiffHead({ width, height, model, bits, profile, rowsPerStrip: height });
  const file = new Uint8Array(head.byteLength + samples.byteLength);
  file.set(head);
  // TIFF samples here are little-endian, as every platform of Impasto is.
  file.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), head.byteLength);
  return file;
}

/** Everything of a TIFF that stands before its samples, which follow strip by strip. */
export function tiffHead({ width, height, model, bits, profile, rowsPerStrip }: TiffFacts): Uint8Array {
  const count = SAMPLES[model];
  const rowBytes = (width * count * bits) / 8;
  const strips = Math.ceil(height / rowsPerStrip);
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, count, bits],
    [259, 3, 1, 1],
    [262, 3, 1, PHOTOMETRIC[model]],
    [273, 4, strips, 0],
    [277, 3, 1, count],
    [278, 4, 1, Math.min(rowsPerStrip, height)],
    [279, 4, strips, rowBytes * Math.min(rowsPerStrip, height)],
    [284, 3, 1, 1],
  ];
  if (model === 'cmyk') entries.push([332, 3, 1, 1]);
  // The fourth sample is alpha that the colours are not multiplied by.
  if (model === 'rgba') entries.push([338, 3, 1, 2]);
  if (profile) entries.push([34_675, 7, profile.byteLength, 0]);
  const directory = 8;
  const bitsAt = directory + 2 + entries.length * 12 + 4;
  const offsetsAt = bitsAt + 8;
  const lengthsAt = offsetsAt + strips * 4;
  const profileAt = lengthsAt + strips * 4;
  const pixelsAt = (profileAt + (profile?.byteLength ?? 0) + 3) & ~3;
  const file = new Uint8Array(pixelsAt);
  const view = new DataView(file.buffer);
  file.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, directory, true);
  view.setUint16(directory, entries.length, true);
  const places = new Map([
    [273, strips === 1 ? pixelsAt : offsetsAt],
    [34_675, profileAt],
  ]);
  if (strips > 1) places.set(279, lengthsAt);
  entries.forEach(([tag, type, number, value], i) => {
    const at = directory + 2 + i * 12;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, number, true);
    const placed = places.get(tag) ?? value;
    if (tag === 258 && count > 2) view.setUint32(at + 8, bitsAt, true);
    else view.setUint32(at + 8, placed, true);
  });
  for (let k = 0; k < count; k++) view.setUint16(bitsAt + k * 2, bits, true);
  for (let strip = 0; strip < strips; strip++) {
    view.setUint32(offsetsAt + strip * 4, pixelsAt + strip * rowBytes * rowsPerStrip, true);
    const rows = Math.min(rowsPerStrip, height - strip * rowsPerStrip);
    view.setUint32(lengthsAt + strip * 4, rows * rowBytes, true);
  }
  if (profile) file.set(profile, profileAt);
  return file;
}
