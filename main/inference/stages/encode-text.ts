import { buildClipText } from '../../../native-models/architectures/clip-text.ts';
import type { TextEncoderComponent } from '../../../native-models/checkpoints/checkpoint.ts';
import type { ComputeSettings } from '../protocol.ts';
import type { NetworkCache } from '../sessions/network-cache.ts';
import { type OpenedModel, weightBytes } from './opened-model.ts';

/** What one encoder makes of a chunk. */
export interface EncodedChunk {
  /** After the last layer's norm, `[places, width]`. */
  readonly last: Float32Array;
  /** Before the last layer, not normalised, `[places, width]`. */
  readonly penultimate: Float32Array;
  readonly pooled: Float32Array;
}

/**
 * Runs one of a model's text encoders over a chunk.
 *
 * @param ids as many as the encoder has places, start, end and padding included.
 * @param clipSkip the layer that states are taken from, counted from the end.
 */
export async function encodeChunk(
  model: OpenedModel,
  index: number,
  ids: Int32Array,
  clipSkip: number,
  networks: NetworkCache,
  compute: ComputeSettings,
): Promise<EncodedChunk> {
  const encoder = encoderAt(model, index);
  const network = await networks.get({
    name: model.checkpoint.textEncoders.length > 1 ? `text encoder ${index + 1}` : 'text encoder',
    key: `${model.identity}/text-encoder-${index}/${clipSkip}`,
    weightBytes: weightBytes(encoder.weights),
    compute,
    build: () => buildClipText(encoder, { batch: 1, clipSkip }),
  });
  const outputs = await network.run({ input_ids: { data: BigInt64Array.from(ids, BigInt) } });
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
