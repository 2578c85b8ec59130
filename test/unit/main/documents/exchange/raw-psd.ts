/** A PSD without layers, written by the letter of the specification. */
export interface RawPsd {
  readonly width: number;
  readonly height: number;
  /** 0 bitmap, 1 greyscale, 2 indexed, 3 RGB, 4 CMYK, 9 Lab. */
  readonly mode: number;
  readonly bits: 1 | 8 | 16 | 32;
  /** Values as stored; for bitmaps the bytes of the rows. */
  readonly planes: readonly (readonly number[])[];
  readonly colourData?: readonly number[];
}

/** Its bytes, uncompressed. */
export function rawPsd({ width, height, mode, bits, planes, colourData = [] }: RawPsd): Uint8Array {
  const valueBytes = Math.max(1, bits / 8);
  const values = planes.flat();
  const file = new DataView(
    new ArrayBuffer(26 + 4 + colourData.length + 4 + 4 + 2 + values.length * valueBytes),
  );
  file.setUint32(0, 0x38_42_50_53);
  file.setUint16(4, 1);
  file.setUint16(12, planes.length);
  file.setUint32(14, height);
  file.setUint32(18, width);
  file.setUint16(22, bits);
  file.setUint16(24, mode);
  file.setUint32(26, colourData.length);
  colourData.forEach((value, i) => file.setUint8(30 + i, value));
  const at = 30 + colourData.length + 8 + 2;
  values.forEach((value, i) => {
    if (bits === 32) file.setFloat32(at + i * 4, value);
    else if (bits === 16) file.setUint16(at + i * 2, value);
    else file.setUint8(at + i, value);
  });
  return new Uint8Array(file.buffer);
}
