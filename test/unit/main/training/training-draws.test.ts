import { expect, test } from 'vitest';
import { createPhilox } from '../../../../native-models/noise/philox.ts';
import { philoxUniform } from '../../../../native-models/noise/philox-uniform.ts';
import { trainingDraws } from '../../../../main/training/training-draws.ts';

test('every picture is seen once before any is seen again, each time in another order', () => {
  const draws = trainingDraws(3, 7, 2, 1000);
  const rounds = [0, 1, 2].map((round) => Array.from({ length: 7 }, (_, i) => draws.picture(round * 7 + i)));
  for (const round of rounds) expect(round.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(new Set(rounds.map(String)).size).toBe(3);
});

test('a draw follows from its number alone, whatever was drawn before', () => {
  const [one, other] = [trainingDraws(5, 9, 4, 1000), trainingDraws(5, 9, 4, 1000)];
  for (let n = 0; n < 30; n++) one.picture(n);
  for (const n of [40, 12]) {
    expect(one.picture(n)).toBe(other.picture(n));
    expect(one.timestep(n)).toBe(other.timestep(n));
    expect(one.noise(n, 8)).toEqual(other.noise(n, 8));
  }
  expect(trainingDraws(6, 9, 4, 1000).noise(0, 8)).not.toEqual(one.noise(0, 8));
});

test('the timesteps of a batch lie in parts of their own, and are uniform over many', () => {
  const draws = trainingDraws(1, 4, 4, 1000);
  const drawn = Array.from({ length: 4000 }, (_, n) => draws.timestep(n));
  drawn.forEach((t, n) => {
    expect(t).toBeGreaterThanOrEqual((n % 4) * 250);
    expect(t).toBeLessThan((n % 4) * 250 + 250);
  });
  const mean = drawn.reduce((sum, t) => sum + t, 0) / drawn.length;
  expect(Math.abs(mean - 499.5)).toBeLessThan(8);
});

test('uniform numbers are of the counters that normal ones are made of', () => {
  const values = philoxUniform(42n, 7, 5000);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThan(1);
  expect(mean).toBeCloseTo(0.5, 1);
  // Box and Muller's radius comes from the first word: √(−2 ln u) is the most that the normal value can be.
  createPhilox(42n, 7)
    .normal(5000)
    .forEach((normal, i) => {
      expect(Math.abs(normal)).toBeLessThanOrEqual(
        Math.sqrt(-2 * Math.log(Math.max(values[i] ?? 0, 1e-10))) + 1e-3,
      );
    });
});
