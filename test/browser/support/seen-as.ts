import sharp from 'sharp';

/** What an eye makes of linear RGB, row by row. */
export type Eye = readonly [number, number, number, number, number, number, number, number, number];

/** Luminance of BT.709 in all three channels: no hue is left. */
export const GREYSCALE: Eye = [0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722];

/** Deuteranopia: Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model", table 1, severity 1.0. */
export const DEUTERANOPIA: Eye = [
  0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
];

/** Pictures of one place of the screen, as an eye sees them. */
export interface Seen {
  readonly width: number;
  readonly height: number;
  /** Relative luminance of each pixel (WCAG 2.2), 0 … 1. */
  readonly luminance: Float64Array;
}

/** sRGB to linear light, IEC 61966-2-1. */
function linear(value: number): number {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** A screenshot as an eye sees it. */
export async function seenAs(png: Buffer, eye: Eye): Promise<Seen> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const luminance = new Float64Array(info.width * info.height);
  for (let i = 0; i < luminance.length; i++) {
    const [r, g, b] = [linear(data[i * 3]!), linear(data[i * 3 + 1]!), linear(data[i * 3 + 2]!)];
    const channel = (row: number): number =>
      Math.min(1, Math.max(0, eye[row]! * r + eye[row + 1]! * g + eye[row + 2]! * b));
    luminance[i] = 0.2126 * channel(0) + 0.7152 * channel(3) + 0.0722 * channel(6);
  }
  return { width: info.width, height: info.height, luminance };
}

/**
 * Pixels whose contrast between two pictures is at least 3 to 1, which WCAG 2.2 (1.4.11, technique G183) asks of
 * whatever tells states apart. Hue alone gives none.
 */
export function tellingPixels(a: Seen, b: Seen): number {
  if (a.width !== b.width || a.height !== b.height) throw new Error('These are not of one place.');
  let count = 0;
  for (let i = 0; i < a.luminance.length; i++) {
    const [low, high] = [a.luminance[i]!, b.luminance[i]!].sort((x, y) => x - y) as [number, number];
    if ((high + 0.05) / (low + 0.05) >= 3) count++;
  }
  return count;
}
