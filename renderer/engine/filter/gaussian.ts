/** From this deviation on boxes are used: a kernel's cost grows with it, theirs does not. */
const BOXES_FROM = 6;
/** Boxes one after another; eight follow a Gaussian's step within 1/255. */
const BOXES = 8;

/** How far a blur reaches, in pixels. */
export function gaussianReach(deviation: number): number {
  return Math.ceil(3.2 * deviation) + 1;
}

interface Line {
  readonly start: number;
  readonly stride: number;
  readonly count: number;
}

/** Weights of a Gaussian, `2 * gaussianReach + 1` of them, with a sum of 1. @param deviation in pixels, above 0. */
export function gaussianKernel(deviation: number): Float64Array {
  const radius = gaussianReach(deviation);
  const kernel = new Float64Array(2 * radius + 1);
  let sum = 0;
  for (let i = -radius; i <= radius; i++) {
    const weight = Math.exp(-(i * i) / (2 * deviation * deviation));
    kernel[i + radius] = weight;
    sum += weight;
  }
  return kernel.map((weight) => weight / sum);
}

function convolve(values: Float32Array, line: Line, kernel: Float64Array, room: Float64Array): void {
  const { start, stride, count } = line;
  const radius = (kernel.length - 1) / 2;
  for (let i = 0; i < count; i++) room[i] = values[start + i * stride] as number;
  for (let i = 0; i < count; i++) {
    let sum = 0;
    const from = Math.max(0, i - radius);
    const to = Math.min(count - 1, i + radius);
    for (let j = from; j <= to; j++) sum += (room[j] as number) * (kernel[j - i + radius] as number);
    values[start + i * stride] = sum;
  }
}

/**
 * Extended boxes (Gwosdek, Grewenig, Bruhn, Weickert 2011, "Theoretical Foundations of Gaussian Convolution by Extended Box
 * Filtering"): a whole number of full pixels and a share of one more at either end, so that the variance is met exactly.
 */
function box(deviation: number): { readonly radius: number; readonly share: number; readonly full: number } {
  const variance = (deviation * deviation) / BOXES;
  const radius = Math.floor(0.5 * Math.sqrt(12 * variance + 1) - 0.5);
  const share =
    ((2 * radius + 1) * (radius * (radius + 1) - 3 * variance)) / (6 * (variance - (radius + 1) ** 2));
  return { radius, share, full: 2 * radius + 1 + 2 * share };
}

function boxes(
  values: Float32Array,
  { start, stride, count }: Line,
  { radius, share, full }: ReturnType<typeof box>,
  room: Float64Array,
  other: Float64Array,
): void {
  let from = room;
  let to = other;
  for (let i = 0; i < count; i++) from[i] = values[start + i * stride] as number;
  const at = (i: number): number => (i < 0 || i >= count ? 0 : (from[i] as number));
  for (let pass = 0; pass < BOXES; pass++) {
    let sum = 0;
    for (let i = 0; i <= Math.min(radius, count - 1); i++) sum += from[i] as number;
    for (let i = 0; i < count; i++) {
      to[i] = (sum + share * (at(i - radius - 1) + at(i + radius + 1))) / full;
      sum += at(i + radius + 1) - at(i - radius);
    }
    [from, to] = [to, from];
  }
  for (let i = 0; i < count; i++) values[start + i * stride] = from[i] as number;
}

/**
 * Blurs premultiplied RGBA in place; beyond the rectangle everything is transparent.
 * @param values `width * height * 4` numbers.
 * @param deviation of the Gaussian, in pixels, above 0. To 6 pixels a kernel, beyond it boxes within 1/255.
 */
export function gaussianBlur(values: Float32Array, width: number, height: number, deviation: number): void {
  const longest = Math.max(width, height);
  const room = new Float64Array(longest);
  const other = new Float64Array(longest);
  const kernel = deviation < BOXES_FROM ? gaussianKernel(deviation) : null;
  const shape = box(deviation);
  const blur = (line: Line): void =>
    kernel ? convolve(values, line, kernel, room) : boxes(values, line, shape, room, other);
  for (let y = 0; y < height; y++)
    for (let k = 0; k < 4; k++) blur({ start: y * width * 4 + k, stride: 4, count: width });
  for (let x = 0; x < width; x++)
    for (let k = 0; k < 4; k++) blur({ start: x * 4 + k, stride: width * 4, count: height });
}
