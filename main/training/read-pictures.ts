import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { StudioError } from '../../preload/contract/index.ts';
import { bucketFor, listBuckets } from './buckets.ts';
import type { TrainingPicture } from './training-job.ts';

/** A file that is not trained on, and why. */
export interface SkippedPicture {
  readonly name: string;
  readonly reason: string;
}

/** A folder as it is trained on. */
export interface PictureFolder {
  readonly pictures: readonly TrainingPicture[];
  readonly skipped: readonly SkippedPicture[];
  /** Pictures without a caption of their own. */
  readonly uncaptioned: number;
}

const endings = new Set(['.png', '.jpg', '.jpeg', '.webp', '.avif', '.tif', '.tiff', '.gif']);
/** More would not fit into memory as pixels; a LoRA is trained on a few dozen. */
const MOST_PICTURES = 500;
const MOST_CAPTION = 2000;

/**
 * Reads a folder of pictures with their captions: `boat.png` and beside it `boat.txt`, as kohya's trainer has it. Each picture is
 * scaled to cover the bucket nearest to its shape, and what stands over is cut off evenly; transparency is laid on white. A
 * picture without a caption takes the trigger alone, or none. Files are taken in the order of their names.
 *
 * @param size side of a square picture, `multiple` what sides are multiples of, in pixels.
 * @param trigger stands before each caption that does not have it.
 * @throws StudioError `training/no-folder`, `training/no-pictures`, `training/too-many-pictures`
 */
export async function readPictures(
  folder: string,
  size: number,
  multiple: number,
  trigger: string | null,
): Promise<PictureFolder> {
  const names = await readdir(folder).catch(() => null);
  if (names === null) {
    throw new StudioError(
      'training/no-folder',
      `There is no folder ${folder}.`,
      'Check the path of --pictures.',
    );
  }
  const files = names.filter((name) => endings.has(path.extname(name).toLowerCase())).toSorted();
  if (files.length > MOST_PICTURES) {
    throw new StudioError(
      'training/too-many-pictures',
      `${folder} has ${files.length} pictures; ${MOST_PICTURES} fit.`,
      'Choose those that show best what is to be learnt; 10 to 50 are enough.',
    );
  }
  const buckets = listBuckets(size, multiple);
  const pictures: TrainingPicture[] = [];
  const skipped: SkippedPicture[] = [];
  let uncaptioned = 0;
  for (const name of files) {
    const file = path.join(folder, name);
    try {
      const image = await readPicture(file, buckets);
      const own = await readCaption(file);
      if (own === null) uncaptioned += 1;
      pictures.push({ name, image, caption: withTrigger(own ?? '', trigger) });
    } catch (error) {
      skipped.push({ name, reason: firstLine(error) });
    }
  }
  if (pictures.length > 0) return { pictures, skipped, uncaptioned };
  const why = skipped[0] === undefined ? '' : ` (${skipped[0].name}: ${skipped[0].reason})`;
  throw new StudioError(
    'training/no-pictures',
    `${folder} has no picture that can be read${why}.`,
    'Put 10 to 50 pictures there: .png, .jpg, .webp, .avif, .tif or .gif.',
  );
}

async function readPicture(file: string, buckets: ReturnType<typeof listBuckets>) {
  const upright = sharp(file, { failOn: 'error' }).autoOrient();
  const { autoOrient } = await upright.metadata();
  const { width, height } = bucketFor(autoOrient.width, autoOrient.height, buckets);
  const { data, info } = await upright
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .resize(width, height, { fit: 'cover', kernel: 'lanczos3' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 4) throw new Error(`it has ${info.channels} channels`);
  return { width, height, rgba: new Uint8Array(data) };
}

/** The text beside a picture, on one line; null where there is none. */
async function readCaption(file: string): Promise<string | null> {
  const beside = path.join(path.dirname(file), `${path.basename(file, path.extname(file))}.txt`);
  const found = await stat(beside).catch(() => null);
  if (!found?.isFile()) return null;
  if (found.size > MOST_CAPTION * 4) throw new Error(`its caption is longer than ${MOST_CAPTION} characters`);
  const text = (await readFile(beside, 'utf8'))
    .replace(/^\uFEFF/, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return text === '' ? null : text;
}

function withTrigger(caption: string, trigger: string | null): string {
  if (trigger === null || caption.toLowerCase().includes(trigger.toLowerCase())) return caption;
  return caption === '' ? trigger : `${trigger}, ${caption}`;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 200) ?? '';
}
