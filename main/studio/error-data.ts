import { StudioError, type StudioErrorData } from '../../preload/contract/index.ts';
import { ModelError } from '../../native-models/errors.ts';
import { InferenceError } from '../inference/errors.ts';

/** Said to a person when something failed that nobody foresaw; details go to the log only. */
const BUG: StudioErrorData = {
  code: 'studio/bug',
  message: 'Something in Impasto itself went wrong; your documents and results are safe on disk.',
  remedy: 'Try again. If it returns, report it with the log.',
};

/** Turns what was thrown into what crosses the boundary, or null when it is a bug rather than an expected failure. */
export function expectedErrorData(error: unknown): StudioErrorData | null {
  if (error instanceof StudioError) return error.toData();
  if (error instanceof ModelError) {
    return { code: `model/${error.code}`, message: error.message, remedy: error.remedy };
  }
  if (error instanceof InferenceError) {
    return { code: error.code, message: error.message, remedy: error.remedy };
  }
  return null;
}

/** As {@link expectedErrorData}, with bugs told to `log` and named `studio/bug`. */
export function toErrorData(error: unknown, log: (error: unknown) => void): StudioErrorData {
  const expected = expectedErrorData(error);
  if (expected) return expected;
  log(error);
  return BUG;
}
