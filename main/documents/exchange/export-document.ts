import { deflateSync } from 'node:zlib';
import { StudioError } from '../../../preload/contract/index.ts';
import { writeOra } from '../../../renderer/engine/formats/ora/write-ora.ts';
import { writePsd } from '../../../renderer/engine/formats/psd/write-psd.ts';
import type { LayeredPicture } from '../../../renderer/engine/formats/picture-file.ts';
import type { StoredDocument } from '../document.ts';
import { withRecipes } from '../png-recipe.ts';
import { recipesOf } from '../recipes-of.ts';
import { builtInProfile, convertPicture, loadProfile } from './convert-profile.ts';
import { encodeCmyk, encodeRaster, overBackground, type RasterKind, scaled } from './encode-raster.ts';
import { encodeExr } from './exr.ts';
import { countLayers } from './store-picture.ts';
import type { FileKind } from './file-kind.ts';
import { flattenStored } from './flatten-stored.ts';
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
  const { kind } = options;
  const half = (start: number): Progress => ({
    report: (share, what) => progress.report(start + share / 2, what),
    signal: progress.signal,
  });
  const flat = await flattenStored(document, half(0));
  switch (kind) {
    case 'psd':
    case 'psb':
      return exportPsd(await tagged(document), flat, kind === 'psb', half(0.5));
    case 'ora':
      return exportOra(await tagged(document), flat, half(0.5));
    case 'png':
    case 'jpeg':
    case 'webp':
    case 'avif':
    case 'tiff':
    case 'exr':
      return exportFlat(document, flat, kind, options, half(0.5));
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
  picture: LayeredPicture,
  flat: FlatPicture,
  large: boolean,
  progress: Progress,
): Promise<Uint8Array> {
  return writePsd(picture, {
    merged: flat.data,
    large,
    deflate: (data) => deflateSync(data, { level: 4 }),
    onLayer: counter(picture, progress),
  });
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
  const limit = MAX_EDGE[kind];
  if (limit !== undefined && Math.max(sized.width, sized.height) > limit)
    throw new StudioError(
      'export/too-large',
      `${sized.width} × ${sized.height} pixels do not fit a ${kind} file, whose edges go to ${limit}.`,
      'Choose another format, or a smaller scale.',
    );
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
