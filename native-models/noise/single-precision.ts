/**
 * Logarithm, sine and cosine in float32 as PyTorch's vectorised CPU kernels round them: Cephes' `logf`, `sinf` and
 * `cosf` (Moshier) in the AVX2 form of Pommier and Garberoglio (`avx_mathfun.h`), with the multiply-adds
 * fused that a compiler with FMA fuses there.
 */

const f32 = Math.fround;
const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

/** a · b + c rounded once: the product of two float32 is exact in float64. */
const fused = (a: number, b: number, c: number): number => f32(a * b + c);

const LOG = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(f32);
const SQRT_HALF = f32(Math.SQRT1_2);
const LEAST_NORMAL = f32(1.17549435e-38);
/** Natural logarithm of 2 in two parts, the small one first. */
const [LN2_LOW, LN2_HIGH] = [f32(-2.1219444e-4), f32(0.693359375)];

/** Natural logarithm of a positive float32. */
export function logSingle(value: number): number {
  float[0] = Math.max(value, LEAST_NORMAL);
  const bits = word[0] ?? 0;
  let exponent = (bits >>> 23) - 0x7e;
  word[0] = (bits & 0x007fffff) | 0x3f000000;
  const mantissa = float[0] ?? 0;
  let x = f32(mantissa - 1);
  if (mantissa < SQRT_HALF) {
    exponent -= 1;
    x = f32(x + mantissa);
  }
  const z = f32(x * x);
  let y = 0;
  for (const coefficient of LOG) y = fused(y, x, coefficient);
  y = fused(f32(y * x), z, f32(exponent * LN2_LOW));
  y = f32(y - z * 0.5);
  return fused(exponent, LN2_HIGH, f32(x + y));
}

const FOUR_OVER_PI = f32(4 / Math.PI);
const COSINE = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2].map(f32);
const SINE = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1].map(f32);
/** Pi / 4 in three parts, for the reduction to a small angle. */
const PI_PARTS = [-0.78515625, -2.4187564849853516e-4, -3.774894977445941e-8].map(f32);

/** Sine and cosine of a float32 from 0 to a few thousand. */
export function sineCosineSingle(angle: number): readonly [number, number] {
  const octant = (Math.trunc(f32(angle * FOUR_OVER_PI)) + 1) & ~1;
  let x = angle;
  for (const part of PI_PARTS) x = fused(octant, part, x);
  const z = f32(x * x);
  let c = 0;
  for (const coefficient of COSINE) c = fused(c, z, coefficient);
  c = f32(f32(f32(c * z) * z - z * 0.5) + 1);
  let s = 0;
  for (const coefficient of SINE) s = fused(s, z, coefficient);
  s = fused(f32(s * z), x, x);
  const [sine, cosine] = (octant & 2) === 0 ? [s, c] : [c, s];
  return [(octant & 4) === 0 ? sine : -sine, ((octant - 2) & 4) === 0 ? -cosine : cosine];
}
