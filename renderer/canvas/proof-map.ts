import type { ColourTable } from '../state/proof-store.ts';

/** Pixels as something between the picture and the screen shows them: RGBA8 in, RGBA8 of its own out. */
export type ShownThrough = (pixels: Uint8ClampedArray<ArrayBuffer>) => Uint8ClampedArray<ArrayBuffer>;

/** How far, of 255, a channel may move at the press before a colour counts as out of its gamut, as the export has it. */
const GAMUT_TOLERANCE = 12;
const WARNING = 128;

/**
 * Shows pixels as a press would print them: between the colours of a table, linearly in each of three directions. Alpha
 * stays.
 * @param warn paints what the press cannot print in grey.
 */
export function proofMap({ edge, table }: ColourTable, warn: boolean): ShownThrough {
  const low = new Uint8Array(256);
  const share = new Float32Array(256);
  for (let value = 0; value < 256; value++) {
    const at = (value * (edge - 1)) / 255;
    low[value] = Math.min(edge - 2, Math.floor(at));
    share[value] = at - (low[value] as number);
  }
  const down = edge * edge * 4;
  const across = edge * 4;
  const mixed = new Float32Array(4);
  const look = (red: number, green: number, blue: number): void => {
    const from = (low[red] as number) * down + (low[green] as number) * across + (low[blue] as number) * 4;
    const r = share[red] as number;
    const g = share[green] as number;
    const b = share[blue] as number;
    for (let k = 0; k < 4; k++) {
      const at = from + k;
      const value = (i: number): number => table[at + i] as number;
      const near =
        (value(0) * (1 - b) + value(4) * b) * (1 - g) + (value(across) * (1 - b) + value(across + 4) * b) * g;
      const far =
        (value(down) * (1 - b) + value(down + 4) * b) * (1 - g) +
        (value(down + across) * (1 - b) + value(down + across + 4) * b) * g;
      mixed[k] = near * (1 - r) + far * r;
    }
    if (warn && (mixed[3] as number) > GAMUT_TOLERANCE) mixed.fill(WARNING, 0, 3);
  };
  return (pixels) => {
    const out = new Uint8ClampedArray(pixels.length);
    let last = -1;
    for (let i = 0; i < pixels.length; i += 4) {
      const red = pixels[i] as number;
      const green = pixels[i + 1] as number;
      const blue = pixels[i + 2] as number;
      const colour = (red << 16) | (green << 8) | blue;
      // Neighbours are often of one colour.
      if (colour !== last) look(red, green, blue);
      last = colour;
      out[i] = mixed[0] as number;
      out[i + 1] = mixed[1] as number;
      out[i + 2] = mixed[2] as number;
      out[i + 3] = pixels[i + 3] as number;
    }
    return out;
  };
}
