import { describe, expect, test } from 'vitest';
import { chooseSegments } from '../../../../native-models/autodiff/segments.ts';
import { differentiate } from '../../../../native-models/autodiff/differentiate.ts';
import { createNoise } from '../../../../native-models/noise/create-noise.ts';
import { GraphBuilder } from '../../../../native-models/onnx/graph-builder.ts';
import { elementCount, staticShape, type Value } from '../../../../native-models/onnx/value.ts';
import { type Doubles, evaluateGraph } from '../../../fixtures/evaluate-graph.ts';
import { runOnce, vector } from '../../../fixtures/run-model.ts';

type Shape = readonly number[];
/** Writes an operator over inputs of the given shapes. */
type Write = (graph: GraphBuilder, inputs: readonly Value[]) => Value;

const one =
  (operator: string, attributes = {}): Write =>
  (graph, inputs) =>
    graph.op(operator, inputs, attributes);
const random = (seed: number, low: number, high: number): number => {
  const [value = 0] = createNoise('philox', seed).normal(1);
  return low + (Math.abs(Math.floor(value * 1000)) % (high - low + 1));
};

/** Operators and the shapes of their inputs; each shape is drawn anew for each round. */
const cases: Record<string, (seed: number) => { shapes: readonly Shape[]; write: Write }> = {
  ...Object.fromEntries(
    ['Neg', 'Exp', 'Sigmoid', 'Tanh', 'Gelu', 'Identity'].map((operator) => [
      operator,
      (seed: number) => ({ shapes: [[random(seed, 1, 4), 3]], write: one(operator) }),
    ]),
  ),
  ...Object.fromEntries(
    ['Add', 'Sub', 'Mul', 'Div'].flatMap((operator) => [
      [
        operator,
        (seed: number) => ({
          shapes: [
            [2, random(seed, 1, 4)],
            [2, 1],
          ],
          write: one(operator),
        }),
      ],
      [`${operator}, the left one broadcast`, () => ({ shapes: [[3], [2, 1, 3]], write: one(operator) })],
      [`${operator} by one number`, () => ({ shapes: [[2, 3], []], write: one(operator) })],
    ]),
  ),
  Cast: () => ({ shapes: [[2, 2]], write: (graph, [x]) => graph.op('Cast', [x], { to: 1 }) }),
  'Softmax on the last axis': (seed) => ({
    shapes: [[2, random(seed, 2, 5)]],
    write: one('Softmax', { axis: -1 }),
  }),
  'Softmax on the first axis': (seed) => ({
    shapes: [[random(seed, 2, 5), 2]],
    write: one('Softmax', { axis: 0 }),
  }),
  MatMul: (seed) => ({
    shapes: [
      [2, random(seed, 1, 4)],
      [random(seed, 1, 4), 3],
    ],
    write: one('MatMul'),
  }),
  'MatMul of a batch by one matrix': (seed) => ({
    shapes: [
      [2, 3, random(seed, 1, 4)],
      [random(seed, 1, 4), 2],
    ],
    write: one('MatMul'),
  }),
  'MatMul of two batches': () => ({
    shapes: [
      [2, 2, 3],
      [2, 3, 2],
    ],
    write: one('MatMul'),
  }),
  'MatMul, the right batch shared': () => ({
    shapes: [
      [2, 2, 2, 3],
      [1, 2, 3, 2],
    ],
    write: one('MatMul'),
  }),
  Reshape: () => ({ shapes: [[2, 3]], write: (graph, [x]) => graph.reshape(x as Value, [3, -1]) }),
  Transpose: () => ({ shapes: [[2, 3, 4]], write: one('Transpose', { perm: [2, 0, 1] }) }),
  Unsqueeze: () => ({
    shapes: [[2, 3]],
    write: (graph, [x]) => graph.op('Unsqueeze', [x, graph.integers([1])]),
  }),
  Concat: (seed) => ({
    shapes: [
      [2, random(seed, 1, 3)],
      [2, 2],
    ],
    write: one('Concat', { axis: 1 }),
  }),
  'Split of which one part is used': () => ({
    shapes: [[2, 6]],
    write: (graph, inputs) => graph.ops('Split', inputs, { axis: -1, num_outputs: 3 })[1] as Value,
  }),
  'Split of which parts are multiplied': () => ({
    shapes: [[2, 4]],
    write: (graph, inputs) => graph.op('Mul', graph.ops('Split', inputs, { axis: -1, num_outputs: 2 })),
  }),
  Slice: () => ({
    shapes: [[3, 5]],
    write: (graph, [x]) =>
      graph.op('Slice', [x, graph.integers([1]), graph.integers([-1]), graph.integers([1])]),
  }),
  Expand: () => ({
    shapes: [[2, 1]],
    write: (graph, [x]) => graph.op('Expand', [x, graph.integers([3, 2, 4])]),
  }),
  ReduceSum: () => ({
    shapes: [[2, 3, 2]],
    write: (graph, [x]) => graph.op('ReduceSum', [x, graph.integers([1])], { keepdims: 0 }),
  }),
  ReduceMean: () => ({
    shapes: [[2, 3, 2]],
    write: (graph, [x]) => graph.op('ReduceMean', [x, graph.integers([-1])], { keepdims: 1 }),
  }),
  LayerNormalization: (seed) => ({
    shapes: [[2, random(seed, 3, 6)]],
    write: (graph, [x]) => {
      const width = staticShape(x as Value)[1] ?? 1;
      const scale = graph.floats(
        Float32Array.from({ length: width }, (_, i) => 0.5 + i),
        [width],
      );
      return graph.op(
        'LayerNormalization',
        [x, scale, graph.floats(new Float32Array(width).fill(0.1), [width])],
        { axis: -1, epsilon: { float: 1e-3 } },
      );
    },
  }),
  InstanceNormalization: (seed) => ({
    shapes: [[2, 3, random(seed, 3, 6)]],
    write: (graph, [x]) =>
      graph.op('InstanceNormalization', [x, graph.floats([1, 2, 0.5], [3]), graph.floats([0, 1, 0], [3])], {
        epsilon: { float: 1e-3 },
      }),
  }),
  ...Object.fromEntries(
    [
      ['Conv 3 × 3', 3, [1, 1], [1, 1, 1, 1]],
      ['Conv 3 × 3, halving', 3, [2, 2], [1, 1, 1, 1]],
      ['Conv 3 × 3, unevenly padded', 3, [2, 2], [0, 0, 1, 1]],
      ['Conv 1 × 1', 1, [1, 1], [0, 0, 0, 0]],
      ['Conv 2 × 2 that leaves a row over', 2, [2, 1], [0, 0, 0, 0]],
    ].map(([name, kernel, strides, pads]) => [
      name,
      (seed: number) => ({
        shapes: [[2, 2, random(seed, 3, 5), 4], [3, 2, Number(kernel), Number(kernel)], [3]],
        write: one('Conv', { kernel_shape: [kernel, kernel], strides, pads }),
      }),
    ]),
  ),
  'Resize to twice the size': () => ({
    shapes: [[1, 2, 2, 3]],
    write: (graph, [x]) =>
      graph.op('Resize', [x, undefined, undefined, graph.integers([1, 2, 4, 6])], {
        mode: 'nearest',
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor',
      }),
  }),
};

const inputName = (i: number): string => `x${i}`;

/** The operator, a loss that weighs its outputs unevenly, and the gradients of all inputs. */
function build(shapes: readonly Shape[], write: Write, segmentBytes?: number) {
  const graph = new GraphBuilder();
  const inputs = shapes.map((shape, i) => graph.input(inputName(i), 'float32', shape));
  const y = write(graph, inputs);
  const shape = staticShape(y);
  const weights = createNoise('philox', 99).normal(elementCount(shape));
  const loss = graph.op('ReduceSum', [graph.op('Mul', [y, graph.floats(weights, shape)])], { keepdims: 0 });
  graph.output('loss', loss);
  const segments = segmentBytes === undefined ? [] : chooseSegments(graph, segmentBytes);
  differentiate(graph, loss, inputs, segments).forEach(({ gradient }, i) => graph.output(`d${i}`, gradient));
  return { model: graph.build('test'), segments };
}

function draw(shapes: readonly Shape[], seed: number, positive: boolean): Record<string, Doubles> {
  const noise = createNoise('philox', seed);
  return Object.fromEntries(
    shapes.map((shape, i) => {
      const values = Float64Array.from(noise.normal(elementCount(shape)));
      return [inputName(i), { shape, data: positive ? values.map((v) => Math.abs(v) + 0.5) : values }];
    }),
  );
}

/** Central differences in double precision. */
function differences(modelBytes: Uint8Array, feeds: Record<string, Doubles>, input: string): Float64Array {
  const { data, shape } = feeds[input] ?? { data: new Float64Array(), shape: [] };
  const lossAt = (changed: Float64Array): number =>
    evaluateGraph(modelBytes, { ...feeds, [input]: { shape, data: changed } }, ['loss']).get('loss')
      ?.data[0] ?? Number.NaN;
  const h = 1e-5;
  return data.map(
    (value, i) => (lossAt(data.with(i, value + h)) - lossAt(data.with(i, value - h))) / (2 * h),
  );
}

describe('each operator', () => {
  for (const [name, make] of Object.entries(cases)) {
    test(`${name}: as finite differences in double precision, and ONNX Runtime computes it`, async () => {
      for (const seed of [1, 2, 3]) {
        const { shapes, write } = make(seed);
        const { model } = build(shapes, write);
        const feeds = draw(shapes, seed, name.startsWith('Div'));
        const derived = evaluateGraph(model.modelBytes, feeds);
        const singles = Object.fromEntries(
          Object.entries(feeds).map(([key, { shape, data }]) => [
            key,
            vector(shape, Float32Array.from(data)),
          ]),
        );
        const run = await runOnce(model, singles);
        shapes.forEach((shape, i) => {
          const own = derived.get(`d${i}`);
          expect(own?.shape).toEqual(shape);
          const wanted = differences(model.modelBytes, feeds, inputName(i));
          expect(worst(own?.data ?? [], wanted)).toBeLessThan(2e-7);
          expect(worst(run[`d${i}`] ?? [], wanted)).toBeLessThan(2e-4);
        });
      }
    });
  }
});

/** The largest difference, against the largest of the wanted values. */
function worst(own: ArrayLike<number>, wanted: ArrayLike<number>): number {
  const size = Math.max(1, ...Array.from(wanted, Math.abs));
  return Math.max(...Array.from(wanted, (value, i) => Math.abs(value - (own[i] ?? Number.NaN)) / size));
}

test('a value used several times gets the sum of its gradients', () => {
  const { model } = build([[2, 2]], (graph, [x]) => {
    const y = graph.op('MatMul', [x, x]);
    return graph.op('Add', [graph.op('Mul', [y, x]), graph.op('Sigmoid', [y])]);
  });
  const feeds = draw([[2, 2]], 5, false);
  const own = evaluateGraph(model.modelBytes, feeds).get('d0');
  expect(worst(own?.data ?? [], differences(model.modelBytes, feeds, 'x0'))).toBeLessThan(2e-7);
});

test('a hand-derived case: the loss of (x·a)·b against a target', () => {
  // x = [1 2], a = [3 4]ᵀ, b = [5]: y = 55, loss = (55 - 50)² = 25, ∂b = 2·5·11 = 110, ∂a = 2·5·5·x = [50 100].
  const graph = new GraphBuilder();
  const a = graph.input('a', 'float32', [2, 1]);
  const b = graph.input('b', 'float32', [1, 1]);
  const x = graph.floats([1, 2], [1, 2]);
  const y = graph.op('MatMul', [graph.op('MatMul', [x, a]), b]);
  const off = graph.op('Sub', [y, graph.floats([50], [1, 1])]);
  const loss = graph.op('ReduceSum', [graph.op('Mul', [off, off])], { keepdims: 0 });
  for (const { of, gradient } of differentiate(graph, loss, [a, b])) graph.output(`d${of.name}`, gradient);
  const got = evaluateGraph(graph.build('test').modelBytes, {
    a: { shape: [2, 1], data: Float64Array.of(3, 4) },
    b: { shape: [1, 1], data: Float64Array.of(5) },
  });
  expect([...(got.get('da')?.data ?? [])]).toEqual([50, 100]);
  expect([...(got.get('db')?.data ?? [])]).toEqual([110]);
});

const deep: Write = (graph, [x, w]) => {
  let value = x as Value;
  for (let i = 0; i < 12; i++) {
    const turned = graph.op('MatMul', [value, w]);
    value = graph.op('Add', [graph.op('Mul', [turned, graph.op('Sigmoid', [turned])]), value]);
  }
  return value;
};

test('computing segments again changes no gradient', () => {
  const shapes = [
    [2, 3],
    [3, 3],
  ];
  const feeds = draw(shapes, 8, false);
  const kept = evaluateGraph(build(shapes, deep).model.modelBytes, feeds);
  const again = build(shapes, deep, 150);
  expect(again.segments.length).toBeGreaterThan(3);
  const computed = evaluateGraph(again.model.modelBytes, feeds);
  for (const name of ['d0', 'd1'])
    expect([...(computed.get(name)?.data ?? [])]).toEqual([...(kept.get(name)?.data ?? [])]);
});

test('only what leads to a wanted input is written', () => {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', [2, 2]);
  const w = graph.input('w', 'float32', [2, 2]);
  // A fused attention has no rule; it does not lead from w.
  const before = graph.op('com.microsoft.QuickGelu', [x]);
  const loss = graph.op('ReduceSum', [graph.op('MatMul', [before, w])], { keepdims: 0 });
  expect(differentiate(graph, loss, [w])).toHaveLength(1);
  expect(() => differentiate(graph, loss, [x])).toThrow('com.microsoft.QuickGelu');
});

test('a loss that does not depend on an input is refused', () => {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', [1]);
  const idle = graph.input('idle', 'float32', [1]);
  const loss = graph.op('ReduceSum', [x], { keepdims: 0 });
  expect(() => differentiate(graph, loss, [idle])).toThrow('idle');
});
