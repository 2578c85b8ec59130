import type { Coverage } from './coverage.ts';

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** Fewer pixels around a mask than these tell nothing of its colours. */
const LEAST_PIXELS = 64;
/** An autoencoder shifts colours by little: more than this is another subject, not a shift. */
const MOST_GAIN = 1.25;

/** How one channel was shifted: `value · gain + offset` takes it back. */
export interface ChannelShift {
  readonly gain: number;
  readonly offset: number;
}

/**
 * How the colours of a picture that went through the autoencoder differ from its own where nothing was painted: mean and
 * spread of each channel there (Reinhard et al. 2001, "Color Transfer between Images", in the picture's encoded space).
 *
 * @param decoded and `original` of one size; `mask` is 0 where nothing was painted.
 */
export function measureShift(decoded: Pixels, original: Pixels, { coverage }: Coverage): ChannelShift[] {
  return [0, 1, 2].map((channel) => {
    let [n, sumD, sumO, squareD, squareO] = [0, 0, 0, 0, 0];
    for (let i = 0; i < coverage.length; i++) {
      // Transparent pixels have no colour to compare.
      if (coverage[i] !== 0 || original.rgba[i * 4 + 3] !== 255) continue;
      const d = decoded.rgba[i * 4 + channel] ?? 0;
      const o = original.rgba[i * 4 + channel] ?? 0;
      n += 1;
      sumD += d;
      sumO += o;
      squareD += d * d;
      squareO += o * o;
    }
    if (n < LEAST_PIXELS) return { gain: 1, offset: 0 };
    const [meanD, meanO] = [sumD / n, sumO / n];
    const spreadD = Math.sqrt(Math.max(0, squareD / n - meanD * meanD));
    const spreadO = Math.sqrt(Math.max(0, squareO / n - meanO * meanO));
    // In a flat surround the spread is the coding noise's, and says nothing.
    const ratio = spreadD < 4 || spreadO < 4 ? 1 : spreadO / spreadD;
    const gain = Math.min(MOST_GAIN, Math.max(1 / MOST_GAIN, ratio));
    return { gain, offset: meanO - meanD * gain };
  });
}

/** Takes a share of a measured shift off every pixel; alpha stays. */
export function takeShiftOff(pixels: Pixels, shift: readonly ChannelShift[], share: number): Pixels {
  if (share === 0) return pixels;
  const rgba = new Uint8Array(pixels.rgba);
  const tables = shift.map(({ gain, offset }) =>
    Uint8ClampedArray.from({ length: 256 }, (_, value) => value + share * (value * gain + offset - value)),
  );
  for (let i = 0; i < rgba.length; i++) {
    const table = tables[i % 4];
    if (table) rgba[i] = table[rgba[i] ?? 0] ?? 0;
  }
  return { ...pixels, rgba };
}
