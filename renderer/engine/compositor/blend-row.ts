import { BLOCK_SIZE } from './block.ts';
import { blendNonSeparable, isNonSeparable } from './blend-non-separable.ts';
import { blendSeparable } from './blend-separable.ts';
import { HARD_MIX, neutralOf } from './fill-opacity.ts';

/** Number of the dissolve mode. */
export const DISSOLVE = 16;

/** One row of a block on its way through a blend: straight colours interleaved by three, and alphas. */
export interface BlendRow {
  readonly source: Float64Array;
  readonly sourceAlpha: Float64Array;
  readonly backdrop: Float64Array;
  /** The source weakened by fill opacity. */
  readonly weakened: Float64Array;
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
    weakened: colours(),
    mixed: colours(),
  };
}

const pixel = new Float64Array(3);

/**
 * Fills `mixed` with B(backdrop, source) for the first `count` pixels.
 * @param fill fill opacity where the mode takes it into the source (see fill-opacity.ts), else 1.
 */
export function blendRow(row: BlendRow, mode: number, count: number, fill: number): void {
  const { backdrop, mixed } = row;
  if (fill < 1 && mode === HARD_MIX) {
    hardMixWeakened(row, count, fill);
    return;
  }
  const neutral = fill < 1 ? neutralOf(mode) : undefined;
  const source = neutral === undefined ? row.source : weakened(row, count, fill, neutral);
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

function weakened(row: BlendRow, count: number, fill: number, neutral: number): Float64Array {
  for (let i = 0; i < count * 3; i++)
    row.weakened[i] = neutral + fill * ((row.source[i] as number) - neutral);
  return row.weakened;
}

function hardMixWeakened({ source, backdrop, mixed }: BlendRow, count: number, fill: number): void {
  for (let i = 0; i < count * 3; i++) {
    const value = ((backdrop[i] as number) - fill * (1 - (source[i] as number))) / (1 - fill);
    mixed[i] = Math.min(1, Math.max(0, value));
  }
}
