import { buildUnet } from '../../../native-models/architectures/unet.ts';
import type { ComputeSettings } from '../protocol.ts';
import { exportRequest } from '../exports/export-request.ts';
import { exportedUnet } from '../exports/exported-unet.ts';
import type { Network } from '../sessions/network.ts';
import type { NetworkCache } from '../sessions/network-cache.ts';
import type { ActiveAdapters } from './adapter-inputs.ts';
import { graphTarget } from '../sessions/graph-target.ts';
import type { LinearsInUse } from './fewer-bits.ts';
import type { LatentShape } from './latent-scale.ts';
import { type OpenedModel, weightBytes } from './opened-model.ts';
import type { TextShape } from './text-shape.ts';

/** What of a job decides the UNet's inputs. */
export interface UnetUse {
  readonly adapters: ActiveAdapters;
  /** Whether it takes the residuals of ControlNets. */
  readonly control: boolean;
  /** Whether parts of the picture have words of their own. */
  readonly regions: boolean;
  /** Evaluations that the job will make. */
  readonly runs: number;
  /** Its linear layers where they are not the file's own. */
  readonly linears?: LinearsInUse | undefined;
}

/** The UNet for one size of picture and text. */
export function loadUnet(
  model: OpenedModel,
  shape: LatentShape,
  { batch, tokens }: TextShape,
  { adapters, control, regions, runs, linears }: UnetUse,
  networks: NetworkCache,
  compute: ComputeSettings,
): Promise<Network> {
  const { unet } = model.checkpoint;
  const { height, width } = shape;
  const exported = unet.graphs?.unet;
  if (exported !== undefined) {
    const text = { batch, tokens };
    const sizes = {
      sample: [batch, unet.config.inChannels, height, width],
      encoder_hidden_states: [batch, tokens, unet.config.crossAttentionDim],
    };
    return networks
      .get({ name: 'UNet', ...exportRequest(model, 'unet', exported, sizes), compute, runs })
      .then((network) => exportedUnet(network, unet.config, shape, text));
  }
  return networks.get({
    name: 'UNet',
    key: `${model.identity}/unet/${batch}x${width}x${height}/${tokens}/${adapters.key('unet')}/${control ? 'control' : ''}${regions ? 'regions' : ''}/${linears?.scheme ?? ''}`,
    weightBytes: weightBytes(unet.weights),
    compute,
    // What is kept in fewer bits is never converted to fp32.
    runs: linears === undefined ? runs : Math.min(runs, 2),
    build: () =>
      buildUnet(unet, {
        batch,
        height,
        width,
        contextTokens: tokens,
        adapters: adapters.sites('unet'),
        deltas: adapters.deltas('unet'),
        adapterMasks: adapters.regional ? 'cells' : 'none',
        control,
        ...(linears === undefined ? {} : { linear: linears.stored.form }),
        contextMasks: regions,
        ...graphTarget(compute),
      }),
  });
}
