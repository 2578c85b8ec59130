/** Red, green, blue as the document encodes them (sRGB transfer), 0..1. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** sRGB-encoded to linear light, IEC 61966-2-1. Odd-symmetric beyond 0. */
export function srgbToLinear(value: number): number {
  const magnitude = Math.abs(value);
  const linear = magnitude <= 0.04045 ? magnitude / 12.92 : ((magnitude + 0.055) / 1.055) ** 2.4;
  return value < 0 ? -linear : linear;
}

/** Linear light to sRGB-encoded, the inverse of `srgbToLinear`. */
export function linearToSrgb(value: number): number {
  const magnitude = Math.abs(value);
  const encoded = magnitude <= 0.0031308 ? magnitude * 12.92 : 1.055 * magnitude ** (1 / 2.4) - 0.055;
  return value < 0 ? -encoded : encoded;
}

/** `#rrggbb` in lower case; values are clamped. */
export function toHex(rgb: Rgb): string {
  return `#${rgb.map((value) => toByte(value).toString(16).padStart(2, '0')).join('')}`;
}

/** Reads `#rgb`, `#rrggbb` or the same without the hash; null when it is neither. */
export function parseHex(text: string): Rgb | null {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/iu.exec(text.trim())?.[1];
  if (digits === undefined) return null;
  const long = digits.length === 3 ? digits.replaceAll(/./gu, '$&$&') : digits;
  const channel = (at: number): number => Number.parseInt(long.slice(at, at + 2), 16) / 255;
  return [channel(0), channel(2), channel(4)];
}

/** 0..1 to 0..255, rounded and clamped. */
export function toByte(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value * 255)));
}
