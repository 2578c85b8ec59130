/** Red, green, blue, 0 … 255, of a colour written as `#rrggbb`; black for anything else. */
export function parseColour(hex: string): [number, number, number] {
  const match = /^#([0-9a-f]{6})$/i.exec(hex);
  const value = match?.[1] ? Number.parseInt(match[1], 16) : 0;
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** A colour as `#rrggbb`; channels are 0 … 255 and are rounded. */
export function formatColour(red: number, green: number, blue: number): string {
  const channel = (value: number): string =>
    Math.min(255, Math.max(0, Math.round(value)))
      .toString(16)
      .padStart(2, '0');
  return `#${channel(red)}${channel(green)}${channel(blue)}`;
}
