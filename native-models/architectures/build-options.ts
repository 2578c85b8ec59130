import type { GraphBuilder } from '../onnx/graph-builder.ts';
import type { Value } from '../onnx/value.ts';

/** Which layers get inputs for an adapter: none, every one, or those named. */
export type AdapterSites = 'none' | 'all' | ReadonlySet<string>;

/**
 * How attention is written: one fused node of ONNX Runtime's, which on the CPU never holds all scores; plain matrix
 * products, which any device runs and which have a derivative; or the same for as many queries at a time as keep the
 * scores within a number of bytes (arXiv:2112.05682 §3).
 */
export type AttentionForm = 'fused' | 'plain' | { readonly maxScoreBytes: number };

/**
 * Whether what adapters add can be weighted, for each column of the stacked rank, so that several adapters in one
 * stack act on different pictures of a batch (`batch`) or different parts of a picture as well (`cells`).
 */
export type AdapterMasks = 'none' | 'batch' | 'cells';

/**
 * Where an adapter is added: beside each layer, as (x·A)·B, which has a derivative for a few columns; or to its weight,
 * W + (A·B)ᵀ, for those layers where that is less work, as it is where a picture has more cells than a weight has rows.
 */
export type AdapterPlace = 'beside' | 'cheaper';

/**
 * Another way to multiply by linear layers' weights, such as by weights of fewer bits.
 *
 * Called with the layer's name, its input `[…, in]` and how wide its output is; returns x·Wᵀ `[…, out]` in the type of
 * `x`, or undefined for a layer whose weight is to be taken as it is stored.
 */
export type LinearForm = (
  graph: GraphBuilder,
  name: string,
  x: Value,
  outFeatures: number,
) => Value | undefined;

/** What a network is built for. */
export interface BuildOptions {
  /** Pictures, or prompts, a run computes at once. */
  readonly batch: number;
  readonly adapters?: AdapterSites;
  /**
   * Parameters, by full name (`….weight`, `….bias`), that have an input for a change of their own size: for what has no
   * low-rank form. See `deltaInputName`.
   */
  readonly deltas?: ReadonlySet<string>;
  readonly adapterMasks?: AdapterMasks;
  /** The rank of every adapter where it is known when the graph is built; left out, each run's own. */
  readonly adapterRank?: number;
  /** `beside` where left out. */
  readonly adapterPlace?: AdapterPlace;
  /** Whether each cell's view of the text is masked by inputs, so that regions have prompts of their own. */
  readonly contextMasks?: boolean;
  readonly attention?: AttentionForm;
  readonly linear?: LinearForm;
  /** The type that layers compute in; weights of another type are cast. Inputs and outputs stay float32. */
  readonly compute?: 'float32' | 'float16';
}

/** A spatial size in latent cells: an eighth of the picture's, or what the autoencoder makes of it. */
export interface LatentSize {
  readonly height: number;
  readonly width: number;
}
