import { create } from 'zustand';

/** A document that is being read, as it is shown meanwhile. */
export interface OpeningDocument {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Share of it that has been read, 0 … 1. */
  readonly share: number;
  /** Changes with each document that is opened, so that its picture is drawn anew. */
  readonly number: number;
  /** Goes back to what was open. */
  readonly cancel: () => void;
}

/** What is being opened, once that takes longer than a moment. */
export const useOpening = create<{ now: OpeningDocument | null }>()(() => ({ now: null }));
