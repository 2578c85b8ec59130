import type { Attributes } from '../onnx/attributes.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { elementCount, staticShape, type Dimension, type Value } from '../onnx/value.ts';
import { adapterInputNames } from './adapter-sites.ts';
import type { AdapterMasks, AdapterSites, BuildOptions, LatentSize } from './build-options.ts';

const sharedRank = 'adapter_rank';

/** The rank that work is weighed at, and how many products an addition to memory costs. */
const usualRank = 32;
const passCost = 48;

/** The name of the weights of what adapters add to whole pictures: float32 `[batch, rank]`. */
export const adapterMaskName = 'adapter_mask';

/** The name of the weights at each cell of a feature map, row by row: float32 `[batch, height·width, rank]`. */
export function adapterCellMaskName({ height, width }: LatentSize): string {
  return `${adapterMaskName}_${height}x${width}`;
}

/**
 * What an adapter adds to a layer whose input belongs to no cell, factored, since each cell of a feature map sees it with
 * weights of its own: at cell c it is (down ⊙ mask[c]) · up.
 */
export interface CellDelta {
  /** `[batch, …, rank]` */
  readonly down: Value;
  /** `[rank, outFeatures]` */
  readonly up: Value;
  /** `[batch, height·width, rank]` */
  readonly mask: Value;
}

/**
 * The graph inputs that low-rank adapters (arXiv:2106.09685) come in by, and what they add.
 *
 * A site's pair is as `adapterInputNames` says. With masks, every site's stack has one rank, and what a stack's
 * column adds is weighted by `adapter_mask`, or at each cell by the mask of the feature map's size. Layers of text and time
 * belong to no cell: what they add is kept factored until it meets the cells (`apart`); the embeddings of time itself,
 * which every layer reads, take `adapter_mask`.
 */
export class AdapterInputs {
  readonly #graph: GraphBuilder;
  readonly #sites: AdapterSites;
  readonly #masks: AdapterMasks;
  readonly #options: BuildOptions;
  readonly #declared = new Map<string, Value>();

  constructor(graph: GraphBuilder, options: BuildOptions) {
    this.#graph = graph;
    this.#options = options;
    this.#sites = options.adapters ?? 'none';
    this.#masks = options.adapterMasks ?? 'none';
  }

  /**
   * Whether the site's adapter is less work in the layer's weight than beside the layer, and may go there. Half precision
   * would round small changes of a weight away; masks belong to a layer's output.
   *
   * @param weight out and in, of a convolution out and in · kh · kw
   * @param rows tokens or cells that the layer computes
   */
  belongsInWeight(site: string, [out, inner]: readonly [number, number], rows: number): boolean {
    const { adapterPlace = 'beside', compute = 'float32' } = this.#options;
    const may = adapterPlace === 'cheaper' && this.#masks === 'none' && compute === 'float32';
    const inWeight = out * inner * (usualRank + passCost);
    const beside = rows * (out + inner) * usualRank + rows * out * passCost;
    return may && this.#has(site) && inWeight < beside;
  }

  /** A layer's weight with what its adapter adds to it, W + (A·B)ᵀ: `[out, in]` or, of a convolution, `[out, in, kh, kw]`. */
  inWeight(site: string, weight: Value): Value {
    const shape = staticShape(weight);
    const [out = 1, inner = 1, ...kernel] = shape;
    const names = adapterInputNames(site);
    const rank = this.#rank(site);
    if (kernel.length === 0) {
      const factors = [this.#input(names.b, [rank, out]), this.#input(names.a, [inner, rank])];
      return this.#graph.op('Gemm', [...factors, weight], { transA: 1, transB: 1 });
    }
    const filter = elementCount([inner, ...kernel]);
    const a = this.#graph.reshape(this.#input(names.a, [rank, inner, ...kernel]), [0, filter]);
    const b = this.#graph.reshape(this.#input(names.b, [out, rank, 1, 1]), [0, 0]);
    const changed = this.#graph.op('Gemm', [b, a, this.#graph.reshape(weight, [out, filter])]);
    return this.#graph.reshape(changed, shape);
  }

  /** What the site's adapter adds to a linear layer; undefined where it has no inputs. */
  linear(site: string, x: Value, outFeatures: number, cells: LatentSize | undefined): Value | undefined {
    if (!this.#has(site)) return undefined;
    const { a, b } = adapterInputNames(site);
    const inFeatures = staticShape(x).at(-1) ?? 0;
    const rank = this.#rank(site);
    const down = this.#graph.op('MatMul', [x, this.#input(a, [inFeatures, rank])]);
    return this.#graph.op('MatMul', [this.#maskTokens(down, cells), this.#input(b, [rank, outFeatures])]);
  }

  /** What the site's adapter adds to a linear layer that cells see differently; undefined where all see the same. */
  apart(site: string, x: Value, outFeatures: number, cells: LatentSize): CellDelta | undefined {
    if (this.#masks !== 'cells' || !this.#has(site)) return undefined;
    const { a, b } = adapterInputNames(site);
    const inFeatures = staticShape(x).at(-1) ?? 0;
    return {
      down: this.#graph.op('MatMul', [x, this.#input(a, [inFeatures, sharedRank])]),
      up: this.#input(b, [sharedRank, outFeatures]),
      mask: this.#cellMask(cells),
    };
  }

  /** What the site's adapter adds to a convolution; undefined where it has no inputs. */
  conv(site: string, x: Value, outChannels: number, attributes: Attributes): Value | undefined {
    if (!this.#has(site)) return undefined;
    const { a, b } = adapterInputNames(site);
    const inChannels = staticShape(x)[1] ?? 0;
    const kernel = Array.isArray(attributes['kernel_shape']) ? attributes['kernel_shape'] : [1, 1];
    const rank = this.#rank(site);
    const down = this.#graph.op('Conv', [x, this.#input(a, [rank, inChannels, ...kernel])], attributes);
    return this.#graph.op('Conv', [this.#maskMap(down), this.#input(b, [outChannels, rank, 1, 1])]);
  }

  #has(site: string): boolean {
    return this.#sites === 'all' || (this.#sites !== 'none' && this.#sites.has(site));
  }

  // The runtime takes dimensions of one name to be of one size: without masks each site's rank is its own.
  #rank(site: string): Dimension {
    return this.#options.adapterRank ?? (this.#masks === 'none' ? `rank:${site}` : sharedRank);
  }

  #maskTokens(down: Value, cells: LatentSize | undefined): Value {
    if (this.#masks === 'none') return down;
    if (this.#masks === 'cells' && cells !== undefined)
      return this.#graph.op('Mul', [down, this.#cellMask(cells)]);
    const mask = this.#input(adapterMaskName, [this.#options.batch, sharedRank]);
    const fits =
      down.shape.length === 2 ? mask : this.#graph.op('Unsqueeze', [mask, this.#graph.integers([1])]);
    return this.#graph.op('Mul', [down, fits]);
  }

  #maskMap(down: Value): Value {
    if (this.#masks === 'none') return down;
    const [height = 1, width = 1] = down.shape.slice(2).map(Number);
    if (this.#masks === 'cells') {
      const columns = this.#graph.transpose(this.#cellMask({ height, width }), [0, 2, 1]);
      return this.#graph.op('Mul', [
        down,
        this.#graph.reshape(columns, [this.#options.batch, 0, height, width]),
      ]);
    }
    const mask = this.#input(adapterMaskName, [this.#options.batch, sharedRank]);
    return this.#graph.op('Mul', [down, this.#graph.op('Unsqueeze', [mask, this.#graph.integers([2, 3])])]);
  }

  #cellMask(cells: LatentSize): Value {
    const { batch } = this.#options;
    return this.#input(adapterCellMaskName(cells), [batch, cells.height * cells.width, sharedRank]);
  }

  #input(name: string, shape: readonly Dimension[]): Value {
    const known = this.#declared.get(name);
    if (known !== undefined) return known;
    const value = this.#graph.cast(
      this.#graph.input(name, 'float32', shape),
      this.#options.compute ?? 'float32',
    );
    this.#declared.set(name, value);
    return value;
  }
}
