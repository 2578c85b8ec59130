import { FormatError } from '../picture-file.ts';
import { colourChannels, type ColourMode } from './psd-header.ts';

/** Colour models that only a colour management system can turn into RGB. */
export type ManagedModel = 'cmyk' | 'lab' | 'greyscale';

/**
 * Turns pixels of another colour model into RGB by the file's profile. Given by the host.
 * @param samples interleaved: 4, 3 or 1 values a pixel, CMYK as amounts of ink.
 * @returns RGB interleaved, of the same depth, sRGB-encoded.
 */
export type ConvertToRgb = (
  samples: Uint8Array | Uint16Array,
  size: { readonly width: number; readonly height: number },
  model: ManagedModel,
  profile: Uint8Array | null,
) => Promise<Uint8Array | Uint16Array>;

/** What is needed to make RGBA of channels. */
export interface ColourContext {
  readonly mode: ColourMode;
  readonly bits: 1 | 8 | 16 | 32;
  /** Bits of what comes out. */
  readonly depth: 8 | 16;
  readonly palette: Uint8Array;
  readonly profile: Uint8Array | null;
  readonly convert: ConvertToRgb;
}

/** Big-endian stored values as numbers of the depth that comes out. Floats are linear light and are encoded as sRGB. */
export function toSamples(stored: Uint8Array, bits: 8 | 16 | 32, encode: boolean): Uint8Array | Uint16Array {
  if (bits === 8) return stored;
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  const samples = new Uint16Array(stored.byteLength / (bits / 8));
  if (bits === 16) {
    for (let i = 0; i < samples.length; i++) samples[i] = view.getUint16(i * 2);
  } else {
    for (let i = 0; i < samples.length; i++) {
      const value = view.getFloat32(i * 4);
      const bounded = value > 0 ? Math.min(1, value) : 0;
      samples[i] = Math.round((encode ? encodeSrgb(bounded) : bounded) * 65535);
    }
  }
  return samples;
}

function encodeSrgb(value: number): number {
  return value <= 0.003_130_8 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

/**
 * Interleaves planes to RGBA with straight alpha.
 * @param planes colour channels in order; a missing one counts as none of its colour.
 * @param alpha null for opaque.
 */
export async function planesToRgba(
  planes: readonly (Uint8Array | Uint16Array | null)[],
  alpha: Uint8Array | Uint16Array | null,
  size: { readonly width: number; readonly height: number },
  context: ColourContext,
): Promise<Uint8Array | Uint16Array> {
  const count = size.width * size.height;
  const out = context.depth === 8 ? new Uint8Array(count * 4) : new Uint16Array(count * 4);
  const opaque = context.depth === 8 ? 255 : 65535;
  for (let i = 0; i < count; i++) out[i * 4 + 3] = alpha ? (alpha[i] as number) : opaque;
  switch (context.mode) {
    case 'rgb':
      for (let k = 0; k < 3; k++) {
        const plane = planes[k];
        if (plane) for (let i = 0; i < count; i++) out[i * 4 + k] = plane[i] as number;
      }
      return out;
    case 'indexed':
      return fromPalette(out, planes[0] ?? null, context.palette);
    case 'bitmap':
      return spreadGrey(out, planes[0] ?? null);
    case 'greyscale':
    case 'duotone':
    case 'multichannel':
      if (context.mode === 'greyscale' && context.profile && planes[0]) break;
      return spreadGrey(out, planes[0] ?? null);
    case 'cmyk':
    case 'lab':
  }
  const model = context.mode;
  const channels = colourChannels(model);
  const samples = context.depth === 8 ? new Uint8Array(count * channels) : new Uint16Array(count * channels);
  for (let k = 0; k < channels; k++) {
    const plane = planes[k];
    if (!plane) continue;
    // PSD stores how white each ink leaves the paper.
    const inverted = model === 'cmyk';
    for (let i = 0; i < count; i++) {
      samples[i * channels + k] = inverted ? opaque - (plane[i] as number) : (plane[i] as number);
    }
  }
  const rgb = await context.convert(samples, size, model, context.profile);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) out[i * 4 + k] = rgb[i * 3 + k] as number;
  }
  return out;
}

function spreadGrey(out: Uint8Array | Uint16Array, grey: Uint8Array | Uint16Array | null): typeof out {
  if (!grey) return out;
  for (let i = 0; i < grey.length && i * 4 < out.length; i++) {
    const value = grey[i] as number;
    out[i * 4] = value;
    out[i * 4 + 1] = value;
    out[i * 4 + 2] = value;
  }
  return out;
}

function fromPalette(
  out: Uint8Array | Uint16Array,
  indices: Uint8Array | Uint16Array | null,
  palette: Uint8Array,
): typeof out {
  if (palette.byteLength < 768) throw new FormatError('An indexed picture lacks its palette of 256 colours.');
  if (!indices) return out;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number;
    // The palette holds all reds, then all greens, then all blues.
    for (let k = 0; k < 3; k++) out[i * 4 + k] = palette[k * 256 + index] as number;
  }
  return out;
}
