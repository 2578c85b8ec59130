/**
 * Rounds to IEEE 754 binary16, ties to even, and returns the 16 bits of each value.
 * Values beyond 65,504 become infinities.
 */
export function toHalfBits(values: ArrayLike<number>): Uint16Array<ArrayBuffer> {
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) bits[i] = halfBits(values[i] ?? 0);
  return bits;
}

function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  if (size >= 65_520) return sign | 0x7c00;
  // Below 2^-14 the spacing stays that of 2^-14: subnormal numbers.
  const exponent = Math.max(-14, Math.floor(Math.log2(size || 2 ** -30)));
  const steps = roundToEven(size / 2 ** (exponent - 10));
  // A carry out of the fraction lands in the exponent, which is where it belongs.
  return sign | (exponent === -14 ? steps : ((exponent + 14) << 10) + steps);
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
