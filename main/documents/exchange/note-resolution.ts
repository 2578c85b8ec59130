import { crc32 } from 'node:zlib';

/** Inches in a metre. */
const PER_METRE = 1 / 0.0254;

/**
 * Notes pixels per inch in a PNG (pHYs, PNG specification, third edition, section 11.3.4.3) or a JPEG (JFIF 1.02, the
 * density fields of APP0). sharp can only do so together with a conversion to sRGB. Other files stay as they are.
 */
export function noteResolution(file: Uint8Array, perInch: number): Uint8Array {
  if (file[0] === 0x89) return withPhys(file, perInch);
  return file[0] === 0xff && file[1] === 0xd8 ? withJfif(file, perInch) : file;
}

/** The segment that JFIF begins with, which libvips leaves out together with other metadata. */
function withJfif(jpeg: Uint8Array, perInch: number): Uint8Array {
  const segment = new DataView(new ArrayBuffer(18));
  segment.setUint32(0, 0xff_e0_00_10);
  segment.setUint32(4, 0x4a_46_49_46);
  segment.setUint16(9, 0x01_02);
  // Dots per inch.
  segment.setUint8(11, 1);
  segment.setUint16(12, Math.min(65_535, Math.round(perInch)));
  segment.setUint16(14, Math.min(65_535, Math.round(perInch)));
  return Buffer.concat([jpeg.subarray(0, 2), new Uint8Array(segment.buffer), jpeg.subarray(2)]);
}

/** Puts the chunk behind the header, in place of one that is there. */
function withPhys(png: Uint8Array, perInch: number): Uint8Array {
  const body = new DataView(new ArrayBuffer(13));
  // "pHYs"
  body.setUint32(0, 0x70_48_59_73);
  body.setUint32(4, Math.round(perInch * PER_METRE));
  body.setUint32(8, Math.round(perInch * PER_METRE));
  body.setUint8(12, 1);
  const chunk = new DataView(new ArrayBuffer(21));
  chunk.setUint32(0, 9);
  new Uint8Array(chunk.buffer).set(new Uint8Array(body.buffer), 4);
  chunk.setUint32(17, crc32(new Uint8Array(body.buffer)));
  const rest = withoutPhys(png);
  const headerEnd = 33;
  return Buffer.concat([rest.subarray(0, headerEnd), new Uint8Array(chunk.buffer), rest.subarray(headerEnd)]);
}

function withoutPhys(png: Uint8Array): Uint8Array {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = 8; at + 12 <= png.byteLength;) {
    const length = view.getUint32(at) + 12;
    if (view.getUint32(at + 4) === 0x70_48_59_73)
      return Buffer.concat([png.subarray(0, at), png.subarray(at + length)]);
    at += length;
  }
  return png;
}
