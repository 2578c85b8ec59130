import { FormatError, MAX_EDGE } from '../../../renderer/engine/formats/picture-file.ts';

/** Pixels from the left, the top, to the right and the bottom, all inclusive, as OpenEXR has them. */
export interface ExrWindow {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What the header of an OpenEXR file says of its first part. */
export interface ExrHeader {
  /** What is shown. */
  readonly display: ExrWindow;
  /** What there are pixels of: it may lie within what is shown, or reach beyond it. */
  readonly data: ExrWindow;
  /** How it is packed, such as `DWAA in tiles`. */
  readonly packing: string;
  /** Parts of the file; each has a data window. */
  readonly parts: number;
  /** Where attributes stand that no reader has to know, in files of one part, whose chunks nobody seeks by their places. */
  readonly unknown: readonly { readonly start: number; readonly end: number }[];
}

/** What deflate, the strongest of the compressions, makes of a byte at most. */
const EXPANSION = 1032;
/** Longest name of an attribute or of a type, in bytes. */
const MAX_NAME = 255;
/** Bytes of the types that have a size of their own ("Predefined Attribute Types"), which the decoder takes for granted. */
const SIZES: ReadonlyMap<string, number> = new Map([
  ['box2i', 16],
  ['chromaticities', 32],
  ['compression', 1],
  ['envmap', 1],
  ['float', 4],
  ['int', 4],
  ['lineOrder', 1],
  ['rational', 8],
  ['tiledesc', 9],
  ['timecode', 8],
  ['v2f', 8],
  ['v3f', 12],
]);
/** The types that have none, of those that the decoder knows. */
const UNSIZED: ReadonlySet<string> = new Set(['chlist', 'iccProfile', 'preview', 'string', 'stringvector']);
/** Most parts that a file may have. */
const MAX_PARTS = 1024;
/** Bits of the version field (OpenEXR File Layout, "Version Field"). */
const TILED = 0x2_00;
const SEVERAL_PARTS = 0x10_00;
const PACKINGS = ['none', 'RLE', 'ZIPS', 'ZIP', 'PIZ', 'PXR24', 'B44', 'B44A', 'DWAA', 'DWAB'] as const;
const WHOLE_NUMBERS = 0;
/** Channels that a picture is made of; any other has a layer's name before it, or is no colour. */
const COLOURS: ReadonlySet<string> = new Set(['R', 'G', 'B', 'Y', 'RY', 'BY']);

/**
 * Reads the header of an OpenEXR file ("OpenEXR File Layout") and bounds what it claims.
 * @throws FormatError
 */
export function readExrHeader(bytes: Uint8Array): ExrHeader {
  if (bytes.byteLength < 16) throw new FormatError('It has no data window, so it is no OpenEXR file.');
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = file.readUInt32LE(4);
  const unknown: { start: number; end: number }[] = [];
  const several = (version & SEVERAL_PARTS) !== 0;
  const headers = headersOf(file, several, unknown);
  const [attributes = new Map<string, Buffer>()] = headers;
  const data = windowOf(attributes.get('dataWindow'));
  if (!data) throw new FormatError('It has no data window, so it is no OpenEXR file.');
  for (const header of headers) checkWindow(windowOf(header.get('dataWindow')) ?? data, bytes.byteLength);
  checkChannels(channelsOf(attributes.get('channels')));
  const shown = windowOf(attributes.get('displayWindow'));
  const packing = PACKINGS[attributes.get('compression')?.[0] ?? 0] ?? 'unknown';
  return {
    data,
    display: shown && isCanvas(shown) ? shown : data,
    packing: (version & TILED) === 0 ? packing : `${packing} in tiles`,
    parts: headers.length,
    unknown: several ? [] : unknown,
  };
}

function checkWindow(window: ExrWindow, bytes: number): void {
  const { width, height } = window;
  if (!isCanvas(window))
    throw new FormatError(`It is ${width} × ${height} pixels; a canvas here has edges of 1 to ${MAX_EDGE}.`);
  if (width * height > bytes * EXPANSION)
    throw new FormatError(`${width} × ${height} pixels cannot come out of ${bytes} bytes.`);
}

function isCanvas({ width, height }: ExrWindow): boolean {
  return width >= 1 && height >= 1 && width <= MAX_EDGE && height <= MAX_EDGE;
}

/**
 * Attributes of each part by name. What does not end within the file is refused: the decoder looks for the ends of names
 * without end.
 * @param unknown added to.
 */
function headersOf(
  file: Buffer,
  several: boolean,
  unknown: { start: number; end: number }[],
): Map<string, Buffer>[] {
  const headers: Map<string, Buffer>[] = [];
  let at = 8;
  do {
    const attributes = new Map<string, Buffer>();
    while (file[at] !== 0) {
      const name = nameAt(file, at);
      const type = nameAt(file, at + name.length + 1);
      const sizeAt = at + name.length + type.length + 2;
      const start = sizeAt + 4;
      const end = start <= file.byteLength ? start + file.readUInt32LE(sizeAt) : start;
      if (end >= file.byteLength) throw new FormatError('Its header is cut short.');
      const value = file.subarray(start, end);
      const isWhole =
        type === 'chlist'
          ? channelBytes(value) === value.byteLength
          : (SIZES.get(type) ?? value.byteLength) === value.byteLength;
      if (!isWhole) throw new FormatError(`Its header's "${name.slice(0, 40)}" is no ${type.slice(0, 40)}.`);
      attributes.set(name, value);
      if (!SIZES.has(type) && !UNSIZED.has(type)) unknown.push({ start: at, end });
      at = end;
    }
    at += 1;
    headers.push(attributes);
  } while (several && file[at] !== 0 && headers.length < MAX_PARTS);
  return headers;
}

function nameAt(file: Buffer, at: number): string {
  const end = file.subarray(at, at + MAX_NAME + 1).indexOf(0);
  if (end < 0) throw new FormatError('Its header is cut short.');
  return file.toString('latin1', at, at + end);
}

function windowOf(value: Buffer | undefined): ExrWindow | null {
  if (!value || value.byteLength < 16) return null;
  const [x, y, right, bottom] = [0, 4, 8, 12].map((at) => value.readInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ];
  return { x, y, width: right - x + 1, height: bottom - y + 1 };
}

interface ExrChannel {
  readonly name: string;
  readonly type: number;
}

/** Bytes that a list of channels takes, its end included. */
function channelBytes(value: Buffer): number {
  return channelsOf(value).reduce((sum, { name }) => sum + name.length + 17, 1);
}

function channelsOf(value: Buffer | undefined): ExrChannel[] {
  const channels: ExrChannel[] = [];
  for (let at = 0; value && at < value.byteLength && value[at] !== 0;) {
    const end = value.indexOf(0, at);
    if (end < 0 || end + 17 > value.byteLength) break;
    channels.push({ name: value.toString('latin1', at, end), type: value.readInt32LE(end + 1) });
    at = end + 17;
  }
  return channels;
}

function checkChannels(channels: readonly ExrChannel[]): void {
  const colours = channels.filter(({ name }) => COLOURS.has(name));
  if (colours.length === 0) {
    const names = channels.map(({ name }) => name.slice(0, 40));
    const listed = `${names.slice(0, 4).join(', ')}${names.length > 4 ? ' …' : ''}`;
    throw new FormatError(
      `It has no channels called R, G and B, or Y; it has ${listed || 'none'}.`,
      'Save it with one layer, or as OpenEXR without passes, in the program that made it.',
    );
  }
  if (colours.some(({ type }) => type === WHOLE_NUMBERS))
    throw new FormatError(
      'Its colours are whole numbers and not light.',
      'Save it with half or floating-point channels.',
    );
}
