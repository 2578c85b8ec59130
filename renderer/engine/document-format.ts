import { EngineError } from './error.ts';
import type { BitDepth } from './tiles/tile.ts';

/** Colour spaces in which a document's values can be encoded. */
export const COLOUR_SPACES = ['srgb', 'display-p3'] as const;

/** The name of a colour space, as CSS and canvases name it. */
export type ColourSpace = (typeof COLOUR_SPACES)[number];

/** What a document's numbers mean. */
export interface DocumentFormat {
  readonly depth: BitDepth;
  readonly colourSpace: ColourSpace;
  /** ICC profile that came with the picture and goes out with it; null when the colour space says it all. */
  readonly profile: Uint8Array | null;
}

/** Some of a format, to be changed; what is absent or undefined stays. */
export type FormatChange = { [Key in keyof DocumentFormat]?: DocumentFormat[Key] | undefined };

/** 8 bits, sRGB. */
export const DEFAULT_FORMAT: DocumentFormat = { depth: 8, colourSpace: 'srgb', profile: null };

/** @throws EngineError `invalid-value`. */
export function checkFormat({ depth, colourSpace }: FormatChange): void {
  if (depth !== undefined && depth !== 8 && depth !== 16)
    throw new EngineError('invalid-value', `${String(depth)} bits a channel are not possible; 8 and 16 are.`);
  if (colourSpace !== undefined && !COLOUR_SPACES.includes(colourSpace))
    throw new EngineError('invalid-value', `There is no colour space "${String(colourSpace)}".`);
}
