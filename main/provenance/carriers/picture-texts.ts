import { isJpeg, jpegTexts } from './jpeg-texts.ts';
import { isPng, pngTexts } from './png-texts.ts';
import type { TextEntry } from './text-entry.ts';
import { isWebp, webpTexts } from './webp-texts.ts';

/** Every piece of text in a PNG, JPEG or WebP file, in the order of the file; none for anything else. */
export function pictureTexts(file: Uint8Array): TextEntry[] {
  if (isPng(file)) return pngTexts(file);
  if (isJpeg(file)) return jpegTexts(file);
  return isWebp(file) ? webpTexts(file) : [];
}
