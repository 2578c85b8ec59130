import type { UnetConfig } from '../../../native-models/checkpoints/component-configs.ts';
import { fixedDimension } from '../../../native-models/checkpoints/onnx-signature.ts';
import type { TensorType } from '../../../native-models/onnx/value.ts';
import { InferenceError } from '../errors.ts';
import type { Feed, Network } from '../sessions/network.ts';
import type { LatentShape } from '../stages/latent-scale.ts';
import type { TextShape } from '../stages/text-shape.ts';
import { type RowFeed, runRows } from './fixed-batch.ts';

/**
 * An exported UNet behind the interface of one that is built here: the same inputs and outputs, whatever the exporter
 * made of the time step's rank and of types, and however many rows it takes at once.
 *
 * @throws InferenceError `inference/prompt-too-long` where the graph fixes another number of tokens.
 */
export function exportedUnet(
  network: Network,
  config: UnetConfig,
  { height, width }: LatentShape,
  { batch, tokens }: TextShape,
): Network {
  const context = network.inputs.get('encoder_hidden_states');
  const most = fixedDimension(context, 1);
  if (most !== undefined && most !== tokens) {
    throw new InferenceError(
      'inference/prompt-too-long',
      `The prompt takes ${tokens} places; this ONNX export has ${most}, for good.`,
      'Shorten the prompt, or use the .safetensors version of this model.',
    );
  }
  return {
    ...passedOn(network),
    async run(feeds) {
      const rows = (name: string, row: readonly number[]): Record<string, RowFeed> => {
        const feed = feeds[name];
        return feed === undefined || !network.inputs.has(name) ? {} : { [name]: { data: feed.data, row } };
      };
      const outputs = await runRows(network, 'sample', batch, {
        ...rows('sample', [config.inChannels, height, width]),
        ...rows('encoder_hidden_states', [tokens, config.crossAttentionDim]),
        ...rows('text_embeds', [(feeds['text_embeds']?.data.length ?? 0) / batch]),
        ...rows('time_ids', [(feeds['time_ids']?.data.length ?? 0) / batch]),
        ...rows('timestep_cond', [config.guidanceDim ?? 0]),
        timestep: timestepFeed(network.inputs, feeds['timestep']),
      });
      const found = outputs.get('out_sample') ?? outputs.get('sample') ?? new Float32Array();
      return new Map([['out_sample', found]]);
    },
  };
}

/**
 * The time step as the exporter wants it: a scalar (newest), one value for all rows (`[steps]`, `[1]`), or one a row.
 */
function timestepFeed(inputs: ReadonlyMap<string, TensorType>, feed: Feed | undefined): RowFeed {
  const shape = inputs.get('timestep')?.shape ?? [];
  const value = Float32Array.of(Number(feed?.data[0] ?? 0));
  if (shape.length === 0) return { data: value, row: undefined, shape: [] };
  const rows = inputs.get('sample')?.shape[0];
  const perRow = shape[0] === rows && rows !== 1;
  if (perRow) return { data: feed?.data ?? value, row: [] };
  const count = fixedDimension({ dtype: 'float32', shape }, 0) ?? 1;
  return { data: new Float32Array(count).fill(value[0] ?? 0), row: undefined, shape: [count] };
}

/** What a network behind another interface passes on. */
export function passedOn(network: Network): Pick<Network, 'provider' | 'inputs' | 'converted' | 'release'> {
  return {
    get provider() {
      return network.provider;
    },
    inputs: new Map(),
    converted: network.converted,
    release: () => network.release(),
  };
}
