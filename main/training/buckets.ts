/** A size of training pictures, in pixels. */
export interface Bucket {
  readonly width: number;
  readonly height: number;
}

/** The most that a side is of the other one. */
const MOST_ASPECT = 2.5;

/**
 * The sizes that pictures are trained at (aspect ratio bucketing): both sides multiples of `multiple`, no more cells than the
 * square of `size` has, and for each width the greatest height.
 */
export function listBuckets(size: number, multiple: number): Bucket[] {
  const area = size * size;
  const buckets: Bucket[] = [];
  for (let width = multiple; width <= size * MOST_ASPECT; width += multiple) {
    const height = Math.floor(area / width / multiple) * multiple;
    if (height === 0 || Math.max(width / height, height / width) > MOST_ASPECT) continue;
    buckets.push({ width, height });
  }
  return buckets;
}

/** The bucket whose shape is nearest to a picture's, the larger of two that are equally near. */
export function bucketFor(width: number, height: number, buckets: readonly Bucket[]): Bucket {
  const off = (bucket: Bucket): number => Math.abs(Math.log((bucket.width / bucket.height / width) * height));
  const [first, ...others] = buckets;
  if (first === undefined) throw new RangeError('there is no bucket');
  return others.reduce((best, bucket) => {
    const nearer = off(bucket) - off(best);
    if (Math.abs(nearer) > 1e-9) return nearer < 0 ? bucket : best;
    return bucket.width * bucket.height > best.width * best.height ? bucket : best;
  }, first);
}
