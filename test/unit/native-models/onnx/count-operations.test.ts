import { describe, expect, it } from 'vitest';
import { countOperations } from '../../../../native-models/onnx/count-operations.ts';
import { GraphBuilder } from '../../../../native-models/onnx/graph-builder.ts';
import type { Value } from '../../../../native-models/onnx/value.ts';

function count(build: (graph: GraphBuilder) => Value, rank?: number) {
  const graph = new GraphBuilder();
  graph.output('y', build(graph));
  return countOperations(graph.build('test').modelBytes, rank);
}

describe('operations of', () => {
  it('a product of stacks of matrices: 2 · 3 · 4 · 5 · 6', () => {
    const { matrix } = count((graph) =>
      graph.op('MatMul', [graph.input('a', 'float32', [3, 4, 5]), graph.input('b', 'float32', [5, 6])]),
    );
    expect(matrix).toBe(2 * 3 * 4 * 5 * 6);
  });

  it('a convolution with a stride: as many results, each over one filter', () => {
    const { convolution } = count((graph) =>
      graph.op(
        'Conv',
        [graph.input('x', 'float32', [2, 8, 10, 10]), graph.input('w', 'float32', [4, 8, 3, 3])],
        {
          kernel_shape: [3, 3],
          strides: [2, 2],
          pads: [1, 1, 1, 1],
        },
      ),
    );
    expect(convolution).toBe(2 * (2 * 4 * 5 * 5) * (8 * 9));
  });

  it('attention: scores and weighted sums', () => {
    const { attention } = count((graph) => {
      const query = graph.input('q', 'float32', [2, 64, 32]);
      const [key, value] = ['k', 'v'].map((name) => graph.input(name, 'float32', [2, 77, 32]));
      return graph.op('com.microsoft.MultiHeadAttention', [query, key, value], { num_heads: 4 });
    });
    expect(attention).toBe(2 * (2 * 2 * 64 * 77 * 32));
  });

  it('a product over a free rank, at the rank that is asked about', () => {
    const build = (graph: GraphBuilder): Value => {
      const down = graph.op('MatMul', [
        graph.input('x', 'float32', [7, 16]),
        graph.input('a', 'float32', [16, 'rank']),
      ]);
      return graph.op('MatMul', [down, graph.input('b', 'float32', ['rank', 8])]);
    };
    expect(count(build, 4).matrix).toBe(2 * 7 * 4 * (16 + 8));
    expect(count(build).matrix).toBe(2 * 7 * (16 + 8));
  });

  it('what acts on each element alone: none', () => {
    const none = count((graph) => graph.op('Sigmoid', [graph.input('x', 'float32', [9, 9])]));
    expect(none).toEqual({ matrix: 0, convolution: 0, attention: 0 });
  });
});
