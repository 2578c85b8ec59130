import { open, readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { inflateSync } from 'node:zlib';
import { StudioError } from '../../../preload/contract/index.ts';
import { foreignFormat, HEAD_BYTES } from '../../../renderer/engine/formats/foreign-format.ts';
import {
  fileRecord,
  type FileLoss,
  FormatError,
  type LayeredPicture,
} from '../../../renderer/engine/formats/picture-file.ts';
import type { Rect } from '../../../renderer/engine/geometry/rect.ts';
import { isXcf, readXcf } from '../../../renderer/engine/formats/xcf/read-xcf.ts';
import { readPsd } from '../../../renderer/engine/formats/psd/read-psd.ts';
import { readRecipes } from '../png-recipe.ts';
import { convertToRgb } from './convert-colour.ts';
import { decodeRaster, type DecodedRaster } from './decode-raster.ts';
import { decodeExr } from './decode-exr.ts';
import { type FileKind, kindOfBytes, kindOfName, type SourceKind, sourceKindOfBytes } from './file-kind.ts';
import type { FlatPicture } from './raster.ts';
import { profileSpace } from './profiles.ts';
import { readArchive } from './read-archive.ts';

/** Largest file that is read, 4 GB: what ag-psd and ArrayBuffers hold. */
const MAX_FILE_BYTES = 4 * 2 ** 30 - 2 ** 16;

/**
 * Reads a picture file of any kind but `.impasto`. What its bytes say counts, not its name.
 * @throws StudioError `files/…`, with the reason and what can be done
 */
export async function readPictureFile(
  path: string,
  name: string = basename(path),
): Promise<LayeredPicture & { readonly kind: FileKind }> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile())
    throw new StudioError('files/not-found', `There is no file at ${path}.`, 'Choose another file.');
  if (facts.size > MAX_FILE_BYTES)
    throw new StudioError(
      'files/too-large',
      `${name} has ${(facts.size / 2 ** 30).toFixed(1)} GB; up to 4 GB can be read. Nothing was changed.`,
      'Save it smaller, or in parts.',
    );
  return readPicture(new Uint8Array(await readFile(path)), name);
}

/** The kind of file that lies somewhere, by its first bytes. @throws StudioError `files/not-found`, `files/unknown-kind` */
export async function kindOfFile(path: string): Promise<SourceKind> {
  const name = basename(path);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory())
    throw new StudioError('files/not-found', `${path} is a folder. Nothing was changed.`, 'Name a file.');
  const file = await open(path).catch(() => null);
  if (!file) throw new StudioError('files/not-found', `There is no file at ${path}.`, 'Choose another file.');
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    return sourceKindOfBytes(head) ?? otherKind(head, name);
  } finally {
    await file.close();
  }
}

/**
 * The kind of a file whose first bytes are of none that is read: by its name, unless it is known to be something else.
 * @throws StudioError `files/unknown-kind`
 */
function otherKind(head: Uint8Array, name: string): FileKind {
  const foreign = foreignFormat(head, name);
  const kind = kindOfName(name);
  if (kind !== null && !foreign) return kind;
  throw new StudioError(
    'files/unknown-kind',
    foreign
      ? `${name} is ${foreign.name}, which Impasto does not read. Nothing was changed.`
      : `${name} is no picture that Impasto knows. Nothing was changed.`,
    foreign?.remedy ??
      'It reads .impasto, .psd, .psb, .ora, .png, .jpg, .webp, .avif, .tif, .gif, .exr, .kra and .xcf.',
  );
}

/** The same from bytes. @throws StudioError `files/…` */
export async function readPicture(
  bytes: Uint8Array,
  name: string,
): Promise<LayeredPicture & { readonly kind: FileKind }> {
  refuseEmpty(bytes, name);
  const kind = kindOfBytes(bytes) ?? otherKind(bytes, name);
  if (kind === 'impasto')
    throw new StudioError(
      'files/unknown-kind',
      `${name} is no picture of another program. Nothing was changed.`,
      'Open it as a document.',
    );
  try {
    return { ...(await readKind(bytes, kind, name)), kind };
  } catch (error) {
    throw toStudioError(error, name);
  }
}

/** @throws StudioError `files/empty` for a file of no bytes. */
export function refuseEmpty(bytes: Uint8Array, name: string): void {
  if (bytes.byteLength > 0) return;
  throw new StudioError(
    'files/empty',
    `${name} is empty (0 bytes). Nothing was changed.`,
    'Choose another file.',
  );
}

/** A reader's complaint as an error for a person; anything else passes as it is. */
export function toStudioError(error: unknown, name: string): unknown {
  if (!(error instanceof FormatError)) return error;
  return new StudioError(
    'files/unreadable',
    `${name} cannot be read: ${lowerFirst(error.message)} Nothing was changed.`,
    error.remedy,
  );
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0]?.toLowerCase() + text.slice(1) : text;
}

/** Kinds that are not documents of our own. */
type ForeignKind = Exclude<FileKind, 'impasto'>;

async function readKind(bytes: Uint8Array, kind: ForeignKind, name: string): Promise<LayeredPicture> {
  switch (kind) {
    case 'psd':
    case 'psb':
      return readPsd(bytes, { inflate, convert: convertToRgb });
    case 'ora': {
      if (isXcf(bytes)) return ofRgb(readXcf(bytes, inflate));
      const found = await readArchive(bytes);
      return found.type === 'layers' ? ofRgb(found.picture) : merged(found.raster, found.program, name);
    }
    case 'exr': {
      const { picture, canvas, clipped, parts } = await decodeExr(bytes);
      const lost = [
        ...(clipped ? ['Light brighter than white'] : []),
        ...(parts > 1 ? [`${parts - 1} of ${parts} parts`] : []),
      ];
      return flat(
        picture,
        name,
        null,
        lost.map((feature) => ({ layer: null, feature, outcome: 'left-out' })),
        canvas,
      );
    }
    case 'png':
    case 'jpeg':
    case 'webp':
    case 'avif':
    case 'tiff': {
      const { picture, resolution, losses } = await decodeRaster(bytes);
      const whole = flat(picture, name, resolution, losses);
      const recipe = kind === 'png' ? readRecipes(bytes)[0]?.recipe : undefined;
      const [layer] = whole.layers;
      if (recipe === undefined || !layer) return whole;
      return { ...whole, layers: [{ ...layer, record: { ...layer.record, kind: 'generated', recipe } }] };
    }
  }
}

/** Without a profile that is none of RGB, which is said. */
function ofRgb(picture: LayeredPicture): LayeredPicture {
  const { profile, losses } = picture;
  if (!profile || profileSpace(profile) === 'RGB ') return picture;
  const loss: FileLoss = { layer: null, feature: 'Colour profile that is none of RGB', outcome: 'changed' };
  return { ...picture, profile: null, losses: [...losses, loss] };
}

function inflate(data: Uint8Array, limit: number): Uint8Array {
  return inflateSync(data, { maxOutputLength: limit });
}

/** Another program's layered file as it was seen, which is said. */
function merged(
  { picture, resolution, losses }: DecodedRaster,
  program: string,
  name: string,
): LayeredPicture {
  const feature = `${program}'s layers (save it there as .psd or .ora to keep them)`;
  return flat(picture, name, resolution, [...losses, { layer: null, feature, outcome: 'pixels' }]);
}

/**
 * A flat picture as one layer that is called like its file.
 * @param canvas where the canvas lies over the picture; on it when left out.
 */
function flat(
  picture: FlatPicture,
  name: string,
  resolution: number | null,
  losses: readonly FileLoss[],
  canvas: Rect = { x: 0, y: 0, width: picture.width, height: picture.height },
): LayeredPicture {
  const { width, height, depth, profile, data } = picture;
  const record = fileRecord({ name: basename(name, extname(name)).slice(0, 256) || 'Picture' });
  return {
    width: canvas.width,
    height: canvas.height,
    depth,
    profile,
    resolution,
    guides: [],
    grid: null,
    layers: [
      {
        record,
        pixels: async () => ({ x: 0 - canvas.x, y: 0 - canvas.y, width, height, data }),
        mask: null,
        children: [],
      },
    ],
    losses,
  };
}
