import { describe, expect, test } from 'vitest';
import { createNoise } from '../../../../../native-models/noise/create-noise.ts';
import { changeLevel, enterNoise } from '../../../../../main/inference/samplers/enter-noise.ts';

const COUNT = 20_000;
const draw = (seed: number): Float32Array => createNoise('philox', seed).normal(COUNT);
const level = { alpha: 0.8, sigma: 0.6 };
const clean = draw(1).map((value) => value * 0.5);
const own = draw(2);
const fresh = draw(3);
const latent = clean.map((x, i) => level.alpha * x + level.sigma * own[i]!);
/** The noise in a latent, by the definition of its level. */
const noiseIn = (values: Float32Array): Float64Array =>
  Float64Array.from(values, (x, i) => (x - level.alpha * clean[i]!) / level.sigma);
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0) / COUNT;

test('at 0 degrees the latent comes back as it is', () => {
  expect(enterNoise(latent, clean, fresh, level, 0)).toBe(latent);
});

test('at 90 degrees it is the clean sample under fresh noise, to the bit where there is no clean sample', () => {
  const turned = enterNoise(latent, clean, fresh, level, 90);
  expect(Math.max(...noiseIn(turned).map((x, i) => Math.abs(x - fresh[i]!)))).toBeLessThan(1e-5);
  const none = new Float32Array(COUNT);
  const begun = enterNoise(own, none, fresh, { alpha: 0, sigma: 14.6 }, 90);
  expect(begun).toEqual(fresh.map((z) => z * 14.6));
});

describe.each([15, 30, 45, 60, 75])('at %d degrees', (theta) => {
  const noise = noiseIn(enterNoise(latent, clean, fresh, level, theta));
  const [cosine, sine] = [Math.cos((theta * Math.PI) / 180), Math.sin((theta * Math.PI) / 180)];

  test('its noise is cos θ of the old and sin θ of the fresh, computed in double precision', () => {
    const wanted = noiseIn(latent).map((x, i) => cosine * x + sine * fresh[i]!);
    expect(Math.max(...noise.map((x, i) => Math.abs(x - wanted[i]!)))).toBeLessThan(1e-5);
  });

  test('there is as much of it as before', () => {
    expect(dot(noise, noise)).toBeCloseTo(1, 1);
    expect(dot(noise, own)).toBeCloseTo(cosine, 1);
  });
});

test('another level of noise keeps the picture and the noise that are in a latent', () => {
  const other = { alpha: 0.95, sigma: Math.sqrt(1 - 0.95 ** 2) };
  const moved = changeLevel(latent, clean, level, other);
  const wanted = clean.map((x, i) => other.alpha * x + other.sigma * own[i]!);
  expect(Math.max(...moved.map((x, i) => Math.abs(x - wanted[i]!)))).toBeLessThan(1e-5);
  expect(changeLevel(latent, clean, level, { ...level })).toBe(latent);
});
