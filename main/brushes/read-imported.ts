import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { StudioError } from '../../preload/contract/index.ts';
import type { ImportedFile } from '../../renderer/engine/brush/import/imported-brush.ts';
import { readBrushFile } from '../../renderer/engine/brush/import/read-brush-file.ts';
import { EngineError } from '../../renderer/engine/error.ts';

/** Reads another program's brushes from a file. @throws StudioError `brush/not-found`, `brush/unreadable` */
export async function readImportedBrushes(path: string): Promise<ImportedFile> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new StudioError(
      'brush/not-found',
      `${path} cannot be opened (${error instanceof Error ? error.message : String(error)}).`,
      'Choose another file.',
    );
  });
  try {
    return readBrushFile(bytes, basename(path), (text) => new TextDecoder().decode(text));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new StudioError('brush/unreadable', `${basename(path)}: ${error.message}`, 'Choose another file.');
  }
}
