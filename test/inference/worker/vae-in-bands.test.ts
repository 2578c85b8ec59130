import { afterAll, describe, expect, test } from 'vitest';
import { InferenceError } from '../../../main/inference/errors.ts';
import type { NetworkCache } from '../../../main/inference/sessions/network-cache.ts';
import { decodePicture } from '../../../main/inference/stages/decode.ts';
import { encodeImage } from '../../../main/inference/stages/encode-image.ts';
import { groupStatistics } from '../../../main/inference/stages/group-statistics.ts';
import type { LatentShape } from '../../../main/inference/stages/latent-scale.ts';
import { openModel } from '../../../main/inference/stages/opened-model.ts';
import { decodeInBands, encodeInBands } from '../../../main/inference/stages/vae-in-bands.ts';
import { createNoise } from '../../../native-models/noise/create-noise.ts';
import { openReference, type ReferenceName, referenceFolder } from '../../fixtures/reference-case.ts';
import { relativeError } from '../../fixtures/vectors.ts';
import { embeddedModel, freshMemory } from './worker-memory.ts';

const compute = { provider: 'cpu', precision: 'fp32', threads: 1 } as const;
const { networks } = freshMemory();
afterAll(() => networks.clear());

/** A cache on a machine whose memory holds no autoencoder whole. */
const small: NetworkCache = {
  ...networks,
  get: (request) =>
    request.name.startsWith('VAE')
      ? Promise.reject(new InferenceError('inference/out-of-memory', 'Too large.', 'Smaller.'))
      : networks.get(request),
};

/** Numbers that no band is like another of. */
function landscape({ channels, height, width }: LatentShape): Float32Array {
  return Float32Array.from(
    { length: channels * height * width },
    (_, i) => Math.sin(i * 0.37) + 2 * Math.sin((i % (height * width)) / (3 * width)),
  );
}

async function compare(path: string, shape: LatentShape, bandBytes: number): Promise<[number, number]> {
  const model = await openModel(path);
  const notes = new Set<string>();
  const whole = { model, networks, compute, notes };
  const latent = landscape(shape);
  const planes = await decodePicture(latent, shape, whole);
  const { scalingFactor: scale, shiftFactor: shift } = model.vae.config;
  const own = latent.map((value) => value / scale + shift);
  const bands = await decodeInBands(own, shape, { model, compute, notes, bandBytes });
  const picture = planes.map((value) => Math.max(-1, Math.min(1, value)));
  const encoded = await encodeImage(picture, shape, createNoise('philox', 1), whole);
  const moments = await encodeInBands(picture, shape, { model, compute, notes, bandBytes });
  const [, height, width] = [shape.channels, shape.height, shape.width];
  const count = shape.channels * height * width;
  const drawn = createNoise('philox', 1).normal(count);
  const sampled = drawn.map(
    (value, i) => (moments[i]! + Math.exp(moments[count + i]! / 2) * value - shift) * scale,
  );
  expect([...notes]).toEqual([]);
  return [relativeError(bands, planes), relativeError(sampled, encoded)];
}

describe('an autoencoder in bands', () => {
  test.each([
    ['of several rows', { channels: 16, height: 5, width: 3 }, 2 ** 18],
    ['of one row where it can be', { channels: 16, height: 2, width: 1 }, 1],
    ['all in one', { channels: 16, height: 2, width: 3 }, 2 ** 30],
  ])('%s gives what the whole gives', async (_name, shape, bytes) => {
    const [decoded, encoded] = await compare(embeddedModel, shape, bytes);
    expect(decoded).toBeLessThan(1e-4);
    expect(encoded).toBeLessThan(1e-4);
  });

  test.skipIf(referenceFolder === undefined).each<ReferenceName>(['sd15-tiny', 'sdxl-tiny'])(
    'of %s, with attention in the middle, too (needs ../shared/reference)',
    async (name) => {
      const reference = await openReference(name, 'diffusers', 'F16');
      const [decoded, encoded] = await compare(reference.path, { channels: 4, height: 7, width: 5 }, 2 ** 16);
      reference.dispose();
      expect(decoded).toBeLessThan(1e-4);
      expect(encoded).toBeLessThan(1e-4);
    },
  );

  test('is the same to the bit however it is cut, so that no seam is there to be seen', async () => {
    const model = await openModel(embeddedModel);
    const shape = { channels: 16, height: 9, width: 4 };
    const { scalingFactor: scale, shiftFactor: shift } = model.vae.config;
    const latent = landscape(shape);
    const own = latent.map((value) => value / scale + shift);
    const cut = (bandBytes: number) =>
      decodeInBands(own, shape, { model, compute, notes: new Set(), bandBytes });
    const single = await cut(2 ** 40);
    for (const bytes of [2 ** 19, 2 ** 20]) expect(await cut(bytes)).toEqual(single);
    // Against the whole graph: no row is further off than rounding makes all of them, wherever bands end.
    const whole = await decodePicture(latent, shape, { model, networks, compute, notes: new Set() });
    const width = shape.width * model.cell;
    const rows = Array.from({ length: shape.height * model.cell }, (_, y) => {
      const row = (of: Float32Array): Float32Array => of.subarray(y * width, (y + 1) * width);
      return relativeError(row(single), row(whole));
    }).toSorted((a, b) => a - b);
    const median = rows[rows.length >> 1]!;
    expect(rows.at(-1)).toBeLessThan(10 * median + 1e-6);
    expect(rows.at(-1)).toBeLessThan(1e-4);
  });

  test('is taken where memory does not hold it whole, and told of', async () => {
    const model = await openModel(embeddedModel);
    const shape = { channels: 16, height: 2, width: 3 };
    const notes = new Set<string>();
    const latent = landscape(shape);
    const bands = await decodePicture(latent, shape, { model, networks: small, compute, notes });
    const whole = await decodePicture(latent, shape, { model, networks, compute, notes });
    expect(relativeError(bands, whole)).toBeLessThan(1e-4);
    await encodeImage(whole, shape, createNoise('philox', 1), { model, networks: small, compute, notes });
    expect([...notes]).toEqual([
      'The picture was decoded in bands, as memory does not hold it whole: slower, and the same picture.',
      'The picture to start from was encoded in bands, as memory does not hold it whole: slower, and the same.',
    ]);
  });

  test('stops between bands when nobody wants it any more', async () => {
    const model = await openModel(embeddedModel);
    const shape = { channels: 16, height: 4, width: 4 };
    let bands = 0;
    const use = {
      model,
      compute,
      notes: new Set<string>(),
      bandBytes: 2 ** 16,
      beforeBand: async () => {
        bands += 1;
        if (bands > 3) throw new Error('cancelled');
      },
    };
    await expect(decodeInBands(landscape(shape), shape, use)).rejects.toThrow('cancelled');
    expect(bands).toBe(4);
  });

  test('normalises by the whole map: mean and deviation of each group in float64', () => {
    const values = Float32Array.of(1, 3, 5, 7, 10, 10, 10, 10);
    const { mean, inverse } = groupStatistics(values, 4, 2);
    expect([...mean]).toEqual([4, 4, 10, 10]);
    expect(inverse[0]).toBeCloseTo(1 / Math.sqrt(5), 6);
    expect(inverse[2]).toBeCloseTo(1000, 0);
  });
});
