import { expect, test } from 'vitest';
import { assertFits, planMemory } from '../../../../../main/inference/sessions/memory-plan.ts';
import { GraphBuilder } from '../../../../../native-models/onnx/graph-builder.ts';

const GIB = 2 ** 30;

test('a chain of products holds two of its values at once', () => {
  const g = new GraphBuilder();
  let x = g.input('x', 'float32', [1024, 1024]);
  for (let i = 0; i < 5; i += 1) x = g.op('Tanh', [g.op('MatMul', [x, x])]);
  g.output('y', x);
  const { held, mapped } = planMemory(g.build('chain'), { weightBytes: 0 });
  const value = 4 * 1024 ** 2;
  expect(mapped).toBe(0);
  expect(held).toBeGreaterThanOrEqual(3 * value);
  expect(held).toBeLessThanOrEqual(6 * value);
});

test('what does not fit is refused with both numbers', () => {
  expect(() => assertFits('UNet', { held: 20 * GIB, mapped: 0, activations: 0 }, 16 * GIB)).toThrow(
    'The UNet needs about 20.0 GiB at this size; this machine has 16.0 GiB.',
  );
  expect(() =>
    assertFits('UNet', { held: 10 * GIB, mapped: 60 * GIB, activations: 0 }, 16 * GIB),
  ).not.toThrow();
});
