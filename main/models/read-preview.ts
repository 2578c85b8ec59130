import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import sharp from 'sharp';
import { isRaster } from '../documents/exchange/file-kind.ts';

/** Endings that other programs give to the picture beside a model, the most particular first. */
const ENDINGS = [
  '.preview.png',
  '.preview.jpg',
  '.preview.jpeg',
  '.preview.webp',
  '.png',
  '.jpg',
  '.jpeg',
  '.webp',
];
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_PIXELS = 64 * 1024 * 1024;
/** Pixels of a card's picture, twice those of its face for fine screens. */
const WIDTH = 400;
const HEIGHT = 224;

/** A small picture, RGBA, 8 bit, row by row. */
export interface PreviewRaster {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array<ArrayBuffer>;
}

/**
 * The picture that another program put beside a model, cut to a card's face; null when there is none that can be
 * read. It is decoded within bounds and never trusted.
 *
 * @param modelPath the `.safetensors` file or diffusers folder
 */
export async function readPreview(modelPath: string): Promise<PreviewRaster | null> {
  const stem = modelPath.slice(0, modelPath.length - extname(modelPath).length);
  for (const ending of ENDINGS) {
    const found = await stat(stem + ending).catch(() => null);
    if (!found?.isFile() || found.size > MOST_BYTES) continue;
    const raster = await decode(stem + ending);
    if (raster !== null) return raster;
  }
  return null;
}

async function decode(path: string): Promise<PreviewRaster | null> {
  try {
    const bytes = await readFile(path);
    if (!isRaster(bytes)) return null;
    const { data, info } = await sharp(bytes, { limitInputPixels: MOST_PIXELS, pages: 1 })
      .rotate()
      .resize(WIDTH, HEIGHT, { fit: 'cover', position: 'attention' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, rgba: new Uint8Array(data) };
  } catch {
    // Whatever is wrong with it, it is only a picture beside the file.
    return null;
  }
}
