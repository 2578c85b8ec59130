import type { Network } from '../sessions/network.ts';
import type { LatentShape } from '../stages/latent-scale.ts';
import { passedOn } from './exported-unet.ts';
import { runRows } from './fixed-batch.ts';

/** An exported decoder behind the interface of one that is built here. */
export function exportedDecoder(network: Network, { channels, height, width }: LatentShape): Network {
  return {
    ...passedOn(network),
    async run(feeds) {
      const data = feeds['latent']?.data ?? new Float32Array();
      const latent = { data, row: [channels, height, width] };
      const outputs = await runRows(network, 'latent_sample', 1, { latent_sample: latent });
      return new Map([['image', outputs.get('sample') ?? new Float32Array()]]);
    },
  };
}

/** The bounds that diffusers cuts the logarithm of the variance to. */
const LOG_VARIANCE = { least: -30, most: 20 } as const;

/**
 * An exported encoder behind the interface of one that is built here. Newer exports give mean and logarithm of the
 * variance side by side; older ones give a latent, which is taken for the mean of a distribution without width.
 *
 * @param cell pixels along each side of a latent cell
 */
export function exportedEncoder(network: Network, { height, width }: LatentShape, cell: number): Network {
  return {
    ...passedOn(network),
    async run(feeds) {
      const data = feeds['image']?.data ?? new Float32Array();
      const picture = { data, row: [3, height * cell, width * cell] };
      const outputs = await runRows(network, 'sample', 1, { sample: picture });
      const moments = outputs.get('latent_parameters');
      if (moments === undefined) {
        const mean = outputs.get('latent_sample') ?? new Float32Array();
        return new Map([
          ['mean', mean],
          ['logvar', new Float32Array(mean.length).fill(-Infinity)],
        ]);
      }
      const half = moments.length / 2;
      const cut = (value: number): number => Math.min(Math.max(value, LOG_VARIANCE.least), LOG_VARIANCE.most);
      return new Map([
        ['mean', moments.subarray(0, half)],
        ['logvar', moments.subarray(half).map(cut)],
      ]);
    },
  };
}
