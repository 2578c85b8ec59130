import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeModel } from '../../../../native-models/onnx/decode-model.ts';
import type { ExternalTensor } from '../../../../native-models/onnx/external-tensor.ts';
import { GraphBuilder } from '../../../../native-models/onnx/graph-builder.ts';

const weight = (name: string, file: string, shape: readonly number[] = [4, 3]): ExternalTensor => ({
  name,
  file,
  offset: 1234,
  length: shape.reduce((a, b) => a * b, 2),
  dtype: 'float16',
  shape,
});

describe('a graph builder', () => {
  it('knows each value’s type and shape as soon as it exists', () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float32', [2, 5, 3]);
    const w = graph.cast(graph.external(weight('w', '/models/a.safetensors')), 'float32');
    const y = graph.op('MatMul', [x, graph.transpose(w, [1, 0])]);
    expect(y).toMatchObject({ dtype: 'float32', shape: [2, 5, 4] });
    expect(graph.reshape(y, [2, -1, 2])).toMatchObject({ shape: [2, 10, 2] });
    const rank = graph.input('a', 'float32', [3, 'rank']);
    expect(graph.op('MatMul', [x, rank]).shape).toEqual([2, 5, 'rank']);
  });

  it.each([
    [
      'a product of other widths',
      (g: GraphBuilder) => g.op('MatMul', [g.input('a', 'float32', [2, 3]), g.input('b', 'float32', [4, 2])]),
      /MatMul: .*\[2, 3\] times .*\[4, 2\]/,
    ],
    [
      'mixed types',
      (g: GraphBuilder) => g.op('Add', [g.input('a', 'float32', [2]), g.input('b', 'float16', [2])]),
      /float32 and float16/,
    ],
    [
      'shapes that do not broadcast',
      (g: GraphBuilder) => g.op('Add', [g.input('a', 'float32', [2]), g.input('b', 'float32', [3])]),
      /do not broadcast/,
    ],
    [
      'another number of elements',
      (g: GraphBuilder) => g.reshape(g.input('a', 'float32', [2, 3]), [4, -1]),
      /cannot be seen/,
    ],
    [
      'a split that is not even',
      (g: GraphBuilder) => g.ops('Split', [g.input('a', 'float32', [5])], { num_outputs: 2 })[0],
      /does not split/,
    ],
    [
      'an operator without a rule',
      (g: GraphBuilder) => g.op('Frobnicate', []),
      /no shape rule for Frobnicate/,
    ],
    [
      'two values of one name',
      (g: GraphBuilder) => [g.input('a', 'float32', []), g.input('a', 'float32', [])],
      /two values are called a/,
    ],
  ])('refuses %s where it is written', (_, write, message) => {
    expect(() => write(new GraphBuilder())).toThrow(message);
  });

  it('points at weights in the deepest folder that holds all their files', () => {
    const graph = new GraphBuilder();
    const shard = graph.external(weight('one', path.resolve('/models/sd/unet/1.safetensors')));
    graph.external(weight('two', path.resolve('/models/sd/vae/2.safetensors')));
    graph.output('y', graph.cast(shard, 'float32'));
    const model = graph.build('test');
    expect(model.externalDataFolder).toBe(path.resolve('/models/sd'));
    const decoded = decodeModel(model.modelBytes);
    expect([...decoded.external]).toEqual(['one', 'two']);
    expect(decoded.outputs).toMatchObject([{ name: 'y', dtype: 'float32', shape: [4, 3] }]);
  });

  it('writes the same weight or small constant once', () => {
    const graph = new GraphBuilder();
    const w = weight('w', '/models/a.safetensors');
    expect(graph.external(w)).toBe(graph.external(w));
    expect(graph.integers([1, 2])).toBe(graph.integers([1, 2]));
    expect(graph.floats([0.5])).toBe(graph.floats([0.5]));
    expect(graph.floats([0.5])).not.toBe(graph.floats([0.25]));
  });

  it('lists nodes that prepare weights before all others', () => {
    const graph = new GraphBuilder();
    const x = graph.op('Sigmoid', [graph.input('x', 'float32', [4, 3])]);
    const w = graph.cast(graph.external(weight('w', '/models/a.safetensors')), 'float32');
    graph.output('y', graph.op('Mul', [x, w]));
    const { nodes } = decodeModel(graph.build('test').modelBytes);
    expect(nodes.map((node) => node.operator)).toEqual(['Cast', 'Sigmoid', 'Mul', 'Identity']);
  });
});
