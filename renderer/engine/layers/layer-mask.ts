import { EngineError } from '../error.ts';

/**
 * How a layer's mask counts. Its pixels are tiles of one channel beside the layer's own: the maximum shows the layer,
 * 0 hides it. They stand where the document stands, whatever the layer holds.
 */
export interface LayerMask {
  /** False: as if there were none. */
  enabled: boolean;
  /** Moves with the layer's pixels. */
  linked: boolean;
  /** 0..1: how much it hides; a mask value m counts as 1 - density (1 - m), as PSD's "user mask density". */
  density: number;
  /** Value where no tile is, 0..1: 1 shows all, 0 hides all. */
  outside: number;
}

/** A mask as it is made: switched on, linked, of full density. */
export function layerMask(outside: 0 | 1): LayerMask {
  return { enabled: true, linked: true, density: 1, outside };
}

/** @throws EngineError `invalid-value` for a density or an outside value beyond 0..1. */
export function checkLayerMask({ density, outside }: LayerMask): void {
  for (const value of [density, outside]) {
    if (!(value >= 0 && value <= 1))
      throw new EngineError('invalid-value', `A mask value of ${value} is not between 0 and 1.`);
  }
}
