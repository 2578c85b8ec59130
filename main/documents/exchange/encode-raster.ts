import { open } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { type ProofIntent, StudioError } from '../../../preload/contract/index.ts';
import { type FlatPicture, inDepth } from './raster.ts';
import { noteResolution } from './note-resolution.ts';
import { restoreProfile, withPressFile } from './press-intent.ts';
import { frameAsTiff, tiffHead } from './tiff-frame.ts';

/** Flat formats that sharp writes. */
export type RasterKind = 'png' | 'jpeg' | 'webp' | 'avif' | 'tiff';

/** How a flat file is to be written. */
export interface RasterOptions {
  readonly kind: RasterKind;
  /** 1 … 100, for the formats that have it; 100 is lossless for WebP and AVIF. */
  readonly quality: number;
  /** Pixels per inch to note in the file. */
  readonly resolution: number | null;
}

/**
 * Encodes a picture. Its numbers are written as they are and its profile with them, bit for bit; PNG and TIFF keep 16
 * bits, the others are written with 8 (AVIF with 10 when the picture has 16). What has no alpha (JPEG) must be opaque.
 */
export async function encodeRaster(picture: FlatPicture, options: RasterOptions): Promise<Uint8Array> {
  const { kind, resolution } = options;
  const deep = picture.depth === 16 && (kind === 'png' || kind === 'tiff' || kind === 'avif');
  const written = inDepth(picture, deep ? 16 : 8);
  const { width, height } = written;
  const opaque = kind === 'jpeg' || isOpaque(written);
  const samples = opaque ? withoutAlpha(written.data) : written.data;
  const framed = frameAsTiff(samples, { width, height }, opaque ? 'rgb' : 'rgba', written.profile);
  let pipeline = sharp(framed, { limitInputPixels: false, ignoreIcc: true });
  if (written.profile) pipeline = pipeline.keepIccProfile();
  if (deep) pipeline = pipeline.toColourspace('rgb16');
  const file = new Uint8Array(await encoded(pipeline, options, deep));
  return resolution === null ? file : noteResolution(file, resolution);
}

/** How colours go to a press. */
export interface ToPress {
  readonly profile: Uint8Array;
  readonly intent: ProofIntent;
}

/** Converts to CMYK by a press' profile and encodes as TIFF or JPEG with the profile inside. */
export async function encodeCmyk(
  rgb: FlatPicture,
  options: RasterOptions,
  { profile: press, intent }: ToPress,
): Promise<Uint8Array> {
  const { width, height, profile, data } = rgb;
  const framed = frameAsTiff(withoutAlpha(data), { width, height }, 'rgb', profile);
  const file = await withPressFile(press, intent, async (path) => {
    const pipeline = sharp(framed, { limitInputPixels: false }).withIccProfile(path);
    return new Uint8Array(await encoded(pipeline, options, false));
  });
  restoreProfile(file, press, intent);
  return options.resolution === null ? file : noteResolution(file, options.resolution);
}

function encoded(
  pipeline: Sharp,
  { kind, quality, resolution }: RasterOptions,
  deep: boolean,
): Promise<Buffer> {
  switch (kind) {
    case 'png':
      return pipeline.png({ compressionLevel: 6 }).toBuffer();
    case 'jpeg':
      return pipeline
        .jpeg({ quality, chromaSubsampling: quality >= 90 ? '4:4:4' : '4:2:0', mozjpeg: false })
        .toBuffer();
    case 'webp':
      return pipeline
        .webp(quality === 100 ? { lossless: true, exact: true } : { quality, exact: true })
        .toBuffer();
    case 'avif':
      return pipeline
        .avif({
          quality,
          lossless: quality === 100,
          chromaSubsampling: '4:4:4',
          effort: 3,
          ...(deep && { bitdepth: 10 }),
        })
        .toBuffer();
    case 'tiff':
      return pipeline
        .tiff({
          compression: 'deflate',
          predictor: 'horizontal',
          // Pixels per millimetre.
          ...(resolution !== null && { xres: resolution / 25.4, yres: resolution / 25.4 }),
        })
        .toBuffer();
  }
}

/** A picture that is too large to be held: its rows from the top. */
export interface StripPicture extends Omit<FlatPicture, 'data'> {
  /** Rows of a strip in the file that sharp reads. */
  readonly rowsPerStrip: number;
  /** Whole rows, any number of them at a time. */
  readonly strips: AsyncIterable<Uint8Array | Uint16Array> | Iterable<Uint8Array | Uint16Array>;
}

/**
 * Encodes a picture that is never held in memory: its strips go to an uncompressed file on the disk, of which sharp reads
 * row by row. Otherwise as {@link encodeRaster}.
 * @param scale of the result, above 0.
 * @param folder for that file, which takes `width * height * 4` bytes, or twice as many, until this resolves.
 * @param press for TIFF or JPEG in CMYK: 8 bits, and nothing may shine through.
 */
export async function encodeStrips(
  picture: StripPicture,
  options: RasterOptions,
  scale: number,
  folder: string,
  press?: ToPress,
): Promise<Uint8Array> {
  const { kind, resolution } = options;
  const { width, height, profile, rowsPerStrip } = picture;
  const deep = picture.depth === 16 && (kind === 'png' || kind === 'tiff' || kind === 'avif');
  const depth = deep ? 16 : 8;
  const path = join(folder, 'strips.tif');
  const file = await open(path, 'wx');
  let opaque = true;
  try {
    await file.writeFile(tiffHead({ width, height, model: 'rgba', bits: depth, profile, rowsPerStrip }));
    for await (const data of picture.strips) {
      const written = inDepth({ ...picture, height: data.length / 4 / width, data }, depth);
      opaque &&= isOpaque(written);
      const { buffer, byteOffset, byteLength } = written.data;
      await file.writeFile(new Uint8Array(buffer, byteOffset, byteLength));
    }
  } finally {
    await file.close();
  }
  const finish = async (pressFile?: string): Promise<Uint8Array> => {
    let pipeline = sharp(path, {
      limitInputPixels: false,
      ignoreIcc: pressFile === undefined,
      sequentialRead: true,
    });
    if (opaque || kind === 'jpeg') pipeline = pipeline.removeAlpha();
    if (scale !== 1) {
      const size = scaledSize(picture, scale);
      pipeline = pipeline.resize(size.width, size.height, { fit: 'fill', kernel: 'lanczos3' });
    }
    if (pressFile !== undefined) pipeline = pipeline.withIccProfile(pressFile);
    else if (profile) pipeline = pipeline.keepIccProfile();
    if (deep) pipeline = pipeline.toColourspace('rgb16');
    const { buffer, byteOffset, byteLength } = await encoded(pipeline, options, deep);
    return new Uint8Array(buffer, byteOffset, byteLength);
  };
  const encodedFile = press ? await withPressFile(press.profile, press.intent, finish) : await finish();
  if (press) restoreProfile(encodedFile, press.profile, press.intent);
  return resolution === null ? encodedFile : noteResolution(encodedFile, resolution);
}

/** A PNG once more, 8 bits and no longer than an edge. @param edge in pixels. */
export async function thumbnailOf(png: Uint8Array, edge: number): Promise<Uint8Array> {
  const small = sharp(png, { limitInputPixels: false, ignoreIcc: true })
    .resize(edge, edge, { fit: 'inside', withoutEnlargement: true, kernel: 'lanczos3' })
    .keepIccProfile();
  return new Uint8Array(await small.png({ compressionLevel: 6 }).toBuffer());
}

/** Lays a picture over a colour. @param background red, green, blue 0..255. */
export function overBackground(picture: FlatPicture, background: readonly number[]): FlatPicture {
  const maximum = picture.depth === 8 ? 255 : 65535;
  const colour = background.map((value) => (value / 255) * maximum);
  const data = picture.data.slice();
  for (let i = 0; i < data.length; i += 4) {
    const share = (data[i + 3] as number) / maximum;
    if (share === 1) continue;
    for (let k = 0; k < 3; k++) {
      data[i + k] = Math.round((data[i + k] as number) * share + (colour[k] as number) * (1 - share));
    }
    data[i + 3] = maximum;
  }
  return { ...picture, data };
}

/** True when nothing shines through. */
export function isOpaque({ data, depth }: FlatPicture): boolean {
  const maximum = depth === 8 ? 255 : 65535;
  for (let i = 3; i < data.length; i += 4) if (data[i] !== maximum) return false;
  return true;
}

function withoutAlpha(data: Uint8Array | Uint16Array): Uint8Array | Uint16Array {
  const count = data.length / 4;
  const out = data instanceof Uint8Array ? new Uint8Array(count * 3) : new Uint16Array(count * 3);
  for (let i = 0, at = 0; i < data.length; i += 4) {
    out[at++] = data[i] as number;
    out[at++] = data[i + 1] as number;
    out[at++] = data[i + 2] as number;
  }
  return out;
}

/** An edge at a scale, in whole pixels; never none. */
export function scaledEdge(edge: number, scale: number): number {
  return Math.max(1, Math.round(edge * scale));
}

/** Size of a picture at a scale. @throws StudioError `export/too-large` */
function scaledSize(
  picture: { readonly width: number; readonly height: number },
  scale: number,
): { readonly width: number; readonly height: number } {
  const width = scaledEdge(picture.width, scale);
  const height = scaledEdge(picture.height, scale);
  if (Math.max(width, height) > 30_000)
    throw new StudioError(
      'export/too-large',
      `At this scale the picture would be ${width} × ${height} pixels; edges go to 30000.`,
      'Choose a smaller scale.',
    );
  return { width, height };
}

/** Makes a picture smaller or larger: Lanczos, as sharp has it. @param scale above 0. */
export async function scaled(picture: FlatPicture, scale: number): Promise<FlatPicture> {
  if (scale === 1) return picture;
  const { width, height } = scaledSize(picture, scale);
  const framed = frameAsTiff(picture.data, picture, 'rgba', null);
  const deep = picture.depth === 16;
  const { data } = await sharp(framed, { limitInputPixels: false })
    .toColourspace(deep ? 'rgb16' : 'srgb')
    .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const bytes = Uint8Array.from(data);
  return { ...picture, width, height, data: deep ? new Uint16Array(bytes.buffer) : bytes };
}
