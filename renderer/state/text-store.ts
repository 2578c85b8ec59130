import { create } from 'zustand';
import type { LayerText } from '../engine/layers/layer-text.ts';

/** Text that is being written. */
export interface TextEdit {
  readonly layerId: string;
  /** Its layer comes with it. */
  readonly isNew: boolean;
  readonly text: LayerText;
}

/** The text that is being written; null while none is. */
export const useText = create<{ edit: TextEdit | null }>()(() => ({ edit: null }));
