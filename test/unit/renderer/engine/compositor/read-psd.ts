/**
 * Just enough of the PSD format (Adobe Photoshop File Formats Specification, 2019) to read the layers of 8-bit RGB files
 * as test input: names, modes, opacity, clipping, groups and pixels. It is no importer.
 */
export interface PsdLayer {
  name: string;
  blend: string;
  /** 0..255 */
  opacity: number;
  fillOpacity: number;
  clipped: boolean;
  hidden: boolean;
  /** 0 a layer, 1 or 2 a group's head, 3 a group's foot. */
  section: number;
  hasMask: boolean;
  left: number;
  top: number;
  width: number;
  height: number;
  rgba: Uint8Array;
}

class Reader {
  readonly #view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8 = (): number => this.#view.getUint8(this.at++);
  u16 = (): number => this.#view.getUint16((this.at += 2) - 2);
  i16 = (): number => this.#view.getInt16((this.at += 2) - 2);
  u32 = (): number => this.#view.getUint32((this.at += 4) - 4);
  i32 = (): number => this.#view.getInt32((this.at += 4) - 4);
  skip = (): void => {
    const length = this.u32();
    this.at += length;
  };
  text = (count: number): string => String.fromCharCode(...Array.from({ length: count }, this.u8));
}

interface Pending extends PsdLayer {
  channels: { id: number; length: number }[];
}

export function readPsd(bytes: Uint8Array): { width: number; height: number; layers: PsdLayer[] } {
  const reader = new Reader(bytes);
  reader.at = 14;
  const height = reader.u32();
  const width = reader.u32();
  reader.at = 26;
  reader.skip();
  reader.skip();
  const layersEnd = reader.u32() + reader.at;
  reader.u32();
  const count = Math.abs(reader.i16());
  const layers = Array.from({ length: count }, () => readRecord(reader));
  for (const layer of layers) readPixels(reader, layer);
  if (reader.at > layersEnd) throw new Error('ran past the layers');
  return { width, height, layers };
}

function readRecord(reader: Reader): Pending {
  const [top, left, bottom, right] = [reader.i32(), reader.i32(), reader.i32(), reader.i32()] as const;
  const channels = Array.from({ length: reader.u16() }, () => ({ id: reader.i16(), length: reader.u32() }));
  reader.text(4);
  const blend = reader.text(4);
  const opacity = reader.u8();
  const clipped = reader.u8() === 1;
  const hidden = (reader.u8() & 2) !== 0;
  reader.u8();
  const end = reader.u32() + reader.at;
  const maskLength = reader.u32();
  reader.at += maskLength;
  reader.skip();
  const nameLength = reader.u8();
  const name = reader.text(nameLength);
  reader.at += (4 - ((nameLength + 1) % 4)) % 4;
  const layer: Pending = {
    name,
    blend,
    opacity,
    clipped,
    hidden,
    left,
    top,
    channels,
    fillOpacity: 255,
    section: 0,
    hasMask: maskLength > 0,
    width: right - left,
    height: bottom - top,
    rgba: new Uint8Array((right - left) * (bottom - top) * 4),
  };
  while (reader.at < end) {
    reader.text(4);
    const key = reader.text(4);
    const next = reader.u32() + reader.at;
    if (key === 'lsct' || key === 'lsdk') {
      layer.section = reader.u32();
      if (next - reader.at >= 8) {
        reader.text(4);
        layer.blend = reader.text(4);
      }
    }
    if (key === 'iOpa') layer.fillOpacity = reader.u8();
    reader.at = next;
  }
  reader.at = end;
  return layer;
}

function readPixels(reader: Reader, layer: Pending): void {
  const { width, height, rgba } = layer;
  if (!layer.channels.some((channel) => channel.id === -1))
    for (let i = 3; i < rgba.length; i += 4) rgba[i] = 255;
  for (const { id, length } of layer.channels) {
    const end = reader.at + length;
    const target = id === -1 ? 3 : id;
    if (target >= 0 && target <= 3 && length > 2) {
      const packed = reader.u16() === 1;
      if (packed) reader.at += height * 2;
      let pixel = 0;
      const put = (value: number): void => {
        rgba[pixel++ * 4 + target] = value;
      };
      while (pixel < width * height) {
        if (!packed) {
          put(reader.u8());
          continue;
        }
        const run = reader.u8();
        if (run < 128) for (let i = 0; i <= run; i++) put(reader.u8());
        else if (run > 128) {
          const value = reader.u8();
          for (let i = 0; i < 257 - run; i++) put(value);
        }
      }
    }
    reader.at = end;
  }
}
