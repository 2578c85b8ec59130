/**
 * The rate of a step: rising in a straight line over the first twentieth of the steps (100 at most), then falling as half a
 * cosine (Loshchilov and Hutter 2017, eq. 5) to a tenth.
 *
 * @param step counted from 1, up to `steps`.
 */
export function learningRate(rate: number, step: number, steps: number): number {
  const warmUp = Math.min(100, Math.ceil(steps / 20));
  if (step <= warmUp) return (rate * step) / warmUp;
  const share = (step - warmUp) / Math.max(1, steps - warmUp);
  const least = rate / 10;
  return least + ((rate - least) * (1 + Math.cos(Math.PI * share))) / 2;
}
