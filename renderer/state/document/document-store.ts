import type { DocumentState, SavePoint } from '../../../preload/contract/index.ts';
import { create } from 'zustand';
import { DEFAULT_FORMAT, type DocumentFormat } from '../../engine/document-format.ts';
import type { LayerRecord } from '../../engine/layers/layer-record.ts';
import type { PlaneName } from '../../engine/layers/layer.ts';

/** Where the journal stands: the fact behind the word "Saved". */
export type SaveState =
  | { readonly kind: 'saved'; readonly at: number }
  | { readonly kind: 'saving'; readonly waiting: number }
  | { readonly kind: 'held'; readonly waiting: number; readonly reason: string };

/** One row of the history list. */
interface HistoryRow {
  readonly seq: number;
  readonly label: string;
}

/** The open document as panels show it: small plain data, never pixels. */
export interface DocumentView {
  open: boolean;
  id: string;
  name: string;
  path: string;
  width: number;
  height: number;
  /** Pixels per inch; null when nobody has said. */
  resolution: number | null;
  readOnly: string | null;
  readOnlyCause: DocumentState['readOnlyCause'];
  savePoints: readonly SavePoint[];
  /** A parent before its children, siblings bottom to top. */
  layers: readonly LayerRecord[];
  activeLayerId: string | null;
  /** Layers that are dealt with together: the active one, and others that were chosen with it. */
  chosenLayerIds: readonly string[];
  /** What of the active layer is painted on. */
  activePlane: PlaneName;
  /** The layer that is shown alone: while its eye is held down, or until its eye is pressed with Alt again. */
  soloLayerId: string | null;
  /** Depth and colour space. */
  format: DocumentFormat;
  history: readonly HistoryRow[];
  /** `seq` of the last applied step; `base` before the first. */
  head: number;
  /** `seq` that stands for the earliest state there is. */
  base: number;
  canUndo: boolean;
  canRedo: boolean;
  save: SaveState;
  /** Rises with every change of pixels or structure, at most once a frame: thumbnails follow it. */
  revision: number;
}

/** The open document's mirror for the panels. */
export const useDocument = create<DocumentView>()(() => ({
  open: false,
  id: '',
  name: '',
  path: '',
  width: 1,
  height: 1,
  resolution: null,
  readOnly: null,
  readOnlyCause: null,
  savePoints: [],
  layers: [],
  activeLayerId: null,
  chosenLayerIds: [],
  activePlane: 'pixels',
  soloLayerId: null,
  format: DEFAULT_FORMAT,
  history: [],
  head: 0,
  base: 0,
  canUndo: false,
  canRedo: false,
  save: { kind: 'saved', at: Date.now() },
  revision: 0,
}));

/** The record of the active layer, or undefined. */
export function activeLayer(state: DocumentView): LayerRecord | undefined {
  return state.layers.find((layer) => layer.id === state.activeLayerId);
}
