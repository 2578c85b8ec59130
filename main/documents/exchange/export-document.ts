import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { type ProofIntent, StudioError, TILE_EDGE } from '../../../preload/contract/index.ts';
import { writeOra } from '../../../renderer/engine/formats/ora/write-ora.ts';
import { writePsd } from '../../../renderer/engine/formats/psd/write-psd.ts';
import { FormatError, type LayeredPicture } from '../../../renderer/engine/formats/picture-file.ts';
import type { StoredDocument } from '../document.ts';
import { withRecipes } from '../png-recipe.ts';
import { recipesOf } from '../recipes-of.ts';
import { compensateBlack } from './black-point.ts';
import { convertPicture, loadProfile, pictureConverter, type TargetProfile } from './convert-profile.ts';
import { documentProfile } from './document-profile.ts';
import {
  encodeCmyk,
  encodeRaster,
  encodeStrips,
  overBackground,
  type RasterKind,
  scaled,
  scaledEdge,
  type StripPicture,
  thumbnailOf,
  type ToPress,
} from './encode-raster.ts';
import { encodeExr } from './encode-exr.ts';
import { countLayers } from './store-picture.ts';
import type { FileKind } from './file-kind.ts';
import { flattenStored, flattenStrips } from './flatten-stored.ts';
import { pictureOfDocument } from './picture-of-document.ts';
import { type Progress, throwIfStopped } from './progress.ts';
import { type FlatPicture, inDepth } from './raster.ts';

/** How a document is to be written as a file of another kind. */
export interface ExportOptions {
  readonly kind: Exclude<FileKind, 'impasto'>;
  /** Bits a channel of flat files; the document's own when left out. */
  readonly depth?: 8 | 16 | undefined;
  /** 1..100, for JPEG, WebP and AVIF; 100 is lossless for the last two. 90 when left out. */
  readonly quality?: number | undefined;
  /** `srgb`, `display-p3` or the path of an ICC file, to which flat files are converted; kept as it is when left out. */
  readonly profile?: string | undefined;
  /** Red, green, blue 0..255 that flat files are laid over; JPEG takes white when left out. */
  readonly background?: readonly number[] | undefined;
  /** Size of flat files relative to the canvas; 1 when left out. */
  readonly scale?: number | undefined;
  /** With the profile of a press: how colours are brought within its reach; perceptual when left out. */
  readonly intent?: ProofIntent | undefined;
  /** With that: black becomes the press' own, and dark tones keep their steps. */
  readonly blackPoint?: boolean | undefined;
}

/** Largest size that the format's own fields can hold, where that is less than a canvas can be. */
const MAX_EDGE: Partial<Record<FileKind, number>> = { webp: 16_383 };

/** Turns a document into the bytes of another kind of file. @throws StudioError */
export async function exportDocument(
  document: StoredDocument,
  options: ExportOptions,
  progress: Progress,
): Promise<Uint8Array> {
  const parts = await exportParts(document, options, progress);
  const [only] = parts;
  return parts.length === 1 && only ? only : Uint8Array.from(Buffer.concat(parts));
}

/** The same in parts, in order, for files that should not be held twice. @throws StudioError */
export async function exportParts(
  document: StoredDocument,
  options: ExportOptions,
  progress: Progress,
): Promise<readonly Uint8Array[]> {
  const { kind } = options;
  const half = (start: number): Progress => ({
    report: (share, what) => progress.report(start + share / 2, what),
    signal: progress.signal,
  });
  switch (kind) {
    case 'psd':
    case 'psb':
      return exportPsd(document, kind === 'psb', { layers: half(0), merged: half(0.5) });
    case 'ora':
      return exportOra(document, half);
    case 'png':
    case 'jpeg':
    case 'webp':
    case 'avif':
    case 'tiff':
      return [
        canStream(document) && options.blackPoint !== true
          ? await exportInStrips(document, kind, options, half(0))
          : await exportFlat(document, await flattenStored(document, half(0)), kind, options, half(0.5)),
      ];
    case 'exr':
      return exportExr(document, options, progress);
  }
}

/** OpenEXR holds light, whatever the profile: only a scaled picture has to be held. */
async function exportExr(
  document: StoredDocument,
  { scale = 1, background }: ExportOptions,
  progress: Progress,
): Promise<Uint8Array[]> {
  const { colourSpace, profile, ...state } = document.state();
  const isP3 = colourSpace === 'display-p3';
  if (scale !== 1) {
    const flat = await flattenStored(document, progress);
    const sized = await scaled(background ? overBackground(flat, background) : flat, scale);
    return encodeExr(sized, [sized.data], isP3);
  }
  async function* strips(): AsyncGenerator<FlatPicture['data']> {
    for await (const data of flattenStrips(document, progress)) {
      const strip = { ...state, height: data.length / 4 / state.width, profile, data };
      yield background ? overBackground(strip, background).data : data;
    }
  }
  return encodeExr(state, strips(), isP3);
}

/** Pixels from which a flat picture is no longer held in memory: 8192 × 8192. */
const STREAM_FROM = 8192 * 8192;

/** True where a picture should be encoded without being held. */
function canStream(document: StoredDocument): boolean {
  const { width, height } = document.state();
  return width * height >= STREAM_FROM;
}

async function exportInStrips(
  document: StoredDocument,
  kind: RasterKind,
  options: ExportOptions,
  progress: Progress,
): Promise<Uint8Array> {
  const { width, height, depth, layers } = document.state();
  const { quality = 90, scale = 1 } = options;
  checkEdges(kind, { width: scaledEdge(width, scale), height: scaledEdge(height, scale) });
  const source = await documentProfile(document.state());
  const target = options.profile === undefined ? null : await loadProfile(options.profile);
  const press = target?.space === 'CMYK' ? target : null;
  checkPress(kind, press);
  const white = kind === 'jpeg' || press ? [255, 255, 255] : undefined;
  const background = options.background ?? white;
  const written = press ? 8 : (options.depth ?? depth);
  const facts = { width, height, depth, profile: null };
  const convert = target && !press ? await pictureConverter(source, target, depth) : null;
  async function* strips(): AsyncGenerator<Uint8Array | Uint16Array> {
    for await (const data of flattenStrips(document, progress)) {
      const strip = { ...facts, height: data.length / 4 / width, data };
      const laid = background ? overBackground(strip, background) : strip;
      const converted = convert ? await convert(laid) : laid;
      yield inDepth(converted, written).data;
    }
  }
  const folder = await mkdtemp(join(tmpdir(), 'impasto-export-'));
  try {
    const picture = {
      width,
      height,
      depth: written,
      profile: target && !press ? target.bytes : source,
      rowsPerStrip: TILE_EDGE,
      strips: strips(),
    };
    const raster = { kind, quality, resolution: document.resolution() };
    const bytes = await encodeStrips(
      picture,
      raster,
      scale,
      folder,
      press ? toPress(press, options) : undefined,
    );
    return kind === 'png' ? withRecipes(bytes, recipesOf(layers)) : bytes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A document's picture, with the profile of Display P3 where its numbers mean that and none came with it. */
async function tagged(document: StoredDocument): Promise<LayeredPicture> {
  return { ...pictureOfDocument(document), profile: await documentProfile(document.state()) };
}

function counter(picture: LayeredPicture, progress: Progress): (name: string) => void {
  const total = Math.max(1, countLayers(picture.layers));
  let done = 0;
  return (name) => {
    throwIfStopped(progress);
    done += 1;
    progress.report(done / total, name);
  };
}

async function exportPsd(
  document: StoredDocument,
  large: boolean,
  progress: { readonly layers: Progress; readonly merged: Progress },
): Promise<readonly Uint8Array[]> {
  const picture = await tagged(document);
  try {
    return await writePsd(picture, {
      merged: flattenStrips(document, progress.merged),
      large,
      deflate: (data) => deflateSync(data, { level: 4 }),
      onLayer: counter(picture, progress.layers),
    });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new StudioError('export/too-large', `${error.message} Nothing was written.`, error.remedy);
  }
}

/** Longest edge of an OpenRaster file's thumbnail. */
const THUMBNAIL = 256;

async function exportOra(document: StoredDocument, half: (start: number) => Progress): Promise<Uint8Array[]> {
  const picture = await tagged(document);
  const { width, height, depth, profile } = picture;
  const png = { kind: 'png', quality: 100, resolution: picture.resolution } as const;
  const folder = await mkdtemp(join(tmpdir(), 'impasto-export-'));
  const encode = async (of: Pick<StripPicture, 'width' | 'height' | 'strips'>): Promise<Uint8Array> => {
    const place = await mkdtemp(join(folder, 'layer-'));
    const bytes = await encodeStrips({ ...of, depth, profile, rowsPerStrip: TILE_EDGE }, png, 1, place);
    await rm(place, { recursive: true, force: true });
    return bytes;
  };
  try {
    const merged = await encode({ width, height, strips: flattenStrips(document, half(0)) });
    return await writeOra(picture, {
      encodePng: ({ strips, ...size }) => encode({ ...size, strips: strips() }),
      merged,
      thumbnail: await thumbnailOf(merged, THUMBNAIL),
      onLayer: counter(picture, half(0.5)),
    });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new StudioError('export/too-large', `${error.message} Nothing was written.`, error.remedy);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function toPress({ bytes }: TargetProfile, { intent = 'perceptual' }: ExportOptions): ToPress {
  return { profile: bytes, intent };
}

/** @param press what colours are converted to, where that is CMYK. @throws StudioError `export/no-cmyk` */
function checkPress(kind: RasterKind, press: TargetProfile | null): void {
  if (press && kind !== 'tiff' && kind !== 'jpeg')
    throw new StudioError(
      'export/no-cmyk',
      `A ${kind} file cannot be CMYK. Nothing was written.`,
      'Write .tif or .jpg, or choose an RGB profile.',
    );
}

/** @throws StudioError `export/too-large` */
function checkEdges(kind: RasterKind, sized: { readonly width: number; readonly height: number }): void {
  const limit = MAX_EDGE[kind];
  if (limit !== undefined && Math.max(sized.width, sized.height) > limit)
    throw new StudioError(
      'export/too-large',
      `${sized.width} × ${sized.height} pixels do not fit a ${kind} file, whose edges go to ${limit}.`,
      'Choose another format, or a smaller scale.',
    );
}

async function exportFlat(
  document: StoredDocument,
  flat: FlatPicture,
  kind: RasterKind,
  options: ExportOptions,
  progress: Progress,
): Promise<Uint8Array> {
  const { quality = 90, scale = 1, depth } = options;
  const source = await documentProfile(document.state());
  const background = options.background ?? (kind === 'jpeg' ? [255, 255, 255] : undefined);
  const laid = background ? overBackground(flat, background) : flat;
  const sized = await scaled({ ...laid, profile: source }, scale);
  checkEdges(kind, sized);
  throwIfStopped(progress);
  progress.report(0.3, kind);
  const raster = { kind, quality, resolution: document.resolution() };
  const target = options.profile === undefined ? null : await loadProfile(options.profile);
  if (target?.space === 'CMYK') {
    checkPress(kind, target);
    const onPaper = overBackground(sized, background ?? [255, 255, 255]);
    const compensated =
      options.blackPoint === true
        ? await compensateBlack(onPaper, source, target.bytes)
        : inDepth(onPaper, 8);
    return encodeCmyk(compensated, raster, toPress(target, options));
  }
  const converted = target ? await convertPicture(sized, source, target) : sized;
  const bytes = await encodeRaster(inDepth(converted, depth ?? converted.depth), raster);
  return kind === 'png' ? withRecipes(bytes, recipesOf(document.state().layers)) : bytes;
}
