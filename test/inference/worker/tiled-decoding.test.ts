import { expect, test } from 'vitest';
import { decodePicture } from '../../../main/inference/stages/decode.ts';
import { encodeImage } from '../../../main/inference/stages/encode-image.ts';
import { openModel } from '../../../main/inference/stages/opened-model.ts';
import { InferenceError } from '../../../main/inference/errors.ts';
import type { NetworkCache } from '../../../main/inference/sessions/network-cache.ts';
import { createNoise } from '../../../native-models/noise/create-noise.ts';
import { embeddedJob, embeddedModel, freshMemory, link } from './worker-memory.ts';
import { runJob } from '../../../main/inference/worker/run-job.ts';

/** A cache on a machine whose memory holds networks of at most `cells` cells along an edge. */
function smallMachine(networks: NetworkCache, cells: number): NetworkCache {
  return {
    ...networks,
    get(request) {
      const [, width = 0, height = 0] = /(\d+)x(\d+)$/.exec(request.key)?.map(Number) ?? [];
      if (Math.max(width, height) <= cells) return networks.get(request);
      return Promise.reject(new InferenceError('inference/out-of-memory', 'Too large.', 'Smaller.'));
    },
  };
}

test('what memory does not hold whole is decoded and encoded in tiles, near the whole', async () => {
  const model = await openModel(embeddedModel);
  const { networks } = freshMemory();
  const compute = { provider: 'cpu', precision: 'fp32', threads: 2 } as const;
  // A picture of one tile and a bit more along one edge.
  const shape = { channels: 16, height: 8, width: 112 };
  const { latent } = await runJob(embeddedJob({ steps: 2, width: 1792, height: 128 }), link(), freshMemory());

  const notes = new Set<string>();
  const whole = await decodePicture(latent, shape, { model, networks, compute, notes });
  expect([...notes]).toEqual([]);
  const small = { model, networks: smallMachine(networks, 96), compute, notes };
  const tiled = await decodePicture(latent, shape, small);
  expect([...notes]).toEqual(['The picture was decoded in tiles, as memory does not hold it whole.']);
  expect(tiled).toHaveLength(whole.length);
  const difference = tiled.reduce((sum, value, i) => sum + Math.abs(value - whole[i]!), 0) / whole.length;
  expect(difference).toBeLessThan(0.05);

  const encode = (use: typeof small) => encodeImage(whole, shape, createNoise('philox', 1), use);
  const [one, other] = [await encode({ ...small, networks }), await encode(small)];
  const spread = one.reduce((sum, value) => sum + Math.abs(value), 0) / one.length;
  const off = other.reduce((sum, value, i) => sum + Math.abs(value - one[i]!), 0) / one.length;
  expect(off / spread).toBeLessThan(0.1);
  await networks.clear();
});

test('what is no larger than a tile is refused where memory does not hold it', async () => {
  const model = await openModel(embeddedModel);
  const { networks } = freshMemory();
  const compute = { provider: 'cpu', precision: 'fp32', threads: 2 } as const;
  const use = { model, networks: smallMachine(networks, 1), compute, notes: new Set<string>() };
  const shape = { channels: 16, height: 4, width: 4 };
  await expect(decodePicture(new Float32Array(256), shape, use)).rejects.toMatchObject({
    code: 'inference/out-of-memory',
  });
});
