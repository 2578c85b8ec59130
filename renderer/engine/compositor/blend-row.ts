import { BLOCK_SIZE } from './block.ts';
import { blendNonSeparable, isNonSeparable } from './blend-non-separable.ts';
import { blendSeparable } from './blend-separable.ts';

/** Number of the dissolve mode. */
export const DISSOLVE = 16;

/** One row of a block on its way through a blend: straight colours interleaved by three, and alphas. */
export interface BlendRow {
  readonly source: Float64Array;
  readonly sourceAlpha: Float64Array;
  readonly backdrop: Float64Array;
  /** What the blend function makes of both. */
  readonly mixed: Float64Array;
}

/** A row's buffers; made once and used for every row. */
export function makeBlendRow(): BlendRow {
  const colours = (): Float64Array => new Float64Array(BLOCK_SIZE * 3);
  return {
    source: colours(),
    sourceAlpha: new Float64Array(BLOCK_SIZE),
    backdrop: colours(),
    mixed: colours(),
  };
}

const pixel = new Float64Array(3);

/** Fills `mixed` with B(backdrop, source) for the first `count` pixels. */
export function blendRow(row: BlendRow, mode: number, count: number): void {
  const { source, backdrop, mixed } = row;
  if (!isNonSeparable(mode)) {
    blendSeparable(mode, backdrop, source, mixed, count * 3);
    return;
  }
  for (let i = 0; i < count * 3; i += 3) {
    blendNonSeparable(
      mode,
      pixel,
      backdrop[i] as number,
      backdrop[i + 1] as number,
      backdrop[i + 2] as number,
      source[i] as number,
      source[i + 1] as number,
      source[i + 2] as number,
    );
    mixed[i] = pixel[0] as number;
    mixed[i + 1] = pixel[1] as number;
    mixed[i + 2] = pixel[2] as number;
  }
}
