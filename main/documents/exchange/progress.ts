import { StudioError } from '../../../preload/contract/index.ts';

/** Hears how far a piece of work is, and says when to stop. */
export interface Progress {
  /** @param share 0..1 @param what is done just now, such as a layer's name */
  report(share: number, what: string): void;
  readonly signal?: AbortSignal | undefined;
}

/** Work that nobody watches. */
export const SILENT: Progress = { report: () => {} };

/** @throws StudioError `files/stopped` once the work is to stop. */
export function throwIfStopped({ signal }: Progress): void {
  if (signal?.aborted)
    throw new StudioError(
      'files/stopped',
      'It was stopped. Nothing was written.',
      'Start it again when you like.',
    );
}
