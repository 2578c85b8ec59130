import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { StudioError } from '../../preload/contract/index.ts';
import { foreignFormat, HEAD_BYTES } from '../../renderer/engine/formats/foreign-format.ts';
import { sourceKindOfBytes } from '../documents/exchange/file-kind.ts';

/** How kinds of picture files that say nothing of how they were made are called. */
const SILENT_KINDS: ReadonlySet<string> = new Set([
  'psd',
  'psb',
  'ora',
  'kra',
  'xcf',
  'avif',
  'tiff',
  'exr',
  'gif',
]);

/**
 * Refuses files of which there is nothing to say, by what they are; folders and everything else pass.
 * @throws StudioError `cli/nothing-to-say`
 */
export async function refuseOtherFiles(path: string): Promise<void> {
  const file = await open(path).catch(() => null);
  if (!file) return;
  try {
    if (!(await file.stat()).isFile()) return;
    const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    const kind = sourceKindOfBytes(head);
    // PyTorch's files are archives, too, and are somebody else's to refuse.
    const isPicture =
      kind !== null && SILENT_KINDS.has(kind) && !(kind === 'ora' && !/\.(?:ora|zip)$/i.test(path));
    const what = isPicture ? `a picture (${kind})` : foreignFormat(head, '')?.name;
    if (what === undefined) return;
    throw new StudioError(
      'cli/nothing-to-say',
      `${basename(path)} is ${what}, of which there is nothing to say here.`,
      'Name a model, a PNG, JPEG or WebP picture, or brushes.',
    );
  } finally {
    await file.close();
  }
}
