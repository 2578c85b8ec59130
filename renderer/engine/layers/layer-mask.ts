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
  /**
   * 0..WIDEST_FEATHER pixels: how soft its edge is, as PSD's "user mask feather". Its pixels stay as they are; what counts is their
   * Gaussian with this standard deviation, which is what Photoshop calls the radius of a blur.
   */
  feather: number;
}

/** Widest feather of a mask in pixels: Photoshop's. */
export const WIDEST_FEATHER = 1000;

/** A mask as it is made: switched on, linked, of full density, its edge as it is drawn. */
export function layerMask(outside: 0 | 1): LayerMask {
  return { enabled: true, linked: true, density: 1, outside, feather: 0 };
}

/** @throws EngineError `invalid-value` for a density or an outside value beyond 0..1, or a feather beyond 0..WIDEST_FEATHER. */
export function checkLayerMask({ density, outside, feather }: LayerMask): void {
  for (const value of [density, outside]) {
    if (!(value >= 0 && value <= 1))
      throw new EngineError('invalid-value', `A mask value of ${value} is not between 0 and 1.`);
  }
  if (!(feather >= 0 && feather <= WIDEST_FEATHER))
    throw new EngineError(
      'invalid-value',
      `A mask feather of ${feather} is not between 0 and ${WIDEST_FEATHER}.`,
    );
}
