import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { StudioError, TILE_EDGE } from '../../../preload/contract/index.ts';
import { writeOra } from '../../../renderer/engine/formats/ora/write-ora.ts';
import { writePsd } from '../../../renderer/engine/formats/psd/write-psd.ts';
import { FormatError, type LayeredPicture } from '../../../renderer/engine/formats/picture-file.ts';
import type { StoredDocument } from '../document.ts';
import { withRecipes } from '../png-recipe.ts';
import { recipesOf } from '../recipes-of.ts';
import { builtInProfile, convertPicture, loadProfile } from './convert-profile.ts';
import {
  encodeCmyk,
  encodeRaster,
  encodeStrips,
  overBackground,
  type RasterKind,
  scaled,
  scaledEdge,
} from './encode-raster.ts';
import { encodeExr } from './exr.ts';
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
      return [await exportOra(await tagged(document), await flattenStored(document, half(0)), half(0.5))];
    case 'png':
    case 'jpeg':
    case 'webp':
    case 'avif':
    case 'tiff':
    case 'exr':
      return [
        canStream(document, kind, options)
          ? await exportInStrips(document, kind, options, half(0))
          : await exportFlat(document, await flattenStored(document, half(0)), kind, options, half(0.5)),
      ];
  }
}

/** Pixels from which a flat picture is no longer held in memory: 8192 × 8192. */
const STREAM_FROM = 8192 * 8192;

/** True where a picture should, and can, be encoded without being held: colours that are converted need all of it. */
function canStream(
  document: StoredDocument,
  kind: RasterKind | 'exr',
  { profile }: ExportOptions,
): kind is RasterKind {
  const { width, height } = document.state();
  return kind !== 'exr' && profile === undefined && width * height >= STREAM_FROM;
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
  const background = options.background ?? (kind === 'jpeg' ? [255, 255, 255] : undefined);
  const written = options.depth ?? depth;
  const facts = { width, height, depth, profile: null };
  async function* strips(): AsyncGenerator<Uint8Array | Uint16Array> {
    for await (const data of flattenStrips(document, progress)) {
      const strip = { ...facts, height: data.length / 4 / width, data };
      yield inDepth(background ? overBackground(strip, background) : strip, written).data;
    }
  }
  const folder = await mkdtemp(join(tmpdir(), 'impasto-export-'));
  try {
    const picture = {
      width,
      height,
      depth: written,
      profile: await profileOf(document),
      rowsPerStrip: TILE_EDGE,
      strips: strips(),
    };
    const bytes = await encodeStrips(
      picture,
      { kind, quality, resolution: document.resolution() },
      scale,
      folder,
    );
    return kind === 'png' ? withRecipes(bytes, recipesOf(layers)) : bytes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A document's picture, with the profile of Display P3 where its numbers mean that and none came with it. */
async function tagged(document: StoredDocument): Promise<LayeredPicture> {
  return { ...pictureOfDocument(document), profile: await profileOf(document) };
}

async function profileOf(document: StoredDocument): Promise<Uint8Array | null> {
  const { profile, colourSpace } = document.state();
  return profile ?? (colourSpace === 'display-p3' ? await builtInProfile('display-p3') : null);
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

async function exportOra(
  picture: LayeredPicture,
  flat: FlatPicture,
  progress: Progress,
): Promise<Uint8Array> {
  const { depth, profile, resolution } = picture;
  const png = { kind: 'png', quality: 100, resolution } as const;
  const share = Math.min(1, 256 / Math.max(flat.width, flat.height));
  return writeOra(picture, {
    encodePng: (block) => encodeRaster({ ...block, depth, profile }, png),
    merged: await encodeRaster({ ...flat, profile }, png),
    thumbnail: await encodeRaster(await scaled({ ...inDepth(flat, 8), profile }, share), png),
    onLayer: counter(picture, progress),
  });
}

/** @throws StudioError `export/too-large` */
function checkEdges(
  kind: RasterKind | 'exr',
  sized: { readonly width: number; readonly height: number },
): void {
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
  kind: RasterKind | 'exr',
  options: ExportOptions,
  progress: Progress,
): Promise<Uint8Array> {
  const { quality = 90, scale = 1, depth } = options;
  const source = await profileOf(document);
  const background = options.background ?? (kind === 'jpeg' ? [255, 255, 255] : undefined);
  const laid = background ? overBackground(flat, background) : flat;
  const sized = await scaled({ ...laid, profile: source }, scale);
  checkEdges(kind, sized);
  throwIfStopped(progress);
  progress.report(0.3, kind);
  if (kind === 'exr') return encodeExr(sized, document.state().colourSpace === 'display-p3');
  const raster = { kind, quality, resolution: document.resolution() };
  const target = options.profile === undefined ? null : await loadProfile(options.profile);
  if (target?.space === 'CMYK') {
    if (kind !== 'tiff' && kind !== 'jpeg')
      throw new StudioError(
        'export/no-cmyk',
        `A ${kind} file cannot be CMYK. Nothing was written.`,
        'Write .tif or .jpg, or choose an RGB profile.',
      );
    return encodeCmyk(
      overBackground(sized, background ?? [255, 255, 255]),
      { ...raster, kind },
      target.location,
    );
  }
  const converted = target ? await convertPicture(sized, source, target) : sized;
  const bytes = await encodeRaster(inDepth(converted, depth ?? converted.depth), raster);
  return kind === 'png' ? withRecipes(bytes, recipesOf(document.state().layers)) : bytes;
}
