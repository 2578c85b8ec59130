import { InferenceError } from '../errors.ts';
import type { FollowedRun } from '../protocol.ts';
import { maskCells } from './inpaint.ts';
import { type LatentShape, latentLength } from './latent-scale.ts';

/** A followed run in cells. */
export interface FollowedCells {
  /** 1 for cells of one's own, 0 for those that follow; `[height, width]`. */
  readonly own: Float32Array;
  readonly latents: FollowedRun['latents'];
}

/** @throws InferenceError `inference/job-invalid` for latents of another size */
export function followedCells(
  { mask, latents }: FollowedRun,
  shape: LatentShape,
  cell: number,
): FollowedCells {
  const wanted = latentLength(shape);
  for (const { length } of latents.values()) {
    if (length !== wanted) throw notTheRun(`has latents of ${length} values where this size has ${wanted}`);
  }
  return { own: maskCells(mask, shape, cell), latents };
}

/** A latent whose cells are another's wherever they are not its own. */
export function keepOwn(latent: Float32Array, other: Float32Array, own: Float32Array): Float32Array {
  const cells = own.length;
  return latent.map((value, i) => (own[i % cells] === 1 ? value : (other[i] ?? 0)));
}

/**
 * A latent after so many steps of the run, with the followed run's cells of that moment.
 * @throws InferenceError `inference/job-invalid` where it did not come so far
 */
export function followAt(latent: Float32Array, { own, latents }: FollowedCells, step: number): Float32Array {
  const other = latents.get(step);
  if (other === undefined) throw notTheRun(`has no state after step ${step}`);
  return keepOwn(latent, other, own);
}

function notTheRun(why: string): InferenceError {
  return new InferenceError(
    'inference/job-invalid',
    `The run that is followed outside the mask ${why}.`,
    'Start the job from its beginning.',
  );
}
