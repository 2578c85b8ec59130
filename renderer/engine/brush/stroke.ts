import type { PaintDocument } from '../document.ts';
import type { PlaneName } from '../layers/layer.ts';
import { PaintTarget } from '../layers/paint-target.ts';
import type { Affine } from '../transform/affine.ts';
import type { Brush, BrushColour } from './brush.ts';
import { checkBrush } from './check-brush.ts';
import { CoverStroke } from './cover-stroke.ts';
import { DabSource } from './dab-source.ts';
import { DualCover } from './dual-cover.ts';
import { MixStroke } from './mix-stroke.ts';
import type { SelectionSource, Stroke } from './stroke-in-progress.ts';
import { StrokeOverlay } from './stroke-overlay.ts';

export type { Stroke } from './stroke-in-progress.ts';

/** What a stroke can be given beyond brush and colour. */
export interface StrokeOptions {
  /** Of everything random in the stroke; the same seed and readings give the same pixels. Default 1. */
  readonly seed?: number;
  /** Paint only here. Default everywhere. */
  readonly selection?: SelectionSource | null;
  /** Copies of each dab: see symmetry.ts. Default none. */
  readonly symmetry?: readonly Affine[];
  /** What of the layer is painted on. Default its own pixels. */
  readonly plane?: PlaneName;
}

/**
 * Begins a stroke on a layer.
 * @param brush checked; its `mode` decides between painting and erasing.
 * @throws EngineError as `paintableLayer`; `invalid-value` for a brush out of range. Nothing has happened then.
 */
export function beginStroke(
  document: PaintDocument,
  layerId: string,
  brush: Brush,
  colour: BrushColour,
  options: StrokeOptions = {},
): Stroke {
  checkBrush(brush);
  const overlay = new StrokeOverlay(document, new PaintTarget(document, layerId, options.plane));
  const seed = options.seed ?? 1;
  const source = new DabSource(brush, seed, options.symmetry ?? []);
  const selection = options.selection ?? null;
  const mixes = brush.mode === 'paint' && (brush.jitter !== null || brush.mixing !== null);
  const dual = brush.dual
    ? new DualCover(brush, brush.dual, seed, options.symmetry ?? [], document.canvas)
    : null;
  return mixes
    ? new MixStroke(overlay, source, brush, colour, selection, document.canvas, seed, dual)
    : new CoverStroke(overlay, source, brush, colour, selection, document.canvas, dual);
}
