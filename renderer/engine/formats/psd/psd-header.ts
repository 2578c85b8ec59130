import { FormatError, MAX_EDGE } from '../picture-file.ts';

/** Colour modes of a PSD, by their number. */
export const COLOUR_MODES = {
  0: 'bitmap',
  1: 'greyscale',
  2: 'indexed',
  3: 'rgb',
  4: 'cmyk',
  7: 'multichannel',
  8: 'duotone',
  9: 'lab',
} as const;
export type ColourMode = (typeof COLOUR_MODES)[keyof typeof COLOUR_MODES];

/** The first 26 bytes of a PSD or PSB, and where its sections lie. */
export interface PsdHeader {
  /** True for PSB, the large document format. */
  readonly large: boolean;
  readonly channels: number;
  readonly width: number;
  readonly height: number;
  readonly bits: 1 | 8 | 16 | 32;
  readonly mode: ColourMode;
  /** The colour mode data: the palette of an indexed picture. */
  readonly colourData: Uint8Array;
  /** The image resources. */
  readonly resources: Uint8Array;
  /** True when the merged picture's first channel after the colours is its transparency. */
  readonly transparent: boolean;
  /** Where the merged picture begins. */
  readonly mergedAt: number;
}

/** Colour channels that a mode has; what comes after is alpha or spot colours. */
const COLOURS: Readonly<Record<ColourMode, number>> = {
  bitmap: 1,
  greyscale: 1,
  indexed: 1,
  rgb: 3,
  cmyk: 4,
  multichannel: 1,
  duotone: 1,
  lab: 3,
};

/** How many colour channels a picture of a mode has. */
export function colourChannels(mode: ColourMode): number {
  return COLOURS[mode];
}

/** Offsets in the header of what other readers must not be told as it is. */
export const HEADER_CHANNELS_AT = 12;
export const HEADER_MODE_AT = 24;

/**
 * Reads and bounds a PSD's header and the lengths of its sections (Adobe Photoshop File Formats Specification, "File
 * Header Section"), so that whoever parses on can trust them.
 * @throws FormatError
 */
export function readPsdHeader(bytes: Uint8Array): PsdHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 40 || view.getUint32(0) !== 0x38_42_50_53) {
    throw new FormatError('It does not begin as a Photoshop file does.', 'Choose another file.');
  }
  const version = view.getUint16(4);
  if (version !== 1 && version !== 2)
    throw new FormatError(`Version ${version} of the format is not known; 1 (PSD) and 2 (PSB) are.`);
  const large = version === 2;
  const channels = view.getUint16(HEADER_CHANNELS_AT);
  const height = view.getUint32(14);
  const width = view.getUint32(18);
  const bits = view.getUint16(22);
  const modeNumber = view.getUint16(HEADER_MODE_AT);
  const mode = (COLOUR_MODES as Record<number, ColourMode | undefined>)[modeNumber];
  if (channels < 1 || channels > 56) throw new FormatError(`It claims ${channels} channels; 1 to 56 can be.`);
  if (bits !== 1 && bits !== 8 && bits !== 16 && bits !== 32)
    throw new FormatError(`It claims ${bits} bits a channel; 1, 8, 16 and 32 can be.`);
  if (mode === undefined) throw new FormatError(`Colour mode ${modeNumber} is not known.`);
  if ((bits === 1) !== (mode === 'bitmap'))
    throw new FormatError(`A ${mode} picture cannot have ${bits} bits.`);
  if (width < 1 || height < 1 || width > MAX_EDGE || height > MAX_EDGE) {
    throw new FormatError(
      `It is ${width} × ${height} pixels; a canvas here has edges of 1 to ${MAX_EDGE}.`,
      'Make it smaller in the program that made it.',
    );
  }
  const section = (at: number, wide: boolean): { start: number; end: number } => {
    if (at + (wide ? 8 : 4) > bytes.byteLength) throw new FormatError('It ends before its sections do.');
    const length = wide ? Number(view.getBigUint64(at)) : view.getUint32(at);
    const start = at + (wide ? 8 : 4);
    if (start + length > bytes.byteLength) {
      throw new FormatError(
        `It ends before its sections do: ${length} bytes are announced where ${bytes.byteLength - start} are left.`,
      );
    }
    return { start, end: start + length };
  };
  const colour = section(26, false);
  const resources = section(colour.end, false);
  const layers = section(resources.end, large);
  return {
    large,
    channels,
    width,
    height,
    bits,
    mode,
    colourData: bytes.subarray(colour.start, colour.end),
    resources: bytes.subarray(resources.start, resources.end),
    transparent: channels > COLOURS[mode] && hasTransparency(bytes.subarray(layers.start, layers.end), large),
    mergedAt: layers.end,
  };
}

/** A negative count of layers says so ("Layer info"), in the section itself or, beyond 8 bits, in its block Lr16 or Lr32. */
function hasTransparency(section: Uint8Array, large: boolean): boolean {
  const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
  const countAt = large ? 8 : 4;
  if (section.byteLength < countAt + 2) return false;
  const length = view.getUint32(countAt - 4);
  if (length > 0) return view.getInt16(countAt) < 0;
  for (let at = countAt; at + 16 <= section.byteLength && at < countAt + 4096; at++) {
    const key = view.getUint32(at);
    // "Lr16" and "Lr32"
    if (key === 0x4c_72_31_36 || key === 0x4c_72_33_32) return view.getInt16(at + 4 + countAt) < 0;
  }
  return false;
}
