import { StudioError } from '../../preload/contract/index.ts';

/** The error for a change that does not fit the document. */
export function refuse(code: string, message: string): StudioError {
  return new StudioError(
    `document/${code}`,
    message,
    'Nothing was changed. Reload the document and try again.',
  );
}
