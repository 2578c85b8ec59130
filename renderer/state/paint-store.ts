import { create } from 'zustand';
import type { GradientShape } from '../engine/layers/fill.ts';

/** Tools of the rail. */
export type ToolId =
  | 'brush'
  | 'eraser'
  | 'smudge'
  | 'fill'
  | 'gradient'
  | 'eyedropper'
  | 'rectangle'
  | 'ellipse'
  | 'lasso'
  | 'wand'
  | 'frame'
  | 'move'
  | 'transform'
  | 'crop'
  | 'liquify'
  | 'shape'
  | 'text'
  | 'drawing-ruler'
  | 'pan';

/** How wand and bucket look at the picture. */
export interface WandSettings {
  /** Largest difference of a channel that still counts as the same, 0 … 255. */
  tolerance: number;
  /** Only what hangs together with the place pointed at. */
  contiguous: boolean;
  /** Gaps in outlines up to this many pixels hold a fill back, 0 … 32. */
  closeGaps: number;
}

/** How the gradient tool lays colours. */
export interface GradientSettings {
  shape: GradientShape;
  /** What the colour in hand goes over into. */
  ends: 'background' | 'nothing';
  reverse: boolean;
  /** 0 … 1. */
  opacity: number;
  /** Noise of half a step against bands. */
  dither: boolean;
}

/** A brush's settings as the tool options show them. */
export interface BrushSettings {
  /** Name of the preset that the settings came from. */
  presetId: string;
  /** Diameter in document pixels at full pressure, 1 … 1000. */
  size: number;
  /** Cap of a whole stroke, 0 … 1. */
  opacity: number;
  /** Paint laid down by one dab, 0 … 1. */
  flow: number;
  /** 0 soft … 1 hard edge. */
  hardness: number;
  /** 0 raw … 10: averages level × 8 ms of input. */
  stabiliser: number;
}

/** How strokes repeat themselves on the other side of a line, or around a point. */
export interface SymmetrySettings {
  kind: 'off' | 'mirror' | 'mirror-both' | 'radial';
  /** Turn of the mirror's line, degrees clockwise from upright. */
  angle: number;
  /** Copies around the point, 2 … 16. */
  count: number;
  /** Where the lines cross, as parts of the canvas, 0 … 1. */
  x: number;
  y: number;
}

/** How a shaking hand is smoothed, beyond the brush's own level. */
export interface SmoothingSettings {
  /** Average: the mean of the last moments. String: the pen pulls the tip by a string. */
  mode: 'average' | 'string';
  /** Length of the string, 4 … 80 px of the screen. */
  stringLength: number;
  /** The line goes on to the pen while it rests. */
  catchUp: boolean;
  /** The line is drawn on to where the pen left. */
  finish: boolean;
}

/** What the hand holds; survives a restart. */
export interface PaintState {
  tool: ToolId;
  /** Brush, eraser and smudge keep their own settings. */
  brush: BrushSettings;
  eraser: BrushSettings;
  smudge: BrushSettings;
  wand: WandSettings;
  gradient: GradientSettings;
  symmetry: SymmetrySettings;
  /** What Y switches on again. */
  lastSymmetry: Exclude<SymmetrySettings['kind'], 'off'>;
  smoothing: SmoothingSettings;
  /** The brush in hand erases instead of painting. */
  brushErases: boolean;
  /** `#rrggbb`, sRGB. */
  foreground: string;
  background: string;
  /** Colours that were painted with, newest first. */
  recentColours: readonly string[];
}

/** Largest brush diameter in document pixels. */
export const MAX_BRUSH_SIZE = 1000;
const RECENT_LIMIT = 20;

/** The hand: chosen tool, its settings, colours. */
export const usePaint = create<PaintState>()(() => ({
  tool: 'brush',
  brush: { presetId: 'round', size: 24, opacity: 1, flow: 1, hardness: 0.85, stabiliser: 1 },
  eraser: { presetId: 'eraser', size: 32, opacity: 1, flow: 1, hardness: 0.9, stabiliser: 1 },
  smudge: { presetId: 'smudge', size: 50, opacity: 1, flow: 0.75, hardness: 0.4, stabiliser: 1 },
  wand: { tolerance: 24, contiguous: true, closeGaps: 0 },
  gradient: { shape: 'linear', ends: 'background', reverse: false, opacity: 1, dither: true },
  symmetry: { kind: 'off', angle: 0, count: 6, x: 0.5, y: 0.5 },
  lastSymmetry: 'mirror',
  smoothing: { mode: 'average', stringLength: 24, catchUp: true, finish: true },
  brushErases: false,
  foreground: '#1f3a5f',
  background: '#ffffff',
  recentColours: [],
}));

/** Tools that are brushes, each with settings of its own. */
export type BrushTool = 'brush' | 'eraser' | 'smudge';

/** True for a tool that paints with dabs. */
export function isBrushTool(tool: ToolId): tool is BrushTool {
  return tool === 'brush' || tool === 'eraser' || tool === 'smudge';
}

/** The settings that the current tool paints with: those of the eraser and of smudge are their own, otherwise the brush's. */
export function activeBrushKey({ tool }: PaintState): BrushTool {
  return isBrushTool(tool) ? tool : 'brush';
}

/** What was in hand before the present brush. */
const lastBrush: Partial<Record<BrushTool, BrushSettings>> = {};

/** Changes some settings of the brush in hand; values are clamped to their ranges. */
export function changeBrush(change: Partial<BrushSettings>): void {
  usePaint.setState((state) => {
    const key = activeBrushKey(state);
    const next = { ...state[key], ...change };
    if (next.presetId !== state[key].presetId) lastBrush[key] = state[key];
    return {
      [key]: {
        ...next,
        size: Math.min(MAX_BRUSH_SIZE, Math.max(1, next.size)),
        opacity: Math.min(1, Math.max(0.01, next.opacity)),
        flow: Math.min(1, Math.max(0.01, next.flow)),
        hardness: Math.min(1, Math.max(0, next.hardness)),
        stabiliser: Math.min(10, Math.max(0, Math.round(next.stabiliser))),
      },
    };
  });
}

/** Takes up the brush that was in hand before this one. */
export function chooseLastBrush(): void {
  const state = usePaint.getState();
  const key = activeBrushKey(state);
  const last = lastBrush[key];
  if (last) changeBrush(last);
}

/** Changes how strokes repeat themselves. */
export function changeSymmetry(change: Partial<SymmetrySettings>): void {
  usePaint.setState((state) => {
    const symmetry = { ...state.symmetry, ...change };
    return symmetry.kind === 'off' ? { symmetry } : { symmetry, lastSymmetry: symmetry.kind };
  });
}

/** Y: symmetry off, or the last kind on again. */
export function toggleSymmetry(): void {
  const { symmetry, lastSymmetry } = usePaint.getState();
  changeSymmetry({ kind: symmetry.kind === 'off' ? lastSymmetry : 'off' });
}

/** Changes how a shaking hand is smoothed. */
export function changeSmoothing(change: Partial<SmoothingSettings>): void {
  usePaint.setState((state) => ({ smoothing: { ...state.smoothing, ...change } }));
}

/** One press of `[` or `]`: the diameter by 10%, at least 1 px. */
export function stepBrushSize(direction: 1 | -1): void {
  const state = usePaint.getState();
  const { size } = state[activeBrushKey(state)];
  const step = Math.max(1, Math.round(size * 0.1));
  changeBrush({ size: Math.round(size + direction * step) });
}

/** Chooses a tool of the rail. */
export function chooseTool(tool: ToolId): void {
  usePaint.setState({ tool });
}

/** Sets the paint colour, `#rrggbb`. */
export function chooseForeground(colour: string): void {
  usePaint.setState({ foreground: colour.toLowerCase() });
}

/** X: foreground and background change places. */
export function swapColours(): void {
  usePaint.setState((state) => ({ foreground: state.background, background: state.foreground }));
}

/** D: black over white. */
export function resetColours(): void {
  usePaint.setState({ foreground: '#000000', background: '#ffffff' });
}

/** Notes that a colour was painted with; it moves to the front. */
export function noteColourUsed(colour: string): void {
  usePaint.setState((state) => {
    if (state.recentColours[0] === colour) return state;
    const others = state.recentColours.filter((each) => each !== colour);
    return { recentColours: [colour, ...others].slice(0, RECENT_LIMIT) };
  });
}
