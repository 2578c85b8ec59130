/** Of an autoencoder's normalisations. */
const EPSILON = 1e-6;

/** Each channel's group's mean, and one over its standard deviation; as many as there are channels. */
export interface GroupStatistics {
  readonly mean: Float32Array;
  readonly inverse: Float32Array;
}

/**
 * The statistics of a group normalisation (arXiv:1803.08494) over a whole map, summed in float64.
 *
 * @param values `[channels, height, width]`
 */
export function groupStatistics(values: Float32Array, channels: number, groups: number): GroupStatistics {
  const mean = new Float32Array(channels);
  const inverse = new Float32Array(channels);
  const size = values.length / groups;
  const each = channels / groups;
  for (let group = 0; group < groups; group += 1) {
    const part = values.subarray(group * size, (group + 1) * size);
    // Around a value of the group's own, so that squares of a far mean take no digits from the spread.
    const near = part[0] ?? 0;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < size; i += 1) {
      const value = (part[i] as number) - near;
      sum += value;
      squares += value * value;
    }
    const offset = sum / size;
    const variance = Math.max(0, squares / size - offset * offset);
    mean.fill(near + offset, group * each, (group + 1) * each);
    inverse.fill(1 / Math.sqrt(variance + EPSILON), group * each, (group + 1) * each);
  }
  return { mean, inverse };
}
