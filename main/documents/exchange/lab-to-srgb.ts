/** D50 white of the ICC's connection space (CSS Color 4, section 10.1). */
const WHITE = [0.3457 / 0.3585, 1, (1 - 0.3457 - 0.3585) / 0.3585] as const;

/** XYZ at D50 to linear sRGB at D65: Bradford adaptation and sRGB's primaries (CSS Color 4, sample code). */
const TO_D65 = [
  [0.955_473_421_488_075, -0.023_098_454_948_764_71, 0.063_259_243_200_570_72],
  [-0.028_369_709_333_863_7, 1.009_995_398_081_304_1, 0.021_041_441_191_917_323],
  [0.012_314_014_864_481_998, -0.020_507_649_298_898_964, 1.330_365_926_242_124],
] as const;
const TO_LINEAR = [
  [12_831 / 3959, -329 / 214, -1974 / 3959],
  [-851_781 / 878_810, 1_648_619 / 878_810, 36_519 / 878_810],
  [705 / 12_673, -2585 / 12_673, 705 / 667],
] as const;

type Matrix = readonly (readonly [number, number, number])[];

function times(matrix: Matrix, [x, y, z]: readonly [number, number, number]): [number, number, number] {
  const [a, b, c] = matrix.map((row) => row[0] * x + row[1] * y + row[2] * z);
  return [a as number, b as number, c as number];
}

function unfold(t: number): number {
  return t > 6 / 29 ? t ** 3 : (t - 16 / 116) * 3 * (6 / 29) ** 2;
}

/**
 * CIE Lab as PSD stores it (lightness 0..maximum, a* and b* offset by half the range, 1 / 256 of it a step of 8 bits) to
 * sRGB. Colours beyond sRGB are cut.
 */
export function labToSrgb(samples: Uint8Array | Uint16Array): Uint8Array | Uint16Array {
  const deep = samples instanceof Uint16Array;
  const maximum = deep ? 65535 : 255;
  const unit = deep ? 256 : 1;
  const out = samples.slice();
  for (let i = 0; i < samples.length; i += 3) {
    const lightness = ((samples[i] as number) / maximum) * 100;
    const a = (samples[i + 1] as number) / unit - 128;
    const b = (samples[i + 2] as number) / unit - 128;
    const fy = (lightness + 16) / 116;
    const xyz = [unfold(fy + a / 500) * WHITE[0], unfold(fy), unfold(fy - b / 200) * WHITE[2]] as const;
    const linear = times(TO_LINEAR, times(TO_D65, xyz));
    for (let k = 0; k < 3; k++) {
      const value = Math.min(1, Math.max(0, linear[k] as number));
      const encoded = value <= 0.003_130_8 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
      out[i + k] = Math.round(encoded * maximum);
    }
  }
  return out;
}
