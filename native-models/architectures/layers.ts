import type { Weights } from '../checkpoints/weights.ts';
import type { ElementType } from '../onnx/element-type.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { elementCount, staticShape, type Value } from '../onnx/value.ts';
import { AdapterInputs, type CellDelta } from './adapter-inputs.ts';
import { deltaInputName } from './adapter-sites.ts';
import type { AttentionForm, BuildOptions, LatentSize, LinearForm } from './build-options.ts';

/** How a convolution moves: kernel side, step, and padding as top, left, bottom, right. */
export interface ConvShape {
  readonly kernel: number;
  readonly stride?: number;
  readonly pads?: readonly [number, number, number, number];
}

/** How the names of masks of the text begin. */
export const contextMaskPrefix = 'context_mask_';

/**
 * The name of the input that is added to the scores of cells with tokens of text, row by row of a feature map:
 * float32 `[batch, 1, height·width, contextTokens]`, 0 where a cell sees a token and −10000 where it does not.
 */
export function contextMaskName({ height, width }: LatentSize): string {
  return `${contextMaskPrefix}${height}x${width}`;
}

/**
 * The layers that networks are made of, each reading its weights by module name and adding its adapter's inputs
 * where the build asks for them. Feature maps are `[batch, channels, height, width]`, sequences
 * `[batch, tokens, channels]`.
 */
export class Layers {
  readonly graph: GraphBuilder;
  readonly compute: ElementType;
  readonly attention: AttentionForm;
  readonly #weights: Weights;
  readonly #linear: LinearForm | undefined;
  readonly #adapters: AdapterInputs;
  readonly #contextMasks: boolean;
  readonly #declared = new Map<string, Value>();
  readonly #deltas: ReadonlySet<string>;

  constructor(graph: GraphBuilder, weights: Weights, options: BuildOptions) {
    this.graph = graph;
    this.#weights = weights;
    this.compute = options.compute ?? 'float32';
    this.#deltas = options.deltas ?? new Set();
    this.#contextMasks = options.contextMasks ?? false;
    this.#adapters = new AdapterInputs(graph, options);
    this.attention = options.attention ?? 'fused';
    this.#linear = options.linear;
  }

  /** Whether the network has the tensor. */
  has(name: string): boolean {
    return this.#weights.find(name) !== undefined;
  }

  /** A tensor of the network's, seen with `shape`, as the type that layers compute in, and what is added to it. */
  weight(name: string, shape: readonly number[]): Value {
    return this.#changed(name, this.graph.cast(this.stored(name, shape), this.compute));
  }

  /** A tensor of the network's as it is stored. */
  stored(name: string, shape: readonly number[]): Value {
    return this.graph.external(this.#weights.get(name, shape));
  }

  /**
   * y = x·Wᵀ + b over the last axis, and the site's adapter. The bias is added where the network has one.
   *
   * @param cells the feature map that the tokens of `x` are cells of, where they are
   */
  linear(name: string, x: Value, outFeatures: number, cells?: LatentSize): Value {
    return this.graph.scope(name, () => {
      const product = this.#changedProduct(name, x, outFeatures);
      if (product !== undefined) return this.#biased(name, product, outFeatures);
      const y = this.#affine(name, x, outFeatures);
      const delta = this.#adapters.linear(name, x, outFeatures, cells);
      return delta === undefined ? y : this.graph.op('Add', [y, delta]);
    });
  }

  /**
   * A linear layer whose input belongs to no cell, for cells that see it: its output, and apart from it what the
   * site's adapter adds where that differs from cell to cell.
   */
  linearForCells(
    name: string,
    x: Value,
    outFeatures: number,
    cells: LatentSize,
  ): { readonly all: Value; readonly byCell: CellDelta | undefined } {
    return this.graph.scope(name, () => {
      const byCell = this.#adapters.apart(name, x, outFeatures, cells);
      const all = byCell ? this.#affine(name, x, outFeatures) : this.linear(name, x, outFeatures);
      return { all, byCell };
    });
  }

  #affine(name: string, x: Value, outFeatures: number): Value {
    return this.#biased(name, this.#product(name, x, outFeatures), outFeatures);
  }

  #biased(name: string, y: Value, outFeatures: number): Value {
    if (!this.has(`${name}.bias`)) return y;
    return this.graph.op('Add', [y, this.weight(`${name}.bias`, [outFeatures])]);
  }

  #product(name: string, x: Value, outFeatures: number): Value {
    const changed = this.#deltas.has(`${name}.weight`);
    const other = changed ? undefined : this.#linear?.(this.graph, name, x, outFeatures);
    if (other !== undefined) return other;
    const inFeatures = staticShape(x).at(-1) ?? 0;
    const tensor = this.#weights.get(`${name}.weight`, [outFeatures, inFeatures]);
    const stored = this.graph.cast(this.graph.external(tensor), this.compute);
    const matrix = tensor.transposed ? stored : this.graph.transpose(stored, [1, 0]);
    return this.graph.op('MatMul', [x, this.#changed(`${name}.weight`, matrix, true)]);
  }

  /** x·(W + ΔW)ᵀ where the adapter goes into the weight; undefined elsewhere. */
  #changedProduct(name: string, x: Value, outFeatures: number): Value | undefined {
    const shape = staticShape(x);
    const size = [outFeatures, shape.at(-1) ?? 0] as const;
    const weight = `${name}.weight`;
    const plain =
      this.#linear === undefined &&
      !this.#deltas.has(weight) &&
      this.#weights.find(weight)?.transposed === false;
    if (!plain || !this.#adapters.belongsInWeight(name, size, elementCount(shape.slice(0, -1))))
      return undefined;
    const changed = this.#adapters.inWeight(name, this.weight(weight, size));
    return this.graph.op('MatMul', [x, this.graph.transpose(changed, [1, 0])]);
  }

  /** A two-dimensional convolution, and the site's adapter. */
  conv(name: string, x: Value, outChannels: number, shape: ConvShape): Value {
    return this.graph.scope(name, () => {
      const inChannels = staticShape(x)[1] ?? 0;
      const { kernel, stride = 1 } = shape;
      const side = (kernel - 1) / 2;
      const attributes = {
        kernel_shape: [kernel, kernel],
        strides: [stride, stride],
        pads: shape.pads ?? [side, side, side, side],
      };
      const filter = this.weight(`${name}.weight`, [outChannels, inChannels, kernel, kernel]);
      const bias = this.has(`${name}.bias`) ? this.weight(`${name}.bias`, [outChannels]) : undefined;
      const convolve = (own: Value): Value =>
        this.graph.op('Conv', bias === undefined ? [x, own] : [x, own, bias], attributes);
      const [batch = 1, , height = 1, width = 1] = staticShape(x);
      const size = [outChannels, inChannels * kernel ** 2] as const;
      if (this.#adapters.belongsInWeight(name, size, (batch * height * width) / stride ** 2))
        return convolve(this.#adapters.inWeight(name, filter));
      const y = convolve(filter);
      const delta = this.#adapters.conv(name, x, outChannels, attributes);
      return delta === undefined ? y : this.graph.op('Add', [y, delta]);
    });
  }

  /**
   * A feature map enlarged twice by its nearest cells, then a 3×3 convolution, without the enlarged map: each of the four
   * pixels of a cell sees 2×2 cells, through the sums of the weights that fall on one (arXiv:1609.07009), which is four
   * ninths of the work. Equal to both one after the other but for rounding. No adapter's.
   */
  convTwice(name: string, x: Value, outChannels: number): Value {
    return this.graph.scope(name, () => {
      const [batch = 1, inChannels = 1, height = 1, width = 1] = staticShape(x);
      const filter = this.weight(`${name}.weight`, [outChannels, inChannels, 3, 3]);
      const bias = this.has(`${name}.bias`) ? this.weight(`${name}.bias`, [outChannels]) : undefined;
      const sums = this.graph.cast(this.graph.floats(phaseSums(), [9, 16]), this.compute);
      const summed = this.graph.op('MatMul', [
        this.graph.reshape(filter, [outChannels * inChannels, 9]),
        sums,
      ]);
      const filters = this.graph.ops('Split', [summed], { axis: 1, num_outputs: 4 });
      const pixels = filters.map((part, i) => {
        const [below, right] = [i >> 1, i & 1];
        const own = this.graph.reshape(part, [outChannels, inChannels, 2, 2]);
        return this.graph.op('Conv', bias === undefined ? [x, own] : [x, own, bias], {
          kernel_shape: [2, 2],
          strides: [1, 1],
          pads: [1 - below, 1 - right, below, right],
        });
      });
      const column = (pixel: Value): Value =>
        this.graph.reshape(pixel, [batch, outChannels, height, width, 1]);
      const rows = [pixels.slice(0, 2), pixels.slice(2)].map((pair) =>
        this.graph.reshape(this.graph.concat(pair.map(column), 4), [
          batch,
          outChannels,
          height,
          1,
          2 * width,
        ]),
      );
      return this.graph.reshape(this.graph.concat(rows, 3), [batch, outChannels, 2 * height, 2 * width]);
    });
  }

  /**
   * Group normalisation (arXiv:1803.08494) of a feature map. Written as an instance normalisation of the groups:
   * no CPU kernel of ONNX Runtime's does it whole, and what it is expanded to is slower.
   */
  groupNorm(name: string, x: Value, groups: number, epsilon: number): Value {
    return this.graph.scope(name, () => {
      const shape = staticShape(x);
      const [batch = 1, channels = 1] = shape;
      const grouped = this.graph.reshape(x, [batch, groups, -1]);
      const ones = this.graph.cast(
        this.graph.floats(new Float32Array(groups).fill(1), [groups]),
        this.compute,
      );
      const zeros = this.graph.cast(this.graph.floats(new Float32Array(groups), [groups]), this.compute);
      const normal = this.graph.op('InstanceNormalization', [grouped, ones, zeros], {
        epsilon: { float: epsilon },
      });
      const scaled = this.graph.op('Mul', [
        this.graph.reshape(normal, shape),
        this.weight(`${name}.weight`, [channels, 1, 1]),
      ]);
      return this.graph.op('Add', [scaled, this.weight(`${name}.bias`, [channels, 1, 1])]);
    });
  }

  /** Layer normalisation (arXiv:1607.06450) over the last axis. */
  layerNorm(name: string, x: Value, epsilon: number): Value {
    return this.graph.scope(name, () => {
      const width = staticShape(x).at(-1) ?? 1;
      const inputs = [x, this.weight(`${name}.weight`, [width]), this.weight(`${name}.bias`, [width])];
      return this.graph.op('LayerNormalization', inputs, { axis: -1, epsilon: { float: epsilon } });
    });
  }

  /**
   * What is added to the scores of a feature map's cells with the text, where the build asks for it: the input that
   * `contextMaskName` names, one for each size of map.
   */
  contextMask(batch: number, cells: LatentSize, contextTokens: number): Value | undefined {
    if (!this.#contextMasks) return undefined;
    const name = contextMaskName(cells);
    const known = this.#declared.get(name);
    if (known !== undefined) return known;
    const shape = [batch, 1, cells.height * cells.width, contextTokens];
    const mask = this.graph.cast(this.graph.input(name, 'float32', shape), this.compute);
    this.#declared.set(name, mask);
    return mask;
  }

  /** x·σ(x). */
  silu(x: Value): Value {
    return this.graph.op('Mul', [x, this.graph.op('Sigmoid', [x])]);
  }

  /** The scalar in the type that layers compute in. */
  scalar(value: number): Value {
    return this.graph.cast(this.graph.floats([value]), this.compute);
  }

  /** A parameter and, where the build asks for it, what its delta adds; `turned` where `value` is its transpose. */
  #changed(name: string, value: Value, turned = false): Value {
    if (!this.#deltas.has(name)) return value;
    const shape = staticShape(value);
    const stored = this.#weights.find(name)?.shape ?? shape;
    const delta = this.graph.input(deltaInputName(name), 'float32', turned ? shape.toReversed() : stored);
    const seen = turned ? this.graph.transpose(delta, [1, 0]) : this.graph.reshape(delta, shape);
    return this.graph.op('Add', [value, this.graph.cast(seen, this.compute)]);
  }
}

/**
 * Which of a 3×3 filter's weights fall on which of the 2×2 cells that each of four pixels sees: `[9, 16]`, filter row major
 * by pixel, then cell.
 */
function phaseSums(): Float32Array {
  const sums = new Float32Array(9 * 16);
  // The cell, of two, that a weight at 0, 1, 2 falls on, for the first and for the second pixel of a pair.
  const cellOf = [
    [0, 1, 1],
    [0, 0, 1],
  ] as const;
  for (let weight = 0; weight < 9; weight += 1) {
    for (let pixel = 0; pixel < 4; pixel += 1) {
      const row = cellOf[pixel >> 1]?.[Math.floor(weight / 3)] ?? 0;
      const column = cellOf[pixel & 1]?.[weight % 3] ?? 0;
      sums[weight * 16 + pixel * 4 + row * 2 + column] = 1;
    }
  }
  return sums;
}
