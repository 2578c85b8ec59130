import { buildUnet } from '../../../native-models/architectures/unet.ts';
import type { ComputeSettings } from '../protocol.ts';
import type { Network } from '../sessions/network.ts';
import type { NetworkCache } from '../sessions/network-cache.ts';
import type { ActiveAdapters } from './adapter-inputs.ts';
import { graphTarget } from '../sessions/graph-target.ts';
import type { LatentShape } from './latent-scale.ts';
import { type OpenedModel, weightBytes } from './opened-model.ts';

/** What of a run's text decides the UNet's shape. */
export interface TextShape {
  /** Rows of the batch: 2 with guidance, else 1. */
  readonly batch: number;
  readonly tokens: number;
}

/** What of a job decides the UNet's inputs. */
export interface UnetUse {
  readonly adapters: ActiveAdapters;
  /** Whether it takes the residuals of ControlNets. */
  readonly control: boolean;
  /** Evaluations that the job will make. */
  readonly runs: number;
}

/** The UNet for one size of picture and text. */
export function loadUnet(
  model: OpenedModel,
  shape: LatentShape,
  { batch, tokens }: TextShape,
  { adapters, control, runs }: UnetUse,
  networks: NetworkCache,
  compute: ComputeSettings,
): Promise<Network> {
  const { unet } = model.checkpoint;
  const { height, width } = shape;
  return networks.get({
    name: 'UNet',
    key: `${model.identity}/unet/${batch}x${width}x${height}/${tokens}/${adapters.key}/${control ? 'control' : ''}`,
    weightBytes: weightBytes(unet.weights),
    compute,
    runs,
    build: () =>
      buildUnet(unet, {
        batch,
        height,
        width,
        contextTokens: tokens,
        adapters: adapters.sites('unet'),
        adapterMasks: adapters.regional ? 'cells' : 'none',
        control,
        ...graphTarget(compute),
      }),
  });
}
