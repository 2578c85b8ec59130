import { extname } from 'node:path';
import { MAX_SEED, StudioError } from '../../preload/contract/index.ts';

/** Most pictures that one command makes. */
const MOST = 1000;

/**
 * The files of a batch: the one that is asked for, or with `--count` numbered ones beside it, padded so that they sort.
 *
 * @throws StudioError `cli/batch-size`, `cli/seed-too-large`
 */
export function batchFiles(out: string, batch: number | undefined, seed: number): string[] {
  if (batch === undefined) return [out];
  if (batch < 1 || batch > MOST) {
    throw new StudioError(
      'cli/batch-size',
      `--count is ${batch}; 1 to ${MOST} fit.`,
      'Choose another number.',
    );
  }
  if (seed > MAX_SEED - (batch - 1)) {
    throw new StudioError(
      'cli/seed-too-large',
      `The last of ${batch} seeds from ${seed} on is beyond ${MAX_SEED}.`,
      'Begin with a smaller seed.',
    );
  }
  const ending = extname(out);
  const stem = out.slice(0, out.length - ending.length);
  const digits = String(batch).length;
  return Array.from({ length: batch }, (_, i) => `${stem}-${String(i + 1).padStart(digits, '0')}${ending}`);
}
