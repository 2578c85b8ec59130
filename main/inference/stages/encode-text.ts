import { buildClipText } from '../../../native-models/architectures/clip-text.ts';
import type { TextEncoderComponent } from '../../../native-models/checkpoints/checkpoint.ts';
import type { ComputeSettings } from '../protocol.ts';
import type { NetworkCache } from '../sessions/network-cache.ts';
import type { ActiveAdapters } from './adapter-inputs.ts';
import { type OpenedModel, weightBytes } from './opened-model.ts';

/** What one encoder makes of a chunk. */
export interface EncodedChunk {
  /** After the last layer's norm, `[places, width]`. */
  readonly last: Float32Array;
  /** Before the last layer, not normalised, `[places, width]`. */
  readonly penultimate: Float32Array;
  readonly pooled: Float32Array;
}

/** How text encoders are run in a job. */
export interface EncoderUse {
  /** The layer that states are taken from, counted from the end. */
  readonly clipSkip: number;
  readonly networks: NetworkCache;
  readonly compute: ComputeSettings;
  readonly adapters: ActiveAdapters;
}

const COMPONENTS = ['text_encoder', 'text_encoder_2'] as const;

/**
 * Runs one of a model's text encoders over a chunk.
 *
 * @param ids as many as the encoder has places, start, end and padding included.
 */
export async function encodeChunk(
  model: OpenedModel,
  index: number,
  ids: Int32Array,
  { clipSkip, networks, compute, adapters }: EncoderUse,
): Promise<EncodedChunk> {
  const encoder = encoderAt(model, index);
  const component = COMPONENTS[index] ?? 'text_encoder';
  const network = await networks.get({
    name: model.checkpoint.textEncoders.length > 1 ? `text encoder ${index + 1}` : 'text encoder',
    key: `${model.identity}/text-encoder-${index}/${clipSkip}/${adapters.reach}`,
    weightBytes: weightBytes(encoder.weights),
    compute,
    build: () => buildClipText(encoder, { batch: 1, clipSkip, adapters: adapters.sites(component) }),
  });
  const outputs = await network.run({
    input_ids: { data: BigInt64Array.from(ids, BigInt) },
    ...(await adapters.feeds(component)),
  });
  const of = (name: string): Float32Array => outputs.get(name) ?? new Float32Array();
  return {
    last: of('last_hidden_state'),
    penultimate: of('penultimate_hidden_state'),
    pooled: of('pooled'),
  };
}

function encoderAt(model: OpenedModel, index: number): TextEncoderComponent {
  const encoder = model.checkpoint.textEncoders[index];
  if (encoder === undefined) throw new RangeError(`this model has no text encoder ${index}`);
  return encoder;
}
