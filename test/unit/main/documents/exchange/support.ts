import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { openDocument, type StoredDocument } from '../../../../../main/documents/document.ts';
import { convertToRgb } from '../../../../../main/documents/exchange/convert-colour.ts';
import { flattenStored } from '../../../../../main/documents/exchange/flatten-stored.ts';
import { SILENT } from '../../../../../main/documents/exchange/progress.ts';
import type { FlatPicture } from '../../../../../main/documents/exchange/raster.ts';
import { readPicture } from '../../../../../main/documents/exchange/read-picture-file.ts';
import { storePicture } from '../../../../../main/documents/exchange/store-picture.ts';
import type { PsdHost } from '../../../../../renderer/engine/formats/psd/read-psd.ts';

/** What the studio gives to the readers and writers of PSD. */
export const psdHost: PsdHost = {
  inflate: (data, limit) => inflateSync(data, { maxOutputLength: limit }),
  convert: convertToRgb,
};
export const deflate = (data: Uint8Array): Uint8Array => deflateSync(data);

/** Runs with an empty folder that is removed afterwards. */
export async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'impasto-exchange-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Imports a file's bytes as a document and runs with it. */
export async function withDocument<T>(
  bytes: Uint8Array,
  name: string,
  run: (document: StoredDocument) => Promise<T>,
): Promise<T> {
  return inFolder(async (folder) => {
    const path = join(folder, 'document.impasto');
    await storePicture(await readPicture(bytes, name), path, 'document', SILENT);
    const document = openDocument(path);
    try {
      return await run(document);
    } finally {
      document.close();
    }
  });
}

/** What a file's bytes look like when they have become a document. */
export function flattenBytes(bytes: Uint8Array, name: string): Promise<FlatPicture> {
  return withDocument(bytes, name, (document) => flattenStored(document, SILENT));
}

/** Reproducible whole numbers from 0 up to `limit`, the last not counted (mulberry32). */
export function numbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}
