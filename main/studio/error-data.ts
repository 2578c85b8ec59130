import { StudioError, type StudioErrorData } from '../../preload/contract/index.ts';
import { ModelError } from '../../native-models/errors.ts';
import { InferenceError } from '../inference/errors.ts';

/** Said to a person when something failed that nobody foresaw; details go to the log only. */
const BUG: StudioErrorData = {
  code: 'studio/bug',
  message: 'Something in Impasto itself went wrong; your documents and results are safe on disk.',
  remedy: 'Try again. If it returns, report it with the log.',
};

/** Said wherever a write found no room and nobody nearer has said what is safe. */
const DISK_FULL: StudioErrorData = {
  code: 'studio/disk-full',
  message: 'The disk is full. What was there before is untouched; what was being written is not kept.',
  remedy: 'Free 200 MB, then try again.',
};

/** True for what Node and SQLite throw when there is no room, or no room within a quota. */
function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL';
}

/** Turns what was thrown into what crosses the boundary, or null when it is a bug rather than an expected failure. */
export function expectedErrorData(error: unknown): StudioErrorData | null {
  if (error instanceof StudioError) return error.toData();
  if (error instanceof ModelError) {
    return { code: `model/${error.code}`, message: error.message, remedy: error.remedy };
  }
  if (error instanceof InferenceError) {
    return { code: error.code, message: error.message, remedy: error.remedy };
  }
  if (isDiskFull(error)) return DISK_FULL;
  return null;
}

/** As {@link expectedErrorData}, with bugs told to `log` and named `studio/bug`. */
export function toErrorData(error: unknown, log: (error: unknown) => void): StudioErrorData {
  const expected = expectedErrorData(error);
  if (expected) return expected;
  log(error);
  return BUG;
}
