import { create } from 'zustand';
import type { RulerKind } from '../engine/aids/aids.ts';
import type { SelectionMode } from '../engine/selection/combine.ts';

/** Which pixels a tool looks at. */
export type PixelSource = 'visible' | 'layer' | 'below';

/** How the tools that select work. */
export interface SelectSettings {
  /** How a new selection joins the one there is, when no key says otherwise. */
  mode: SelectionMode;
  /** Soft edge in document pixels, 0 … 250. */
  feather: number;
  /** What rectangle and ellipse keep: nothing, a ratio of edges, or a size in pixels. */
  constraint: 'free' | 'ratio' | 'size';
  width: number;
  height: number;
  /** What a lasso draws: a free line, or straight sides from click to click. */
  lasso: 'free' | 'polygon';
  /** Pixels by which Grow, Shrink, Feather, Smooth and Border change a selection, 1 … 250. */
  amount: number;
}

/** What the wand adds to its tolerance; the bucket shares all of it but `expand` and `softRange`. */
export interface LikeSettings {
  source: PixelSource;
  antiAlias: boolean;
  /** Pixels by which what was found grows, or shrinks below 0, -32 … 32. */
  expand: number;
  /** The wand selects softly by colour, wherever it occurs. */
  softRange: boolean;
}

/** What the bucket has for itself. */
export interface BucketSettings {
  /** Pixels by which what was found grows, or shrinks below 0, -32 … 32; 1 reaches under the soft edge of an outline. */
  expand: number;
}

/** How the eyedropper looks. */
export interface PickSettings {
  /** Edge of the square that is averaged, in document pixels. */
  size: 1 | 3 | 5 | 11;
  source: PixelSource;
}

/** Forms of the shape tool. */
export const SHAPE_KINDS = ['line', 'rectangle', 'ellipse', 'polygon', 'star'] as const;

/** One of them. */
export type ShapeKind = (typeof SHAPE_KINDS)[number];

/** How shapes are drawn. */
export interface ShapeSettings {
  kind: ShapeKind;
  fill: boolean;
  stroke: boolean;
  /** Width of outlines in document pixels, 1 … 500. */
  lineWidth: number;
  /** Corners of a polygon, points of a star, 3 … 64. */
  corners: number;
  /** Radius of a star's inner corners as a share of its outer ones, 0.05 … 0.95. */
  inner: number;
  /** Radius of a rectangle's corners in document pixels. */
  rounding: number;
}

/** How new text is set. */
export interface TextSettings {
  font: string;
  /** Height of a line's letters in document pixels, 4 … 2000. */
  size: number;
  weight: 400 | 700;
  italic: boolean;
  align: 'left' | 'center' | 'right' | 'justify';
  /** Distance of lines as a multiple of the size, 0.5 … 3. */
  leading: number;
  /** What is added between letters, as a multiple of the size, -0.2 … 2. */
  spacing: number;
}

/** What the tool for drawing rulers makes. */
export interface DrawingRulerSettings {
  kind: RulerKind;
}

/** Settings of the tools that are not brushes; they survive a restart. */
export interface ToolSettings {
  select: SelectSettings;
  like: LikeSettings;
  bucket: BucketSettings;
  pick: PickSettings;
  shape: ShapeSettings;
  text: TextSettings;
  drawingRuler: DrawingRulerSettings;
}

/** Settings of the tools that are not brushes. */
export const useTools = create<ToolSettings>()(() => ({
  select: {
    mode: 'replace',
    feather: 0,
    constraint: 'free',
    width: 1,
    height: 1,
    lasso: 'free',
    amount: 4,
  },
  like: { source: 'visible', antiAlias: true, expand: 0, softRange: false },
  bucket: { expand: 1 },
  pick: { size: 1, source: 'visible' },
  shape: { kind: 'rectangle', fill: true, stroke: false, lineWidth: 8, corners: 5, inner: 0.4, rounding: 0 },
  text: { font: 'Inter', size: 64, weight: 400, italic: false, align: 'left', leading: 1.2, spacing: 0 },
  drawingRuler: { kind: 'perspective-2' },
}));

/** Changes some settings of one tool. */
export function changeTool<Key extends keyof ToolSettings>(
  key: Key,
  change: Partial<ToolSettings[Key]>,
): void {
  const before: ToolSettings[Key] = useTools.getState()[key];
  useTools.setState({ [key]: { ...before, ...change } });
}
