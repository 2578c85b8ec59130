import type { BuiltModel } from '../../../native-models/onnx/encode-model.ts';
import { GraphBuilder } from '../../../native-models/onnx/graph-builder.ts';

const CHANNELS = 8;
const EDGE = 16;
const GROUPS = 4;
const WIDTH = 24;
const PIXELS = EDGE * EDGE;
const EPSILON = 1e-5;

/** A deterministic value in -1 … 1 for each index: the fractional part of a multiple of the golden ratio. */
function spread(count: number, salt: number): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, i) => 2 * (((i + 1) * 0.618033988749 + salt * 0.37) % 1) - 1,
  );
}

const image = spread(CHANNELS * PIXELS, 1);
const kernel = spread(CHANNELS * CHANNELS * 9, 2).map((v) => v / 5);
const query = spread(CHANNELS * WIDTH, 3);
const value = spread(WIDTH * CHANNELS, 4);

/** A small graph of what diffusion networks are made of, with the numbers that it must give. */
export interface TrialGraph {
  readonly model: BuiltModel;
  /** Input `x`, `[1, 8, 16, 16]`. */
  readonly input: Float32Array;
  readonly inputShape: readonly number[];
  /** Output `y`, `[1, 256, 8]`, computed in float64. */
  readonly expected: Float64Array;
}

/** Convolution, SiLU, group normalisation, and a softmax between two matrix products. */
export function buildTrialGraph(): TrialGraph {
  const g = new GraphBuilder();
  const inputShape = [1, CHANNELS, EDGE, EDGE];
  const x = g.input('x', 'float32', inputShape);
  const convolved = g.op('Conv', [x, g.floats(kernel, [CHANNELS, CHANNELS, 3, 3])], {
    kernel_shape: [3, 3],
    pads: [1, 1, 1, 1],
    strides: [1, 1],
  });
  const activated = g.op('Mul', [convolved, g.op('Sigmoid', [convolved])]);
  const grouped = g.reshape(activated, [1, GROUPS, (CHANNELS / GROUPS) * PIXELS]);
  const ones = g.floats(new Float32Array(GROUPS).fill(1), [GROUPS]);
  const zeros = g.floats(new Float32Array(GROUPS), [GROUPS]);
  const normal = g.op('InstanceNormalization', [grouped, ones, zeros], { epsilon: { float: EPSILON } });
  const tokens = g.transpose(g.reshape(normal, [1, CHANNELS, PIXELS]), [0, 2, 1]);
  const scores = g.op('Softmax', [g.op('MatMul', [tokens, g.floats(query, [CHANNELS, WIDTH])])], {
    axis: -1,
  });
  g.output('y', g.op('MatMul', [scores, g.floats(value, [WIDTH, CHANNELS])]));
  return { model: g.build('trial'), input: image, inputShape, expected: computeExpected() };
}

function computeExpected(): Float64Array {
  const activated = convolve().map((v) => v / (1 + Math.exp(-v)));
  const normal = normaliseGroups(activated);
  const out = new Float64Array(PIXELS * CHANNELS);
  for (let p = 0; p < PIXELS; p += 1) {
    const scores = Array.from({ length: WIDTH }, (_, j) => {
      let sum = 0;
      for (let c = 0; c < CHANNELS; c += 1) sum += at(normal, c * PIXELS + p) * at(query, c * WIDTH + j);
      return Math.exp(sum);
    });
    const total = scores.reduce((a, b) => a + b, 0);
    for (let c = 0; c < CHANNELS; c += 1) {
      out[p * CHANNELS + c] = scores.reduce(
        (sum, s, j) => sum + (s / total) * at(value, j * CHANNELS + c),
        0,
      );
    }
  }
  return out;
}

function convolve(): Float64Array {
  const out = new Float64Array(CHANNELS * PIXELS);
  for (let o = 0; o < CHANNELS; o += 1) {
    for (let y = 0; y < EDGE; y += 1) {
      for (let x = 0; x < EDGE; x += 1) out[(o * EDGE + y) * EDGE + x] = convolveAt(o, y, x);
    }
  }
  return out;
}

function convolveAt(o: number, y: number, x: number): number {
  let sum = 0;
  for (let c = 0; c < CHANNELS; c += 1) {
    for (let ky = 0; ky < 3; ky += 1) {
      for (let kx = 0; kx < 3; kx += 1) {
        const [row, column] = [y + ky - 1, x + kx - 1];
        if (row < 0 || row >= EDGE || column < 0 || column >= EDGE) continue;
        sum +=
          at(image, (c * EDGE + row) * EDGE + column) * at(kernel, ((o * CHANNELS + c) * 3 + ky) * 3 + kx);
      }
    }
  }
  return sum;
}

function normaliseGroups(values: Float64Array): Float64Array {
  const size = values.length / GROUPS;
  const out = new Float64Array(values.length);
  for (let group = 0; group < GROUPS; group += 1) {
    const part = values.subarray(group * size, (group + 1) * size);
    const mean = part.reduce((a, b) => a + b, 0) / size;
    const variance = part.reduce((a, b) => a + (b - mean) ** 2, 0) / size;
    const scale = 1 / Math.sqrt(variance + EPSILON);
    out.set(
      part.map((v) => (v - mean) * scale),
      group * size,
    );
  }
  return out;
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}

/** A chain of products of square matrices, to compare a provider's speed with the processor's. */
export interface SpeedGraph {
  readonly model: BuiltModel;
  /** Input `x`, `[edge, edge]`. */
  readonly input: Float32Array;
  /** Floating-point operations of one run. */
  readonly operations: number;
}

/** @param edge rows and columns of each matrix. */
export function buildSpeedGraph(edge: number): SpeedGraph {
  const products = 4;
  const g = new GraphBuilder();
  let x = g.input('x', 'float32', [edge, edge]);
  // Scaled so that the chain neither grows nor vanishes.
  const matrix = spread(edge * edge, 5).map((v) => v * Math.sqrt(3 / edge));
  const weights = g.floats(matrix, [edge, edge]);
  for (let i = 0; i < products; i += 1) x = g.op('MatMul', [x, weights]);
  g.output('y', x);
  return { model: g.build('speed'), input: spread(edge * edge, 6), operations: products * 2 * edge ** 3 };
}
