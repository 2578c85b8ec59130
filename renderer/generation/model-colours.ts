import { displayP3ToSrgb, srgbToDisplayP3 } from '../engine/colour/display-p3.ts';
import type { DocumentFormat } from '../engine/document-format.ts';

type Colours = Pick<DocumentFormat, 'colourSpace' | 'profile'>;

/** A document's pixels, RGBA8 straight, in sRGB, which is what models have seen. Those of a profile of its own are left as they are. */
export function toModelColours(rgba: Uint8Array<ArrayBuffer>, colours: Colours): Uint8Array<ArrayBuffer> {
  return isDisplayP3(colours) ? displayP3ToSrgb(rgba) : rgba;
}

/** What a model painted, RGBA8 straight, by the document's own numbers. */
export function fromModelColours<T extends Uint8Array | Uint8ClampedArray>(
  rgba: T,
  colours: Colours,
): T | Uint8Array<ArrayBuffer> {
  return isDisplayP3(colours) ? srgbToDisplayP3(rgba) : rgba;
}

function isDisplayP3({ colourSpace, profile }: Colours): boolean {
  return colourSpace === 'display-p3' && profile === null;
}
