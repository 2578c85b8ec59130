import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { StudioError } from '../../../preload/contract/index.ts';
import type { FileLoss } from '../../../renderer/engine/formats/picture-file.ts';
import { openDocument, type StoredDocument } from '../document.ts';
import { scaledEdge } from './encode-raster.ts';
import { exportParts, type ExportOptions } from './export-document.ts';
import { type FileKind, kindOfName, type SourceKind } from './file-kind.ts';
import { heldContent } from './held-content.ts';
import { lossesOnExport } from './losses.ts';
import { kindOfFile, readPictureFile, toStudioError } from './read-picture-file.ts';
import { countLayers, storePicture } from './store-picture.ts';
import type { Progress } from './progress.ts';
import { checkTarget, writeWhole } from './write-whole.ts';

/** What became of a conversion. */
export interface Conversion {
  readonly from: SourceKind;
  readonly to: FileKind;
  /** Size of what was written. */
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  readonly layers: number;
  readonly bytes: number;
  /** What the input had and a document cannot hold. */
  readonly lostOnImport: readonly FileLoss[];
  /** What the document had and the output cannot hold. */
  readonly lostOnExport: readonly FileLoss[];
}

/** What imports a file. */
export interface Imported {
  readonly kind: FileKind;
  readonly losses: readonly FileLoss[];
  readonly layers: number;
}

/**
 * Imports a picture file as a new document.
 * @param target where the document goes; nothing may lie there.
 * @param called the file's name as the user knows it.
 * @throws StudioError
 */
export async function importFile(
  source: string,
  target: string,
  progress: Progress,
  called: string = basename(source),
): Promise<Imported> {
  const picture = await readPictureFile(source, called);
  try {
    const more = await storePicture(picture, target, basename(called, extname(called)), progress);
    return {
      kind: picture.kind,
      losses: [...picture.losses, ...more],
      layers: countLayers(picture.layers),
    };
  } catch (error) {
    throw toStudioError(error, called);
  }
}

/** How a file is to be converted: as {@link ExportOptions}, and whether an earlier output may go. */
export interface ConvertOptions extends Omit<ExportOptions, 'kind'> {
  readonly overwrite: boolean;
  /** Hears, before anything is written, what the output will not hold. */
  readonly onLosses?: (onImport: readonly FileLoss[], onExport: readonly FileLoss[], layers: number) => void;
}

/**
 * Converts any kind of picture file to any other, by way of a document. The output is whole or not there.
 * @throws StudioError
 */
export async function convertFile(
  source: string,
  target: string,
  options: ConvertOptions,
  progress: Progress,
): Promise<Conversion> {
  const to = kindOfName(target);
  if (to === null)
    throw new StudioError(
      'files/unknown-kind',
      `The ending of ${basename(target)} says no format that can be written. Nothing was started.`,
      'Use .impasto, .psd, .psb, .ora, .png, .jpg, .webp, .avif, .tif or .exr.',
    );
  await checkTarget(target, options.overwrite, source);
  const from = await kindOfFile(source);
  const folder = await mkdtemp(join(tmpdir(), 'impasto-convert-'));
  try {
    const part = (start: number): Progress => ({
      report: (share, what) => progress.report(start + share / 2, what),
      signal: progress.signal,
    });
    const path = from === 'impasto' ? source : join(folder, 'document.impasto');
    const imported = from === 'impasto' ? null : await importFile(source, path, part(0));
    const document = openDocument(path);
    try {
      const lostOnImport = imported?.losses ?? document.state().notices.map(noticeAsLoss);
      return await exportTo(document, { from, to, target, lostOnImport, options }, part(0.5));
    } finally {
      document.close();
    }
  } catch (error) {
    throw ofConversion(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What was amiss in a document and made good, in the words of a list of what changed. */
function noticeAsLoss(notice: string): FileLoss {
  return { layer: null, feature: notice.replace(/^L/, 'l').replace(/\.$/, ''), outcome: 'changed' };
}

/** No stroke is at stake here, of which the documents' own error for a full disk speaks. */
function ofConversion(error: unknown): unknown {
  if (!(error instanceof StudioError) || error.code !== 'document/disk-full') return error;
  return new StudioError(
    'files/disk-full',
    'The disk is full. Nothing was written; the file that was read is untouched.',
    'Free 200 MB, or write to another disk.',
  );
}

interface Target {
  readonly from: SourceKind;
  readonly to: FileKind;
  readonly target: string;
  readonly lostOnImport: readonly FileLoss[];
  readonly options: ConvertOptions;
}

async function exportTo(
  document: StoredDocument,
  { from, to, target, lostOnImport, options }: Target,
  progress: Progress,
): Promise<Conversion> {
  const { width, height, depth, layers } = document.state();
  const factor = isLayered(to) ? 1 : (options.scale ?? 1);
  const lostOnExport = lossesOnExport(heldContent(document, to), to);
  options.onLosses?.(lostOnImport, lostOnExport, layers.length);
  const name = basename(target, extname(target));
  const bytes = await writeWhole(target, options.overwrite, async (part) => {
    if (to === 'impasto') document.copyTo(part, name);
    else return exportParts(document, { ...options, kind: to }, progress);
    return null;
  });
  return {
    from,
    to,
    width: scaledEdge(width, factor),
    height: scaledEdge(height, factor),
    depth,
    layers: layers.length,
    bytes,
    lostOnImport,
    lostOnExport,
  };
}

function isLayered(kind: FileKind): boolean {
  return kind === 'impasto' || kind === 'psd' || kind === 'psb' || kind === 'ora';
}
