import { createStore } from 'zustand/vanilla';

/** Pixels across and down that the loupe shows. */
export const LOUPE_PIXELS = 11;

/** What is seen around the eyedropper while it is down. */
interface Loupe {
  /** The pointer, in device pixels of the canvas. */
  readonly screenX: number;
  readonly screenY: number;
  /** The colours around it row by row, CSS notation; null outside the canvas. */
  readonly around: readonly (string | null)[];
  /** What would be taken, and what is in hand since before. */
  readonly fresh: string;
  readonly former: string;
}

/** The loupe of the eyedropper; null while it is up. */
export const loupe = createStore<{ shown: Loupe | null }>()(() => ({ shown: null }));
