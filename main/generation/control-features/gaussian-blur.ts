/** Standard deviations after which a Gaussian is cut off. */
const REACH = 3;

/** Weights of a Gaussian from -radius to radius, adding up to 1. */
export function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.max(1, Math.ceil(REACH * sigma));
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** A picture of one value a pixel blurred with standard deviation `sigma` in pixels; its border goes on outwards. */
export function gaussianBlur(
  values: Float64Array,
  width: number,
  height: number,
  sigma: number,
): Float64Array {
  const kernel = gaussianKernel(sigma);
  const across = convolve(values, kernel, width, height, 1, width);
  return convolve(across, kernel, height, width, width, 1);
}

/** Convolves `lines` lines of `length` values that lie `step` apart; lines begin `lineStep` apart. */
function convolve(
  values: Float64Array,
  kernel: Float64Array,
  length: number,
  lines: number,
  step: number,
  lineStep: number,
): Float64Array {
  const radius = (kernel.length - 1) / 2;
  const result = new Float64Array(values.length);
  for (let line = 0; line < lines; line++) {
    const begin = line * lineStep;
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let k = -radius; k <= radius; k++) {
        const from = Math.min(length - 1, Math.max(0, i + k));
        sum += (kernel[k + radius] ?? 0) * (values[begin + from * step] ?? 0);
      }
      result[begin + i * step] = sum;
    }
  }
  return result;
}
