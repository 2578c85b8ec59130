import { createStore } from 'zustand/vanilla';
import type { PaintDocument } from '../engine/document.ts';
import type { Layer } from '../engine/layers/layer.ts';
import type { DocumentSession } from './document/document-session.ts';

/** A selection that is being painted with brushes. */
export interface PaintedSelection {
  readonly session: DocumentSession;
  /** What the brushes paint on: the mask of its one layer. */
  readonly sheet: PaintDocument;
  readonly layer: Layer;
  /** Makes what is painted the selection. */
  keep(): void;
  stop(): void;
}

/** The selection that is being painted; null while brushes paint the picture. Held as a whole: its pixels are not data of the store. */
export const paintedSelection = createStore<{ now: PaintedSelection | null }>()(() => ({ now: null }));
