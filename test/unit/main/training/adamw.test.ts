import { expect, test } from 'vitest';
import { ADAMW_DEFAULTS, adamwStep } from '../../../../main/training/adamw.ts';
import { learningRate } from '../../../../main/training/learning-rate.ts';

test('a first step by hand: g/|g| of the rate, after decay', () => {
  const state = { parameters: Float32Array.of(1), first: new Float32Array(1), second: new Float32Array(1) };
  adamwStep(state, Float32Array.of(0.5), 1, { ...ADAMW_DEFAULTS, rate: 0.1 });
  // m̂ = g, v̂ = g²: 1·(1 − 0.1·0.01) − 0.1·0.5/(0.5 + 1e-8) = 0.999 − 0.1.
  expect(state.parameters[0]).toBeCloseTo(0.899, 6);
  expect(state.first[0]).toBeCloseTo(0.05, 7);
  expect(state.second[0]).toBeCloseTo(0.00025, 8);
});

test('fifty steps as the paper writes them, in double precision', () => {
  const gradient = (i: number, step: number): number => Math.sin(i * 1.7 + step * 0.9) * (1 + i);
  const state = {
    parameters: Float32Array.of(0.3, -2, 5),
    first: new Float32Array(3),
    second: new Float32Array(3),
  };
  const [theta, m, v] = [
    [0.3, -2, 5],
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (let t = 1; t <= 50; t++) {
    const gradients = Float32Array.from([0, 1, 2], (i) => gradient(i, t));
    adamwStep(state, gradients, t, { ...ADAMW_DEFAULTS, rate: 0.01, weightDecay: 0.1 });
    for (let i = 0; i < 3; i++) {
      const g = gradients[i] ?? 0;
      m[i] = 0.9 * (m[i] ?? 0) + 0.1 * g;
      v[i] = 0.999 * (v[i] ?? 0) + 0.001 * g * g;
      const [mean, square] = [(m[i] ?? 0) / (1 - 0.9 ** t), (v[i] ?? 0) / (1 - 0.999 ** t)];
      theta[i] = (theta[i] ?? 0) - 0.01 * (mean / (Math.sqrt(square) + 1e-8) + 0.1 * (theta[i] ?? 0));
    }
  }
  state.parameters.forEach((value, i) => expect(value).toBeCloseTo(theta[i] ?? Number.NaN, 4));
});

test('the rate warms up in a line and falls to a tenth', () => {
  expect(learningRate(1, 1, 400)).toBeCloseTo(1 / 20);
  expect(learningRate(1, 20, 400)).toBe(1);
  expect(learningRate(1, 210, 400)).toBeCloseTo(0.55);
  expect(learningRate(1, 400, 400)).toBeCloseTo(0.1);
  expect(learningRate(1, 1, 1)).toBe(1);
});
