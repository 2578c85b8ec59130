import type { Envelope } from '../../preload/contract/index.ts';

type Failure = Extract<Envelope<never>, { ok: false }>;

/** Answers that the page gives itself when the link cannot carry a request. */
export const LINK_FAILURES = {
  restarted: failure(
    'link/studio-restarted',
    'The studio was restarted, so it is not known whether this was done.',
    'Reload the page to see how things stand.',
  ),
  refused: failure(
    'link/refused',
    'The studio does not know this page any more.',
    'Open the address that the studio printed when it started.',
  ),
  silent: failure(
    'link/no-answer',
    'The studio cannot be reached, and these pixels are not in this window.',
    'Wait until the link is back, then do it again. Nothing was changed.',
  ),
  malformed: failure(
    'link/malformed',
    'The studio could not read what this page sent; nothing was changed.',
    'Reload the page: it may be of another version than the studio.',
  ),
} as const;

/** For a request of `bytes` bytes where a frame may have `limit`. */
export function tooLarge(bytes: number, limit: number): Failure {
  return failure(
    'link/request-too-large',
    `This takes ${megabytes(bytes)} MB at once; the link to a browser carries ${megabytes(limit)} MB.`,
    'Do it in smaller parts, or use the desktop studio.',
  );
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}

function failure(code: string, message: string, remedy: string): Failure {
  return { ok: false, error: { code, message, remedy } };
}
