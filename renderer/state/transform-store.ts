import { create } from 'zustand';
import type { Rect } from '../engine/geometry/rect.ts';
import type { Quad } from '../engine/transform/projective.ts';
import type { Sampling } from '../engine/transform/resample.ts';
import type { WarpMesh } from '../engine/transform/warp-mesh.ts';

/** The transform that waits: where the lifted pixels came from and where their corners are now. */
export interface TransformState {
  source: Rect | null;
  quad: Quad | null;
  /** The grid of handles, which then counts in place of the corners; null while the corners are dragged. */
  mesh: WarpMesh | null;
  /** The handle that was taken hold of last. */
  handle: number;
  /** Handles that move together with it; empty where it moves alone. */
  chosen: readonly number[];
  sampling: Sampling;
}

/** The transform in hand; `source` and `quad` are null when there is none. */
export const useTransform = create<TransformState>()(() => ({
  source: null,
  quad: null,
  mesh: null,
  handle: 0,
  chosen: [],
  sampling: 'bicubic',
}));
