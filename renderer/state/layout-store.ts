import { create } from 'zustand';
import { type Preset, windowClass } from './window-metrics.ts';

/** Colours of the chrome; the pasteboard never follows them. */
export type Theme = 'dark' | 'light' | 'contrast';

/** Size of targets: mouse 28, pen 36, touch 44 px. */
export type Density = 'mouse' | 'pen' | 'touch';

/** What composites the picture: a graphics card where there is a real one, or always the one or the other. */
export type CanvasDevice = 'auto' | 'gpu' | 'cpu';

/** Megabytes that one may choose for the open document's pixels; the rest lies in its file. */
export const PICTURE_MEMORY = [512, 1024, 2048, 4096] as const;

/** What they may take in this window: so much, or an eighth of the device's memory. */
export type PictureMemory = 'auto' | (typeof PICTURE_MEMORY)[number];

/** How the window is arranged; survives a restart. */
export interface LayoutState {
  preset: Preset;
  theme: Theme;
  density: Density;
  /** The person was asked once whether controls should be larger. */
  densityOffered: boolean;
  leftHanded: boolean;
  /** Pasteboard grey, `#rrggbb`. */
  pasteboard: string;
  /** Tab: everything but the canvas is hidden. */
  panelsHidden: boolean;
  /** What the wheel does, for devices that are guessed wrongly. */
  wheel: 'auto' | 'zoom' | 'pan';
  canvasDevice: CanvasDevice;
  pictureMemory: PictureMemory;
  windowWidth: number;
  windowHeight: number;
  commandPaletteOpen: boolean;
  shortcutsOpen: boolean;
  documentsOpen: boolean;
  newDocumentOpen: boolean;
  saveAsOpen: boolean;
  /** Which size of the picture is being asked for. */
  pictureSizeOpen: 'image' | 'canvas' | null;
  saveSelectionOpen: boolean;
  /** The outline of the selection is drawn. */
  selectionShown: boolean;
  /** The bar under the selection is wanted. */
  selectionBar: boolean;
  timeLapseOpen: boolean;
  gridOpen: boolean;
  brushEditorOpen: boolean;
  /** What of imported brushes does not map; empty while nothing is to be said. */
  importReport: readonly { readonly name: string; readonly notes: readonly string[] }[];
  /** The fill or adjustment layer whose settings are open, if any. */
  editedLayerId: string | null;
  /** What names of layers are looked for; null while nobody looks. */
  layerQuery: string | null;
  /** The layer whose name is being written, if any. */
  renamedLayerId: string | null;
  /** The save point whose name is being written, if any. */
  namingSavePoint: number | null;
  /** Folded panels by id. */
  folded: Readonly<Record<string, boolean>>;
  /** The fly-out that is open in a small window, by its name. */
  flyOut: string | null;
  /** The list in front, for each place of a dock that lists share, by the place's name. */
  inFront: Readonly<Record<string, string>>;
}

/** The window's arrangement. */
export const useLayout = create<LayoutState>()(() => ({
  preset: 'paint',
  theme: 'dark',
  density: 'mouse',
  densityOffered: false,
  leftHanded: false,
  pasteboard: '#595959',
  panelsHidden: false,
  wheel: 'auto',
  canvasDevice: 'auto',
  pictureMemory: 'auto',
  windowWidth: window.innerWidth,
  windowHeight: window.innerHeight,
  commandPaletteOpen: false,
  shortcutsOpen: false,
  documentsOpen: false,
  newDocumentOpen: false,
  saveAsOpen: false,
  pictureSizeOpen: null,
  saveSelectionOpen: false,
  selectionShown: true,
  selectionBar: true,
  timeLapseOpen: false,
  gridOpen: false,
  brushEditorOpen: false,
  importReport: [],
  editedLayerId: null,
  layerQuery: null,
  renamedLayerId: null,
  namingSavePoint: null,
  folded: {},
  flyOut: null,
  inFront: {},
}));

/** Pasteboard greys on offer: 3%, 10% and 18% of white, and paper for print proofs. */
export const PASTEBOARDS = [
  { hex: '#303030', name: 'Dark, 3% of white' },
  { hex: '#595959', name: 'Middle, 10% of white' },
  { hex: '#777777', name: 'Light, 18% of white' },
  { hex: '#e2e2e2', name: 'Paper, for print proof' },
] as const;

/** Shows the other preset, leaving everything else as it is. */
export function choosePreset(preset: Preset): void {
  useLayout.setState({ preset, panelsHidden: false });
}

/** Brings a list of a shared place of a dock to the front. */
export function bringToFront(place: string, list: string): void {
  useLayout.setState((state) => ({ inFront: { ...state.inFront, [place]: list } }));
}

/**
 * Shows a list about pictures wherever this window has it: unfolded, in front of those that share its place, or flown out
 * of its strip of icons.
 */
export function showPictures(list: 'gallery' | 'queue'): void {
  choosePreset('generate');
  useLayout.setState(({ folded, windowWidth, windowHeight }) => ({
    folded: { ...folded, [list]: false },
    flyOut: windowClass(windowWidth, windowHeight) === 'compact' ? list : null,
  }));
  for (const place of ['pictures', 'results']) bringToFront(place, list);
}

/** Begins to write a layer's name, wherever this window has the layers. */
export function renameLayer(id: string): void {
  bringToFront('layers', 'layers');
  useLayout.setState(({ windowWidth, windowHeight }) => ({
    renamedLayerId: id,
    panelsHidden: false,
    flyOut: windowClass(windowWidth, windowHeight) === 'compact' ? 'layers' : null,
  }));
}

/** Folds a panel to its header or unfolds it. */
export function toggleFolded(panel: string): void {
  useLayout.setState((state) => ({ folded: { ...state.folded, [panel]: !(state.folded[panel] ?? false) } }));
}
