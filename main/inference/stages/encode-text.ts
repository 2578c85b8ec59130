import { buildClipText } from '../../../native-models/architectures/clip-text.ts';
import type { TextEncoderComponent } from '../../../native-models/checkpoints/checkpoint.ts';
import type { TextualInversion } from '../../../native-models/adapters/textual-inversion.ts';
import { ModelError } from '../../../native-models/errors.ts';
import type { PromptChunk } from '../../../native-models/text/prompt-chunks.ts';
import type { ComputeSettings } from '../protocol.ts';
import type { Feed } from '../sessions/network.ts';
import type { NetworkCache } from '../sessions/network-cache.ts';
import { exportRequest } from '../exports/export-request.ts';
import { exportedText } from '../exports/exported-text.ts';
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
  /** Textual inversions by their name in the prompt. */
  readonly embeddings: ReadonlyMap<string, TextualInversion>;
}

const COMPONENTS = ['text_encoder', 'text_encoder_2'] as const;

/**
 * Runs one of a model's text encoders over a chunk, textual inversions in place of its tokens' own
 * embeddings.
 *
 * @throws ModelError `adapter-unsupported` for a textual inversion of another width.
 */
export async function encodeChunk(
  model: OpenedModel,
  index: number,
  chunk: PromptChunk,
  { clipSkip, networks, compute, adapters, embeddings }: EncoderUse,
): Promise<EncodedChunk> {
  const encoder = encoderAt(model, index);
  const component = COMPONENTS[index] ?? 'text_encoder';
  const replaced = chunk.embeddings.length > 0;
  const name = model.checkpoint.textEncoders.length > 1 ? `text encoder ${index + 1}` : 'text encoder';
  const exported = encoder.graphs?.[component];
  if (exported !== undefined) {
    if (replaced) throw noEmbeddings();
    const request = {
      name,
      ...exportRequest(model, component, exported, { input_ids: [1, chunk.ids.length] }),
      compute,
    };
    const projected = component === 'text_encoder_2';
    const layered = model.checkpoint.textEncoders.length > 1;
    const text = exportedText(await networks.get(request), clipSkip, projected, layered);
    return chunkOf(await text.run({ input_ids: { data: BigInt64Array.from(chunk.ids, BigInt) } }));
  }
  const network = await networks.get({
    name,
    key: `${model.identity}/text-encoder-${index}/${clipSkip}/${adapters.key(component)}/${replaced}`,
    weightBytes: weightBytes(encoder.weights),
    compute,
    build: () =>
      buildClipText(encoder, {
        batch: 1,
        clipSkip,
        adapters: adapters.sites(component),
        deltas: adapters.deltas(component),
        embeddingInputs: replaced,
      }),
  });
  const outputs = await network.run({
    input_ids: { data: BigInt64Array.from(chunk.ids, BigInt) },
    ...(replaced ? embeddingFeeds(chunk, index, encoder.config.hiddenSize, embeddings) : {}),
    ...(await adapters.feeds(component, network.inputs)),
  });
  return chunkOf(outputs);
}

function chunkOf(outputs: ReadonlyMap<string, Float32Array>): EncodedChunk {
  const of = (name: string): Float32Array => outputs.get(name) ?? new Float32Array();
  return {
    last: of('last_hidden_state'),
    penultimate: of('penultimate_hidden_state'),
    pooled: of('pooled'),
  };
}

/** Where embeddings are replaced, and by what. */
function embeddingFeeds(
  chunk: PromptChunk,
  encoder: number,
  width: number,
  embeddings: EncoderUse['embeddings'],
): Record<string, Feed> {
  const mask = new Float32Array(chunk.ids.length);
  const values = new Float32Array(chunk.ids.length * width);
  for (const { at, name, length } of chunk.embeddings) {
    const inversion = embeddings.get(name);
    const vectors = encoder === 0 ? inversion?.first : inversion?.second;
    if (vectors?.shape[1] !== width) {
      throw new ModelError(
        'adapter-unsupported',
        `The embedding ${name} does not fit this model: it has vectors of ${vectors?.shape[1] ?? 0} values, not ${width}.`,
        'Choose an embedding made for this kind of model.',
      );
    }
    mask.fill(1, at, at + length);
    values.set(vectors.values.subarray(0, length * width), at * width);
  }
  return { embedding_mask: { data: mask }, embedding_values: { data: values } };
}

function noEmbeddings(): ModelError {
  return new ModelError(
    'adapter-unsupported',
    'An ONNX export takes no textual inversions.',
    'Use the .safetensors version of this model.',
  );
}

function encoderAt(model: OpenedModel, index: number): TextEncoderComponent {
  const encoder = model.checkpoint.textEncoders[index];
  if (encoder === undefined) throw new RangeError(`this model has no text encoder ${index}`);
  return encoder;
}
