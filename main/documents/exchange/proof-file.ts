import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDocument } from '../document.ts';
import { type ConvertOptions, importFile } from './convert-file.ts';
import { type ProofIntent, StudioError } from '../../../preload/contract/index.ts';
import { loadProfile } from './convert-profile.ts';
import { documentProfile } from './document-profile.ts';
import { encodeRaster, overBackground, type RasterKind } from './encode-raster.ts';
import { kindOfName } from './file-kind.ts';
import { flattenStored } from './flatten-stored.ts';
import type { Progress } from './progress.ts';
import { kindOfFile } from './read-picture-file.ts';
import { softProof } from './soft-proof.ts';
import { checkTarget, writeWhole } from './write-whole.ts';

/** How a proof is to be made. */
export interface ProofOptions extends ConvertOptions {
  /** Path of the press' ICC profile. */
  readonly press: string;
  /** Paints grey what the press cannot print. */
  readonly warn: boolean;
  readonly intent?: ProofIntent | undefined;
}

/**
 * Writes what a press would print of a picture file, as sRGB over white paper.
 * @returns the share of the picture that the press cannot print, 0..1
 * @throws StudioError
 */
export async function proofFile(
  source: string,
  target: string,
  options: ProofOptions,
  progress: Progress,
): Promise<{ outOfGamut: number }> {
  const kind = kindOfName(target);
  const flat: readonly RasterKind[] = ['png', 'jpeg', 'webp', 'avif', 'tiff'];
  const written = flat.find((name) => name === kind);
  if (!written)
    throw new StudioError(
      'files/not-flat',
      `A proof is a flat picture, which ${target} is not. Nothing was started.`,
      'Write .png, .jpg, .webp, .avif or .tif.',
    );
  await checkTarget(target, options.overwrite, source);
  const press = await loadProfile(options.press);
  const folder = await mkdtemp(join(tmpdir(), 'impasto-proof-'));
  try {
    const isDocument = (await kindOfFile(source)) === 'impasto';
    const path = isDocument ? source : join(folder, 'document.impasto');
    if (!isDocument) await importFile(source, path, progress);
    const document = openDocument(path);
    try {
      const picture = overBackground(
        await flattenStored(document, progress),
        options.background ?? [255, 255, 255],
      );
      const proof = await softProof(picture, await documentProfile(document.state()), press, options);
      const { quality = 90 } = options;
      await writeWhole(target, options.overwrite, () =>
        encodeRaster(proof.picture, { kind: written, quality, resolution: document.resolution() }),
      );
      return { outOfGamut: proof.outOfGamut };
    } finally {
      document.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
