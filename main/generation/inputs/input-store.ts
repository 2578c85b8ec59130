import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Raster } from '../../../preload/contract/index.ts';
import { writeDurably } from '../../storage/write-durably.ts';
import type { Mask } from '../../inference/protocol.ts';

/** Pixels that recipes name by hash: pictures to start from, masks, control pictures. */
export interface InputStore {
  /** Keeps RGBA pixels under their SHA-256; the file is on disk when this resolves. */
  readonly keepPicture: (raster: Raster, sha256: string) => Promise<void>;
  readonly keepMask: (mask: Mask, sha256: string) => Promise<void>;
  /** The pixels of that hash, or null when they are not here or not those any more. */
  readonly picture: (sha256: string) => Promise<Raster | null>;
  /** A mask as a white picture whose alpha is its coverage, which requests read back to the same bytes. */
  readonly mask: (sha256: string) => Promise<Raster | null>;
}

const KEY = /^[0-9a-f]{64}$/;

/**
 * Inputs of pictures under the data folder, as lossless PNGs named by the hash of their pixels. They are kept as long
 * as the results are: without them a picture cannot be made again.
 */
export function openInputStore(dataFolder: string): InputStore {
  const folder = join(dataFolder, 'inputs');
  const fileOf = (sha256: string): string => {
    // Hashes become file names.
    if (!KEY.test(sha256)) throw new TypeError(`${sha256} is no SHA-256`);
    return join(folder, `${sha256}.png`);
  };
  const keep = async (sha256: string, encode: () => Promise<Uint8Array>): Promise<void> => {
    const path = fileOf(sha256);
    if (existsSync(path)) return;
    await mkdir(folder, { recursive: true });
    await writeDurably(path, [await encode()]);
  };
  const read = async (sha256: string, channels: 1 | 4) => {
    try {
      const bytes = await readFile(fileOf(sha256));
      const image = channels === 1 ? sharp(bytes).extractChannel(0) : sharp(bytes).ensureAlpha();
      const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
      if (createHash('sha256').update(data).digest('hex') !== sha256) return null;
      return { width: info.width, height: info.height, bytes: new Uint8Array(data) };
    } catch {
      return null;
    }
  };

  return {
    keepPicture: ({ rgba, width, height }, sha256) =>
      keep(sha256, () => png(rgba, { width, height, channels: 4 })),
    keepMask: ({ coverage, width, height }, sha256) =>
      keep(sha256, () => png(coverage, { width, height, channels: 1 })),
    async picture(sha256) {
      const found = await read(sha256, 4);
      return found && { width: found.width, height: found.height, rgba: found.bytes };
    },
    async mask(sha256) {
      const found = await read(sha256, 1);
      if (found === null) return null;
      const { width, height, bytes } = found;
      const rgba = new Uint8Array(bytes.length * 4).fill(255);
      for (const [i, coverage] of bytes.entries()) rgba[4 * i + 3] = coverage;
      return { width, height, rgba };
    },
  };
}

function png(
  pixels: Uint8Array,
  raw: { width: number; height: number; channels: 1 | 4 },
): Promise<Uint8Array> {
  return sharp(pixels, { raw }).png({ compressionLevel: 6 }).toBuffer();
}
