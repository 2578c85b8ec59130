import { create } from 'zustand';

/** What the rulers at the canvas' edges count in. */
export const RULER_UNITS = ['px', 'mm', 'in', '%'] as const;

/** One of them. */
export type RulerUnit = (typeof RULER_UNITS)[number];

/** Which aids are seen and which are snapped to; survives a restart. What they are is the document's. */
export interface AidSettings {
  rulersShown: boolean;
  unit: RulerUnit;
  guidesShown: boolean;
  gridShown: boolean;
  /** Single pixels are ruled off from 800% on. */
  pixelGridShown: boolean;
  /** What is dragged comes to rest on the lines below, unless Ctrl is held. */
  snaps: boolean;
  snapToGuides: boolean;
  snapToGrid: boolean;
  /** Edges and middle of the canvas. */
  snapToCanvas: boolean;
  /** Edges and middles of layers. */
  snapToLayers: boolean;
  /** Drawing rulers are seen, and lead strokes. */
  drawingRulers: boolean;
}

/** Which aids are seen and which are snapped to. */
export const useAidSettings = create<AidSettings>()(() => ({
  rulersShown: false,
  unit: 'px',
  guidesShown: true,
  gridShown: false,
  pixelGridShown: true,
  snaps: true,
  snapToGuides: true,
  snapToGrid: true,
  snapToCanvas: true,
  snapToLayers: true,
  drawingRulers: true,
}));

/** Fields that survive a restart. */
export const KEPT_AID_SETTINGS: readonly (keyof AidSettings)[] = [
  'rulersShown',
  'unit',
  'guidesShown',
  'gridShown',
  'pixelGridShown',
  'snaps',
  'snapToGuides',
  'snapToGrid',
  'snapToCanvas',
  'snapToLayers',
  'drawingRulers',
];

/** Where what is dragged rests now, in document pixels; drawn as long as it does. */
export const useSnapLines = create<{ readonly x: number | null; readonly y: number | null }>()(() => ({
  x: null,
  y: null,
}));

/** Nothing rests any more. */
export function clearSnapLines(): void {
  const { x, y } = useSnapLines.getState();
  if (x !== null || y !== null) useSnapLines.setState({ x: null, y: null });
}

/** The window in which guides and grid are typed is open. */
export const useAidDialog = create<{ open: boolean }>()(() => ({ open: false }));
