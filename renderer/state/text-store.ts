import { create } from 'zustand';
import type { LayerText } from '../engine/layers/layer-text.ts';

/** Text that is being written. */
export interface TextEdit {
  readonly layerId: string;
  /** Its layer comes with it. */
  readonly isNew: boolean;
  readonly text: LayerText;
}

/** A part of the words, in UTF-16 units. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

interface TextState {
  /** The text that is being written; null while none is. */
  readonly edit: TextEdit | null;
  /** The letters that are chosen to look otherwise; null: all of them. */
  readonly range: TextRange | null;
}

/** The text that is being written, and which of its letters are chosen. */
export const useText = create<TextState>()(() => ({ edit: null, range: null }));
