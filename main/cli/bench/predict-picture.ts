import { buildClipText } from '../../../native-models/architectures/clip-text.ts';
import { buildUnet } from '../../../native-models/architectures/unet.ts';
import { buildVaeDecoder } from '../../../native-models/architectures/vae-decoder.ts';
import type { GraphFile } from '../../../native-models/onnx/graph-file.ts';
import { exportActivations, type InputSizes } from '../../inference/exports/export-memory.ts';
import type { NetworkGraph } from '../../inference/sessions/graph-source.ts';
import { planMemory } from '../../inference/sessions/memory-plan.ts';
import { usesArena } from '../../inference/sessions/session-options.ts';
import { type OpenedModel, weightBytes } from '../../inference/stages/opened-model.ts';

/**
 * The most anonymous memory that a picture of one step will take beside the bare process, in bytes: its networks come
 * one after another, each keeps what was prepared and, where it has an arena, what its run held.
 *
 * @param side of the latent, in cells
 */
export async function predictPicture(model: OpenedModel, side: number): Promise<number> {
  const networks =
    model.checkpoint.layout === 'onnx' ? await exportedNetworks(model, side) : ownNetworks(model, side);
  let [kept, most] = [0, 0];
  for (const { graph, weightBytes: bytes, activations: known } of networks) {
    const { held, activations } = planMemory(graph, { weightBytes: bytes }, known);
    most = Math.max(most, kept + held);
    kept += usesArena({ weightBytes: bytes, activations }) ? held : held - activations;
  }
  return most;
}

/** A network of a picture, in the order in which they run; of another program's, what its run holds. */
interface PlannedNetwork {
  readonly graph: NetworkGraph;
  readonly weightBytes: number;
  readonly activations?: number | undefined;
}

function ownNetworks({ checkpoint, vae }: OpenedModel, side: number): PlannedNetwork[] {
  const size = { height: side, width: side };
  const tokens = checkpoint.textEncoders[0]?.config.maxPositions ?? 77;
  return [
    ...checkpoint.textEncoders.map((encoder) => ({
      graph: buildClipText(encoder, { batch: 1 }),
      weightBytes: weightBytes(encoder.weights),
    })),
    {
      graph: buildUnet(checkpoint.unet, { batch: 1, ...size, contextTokens: tokens }),
      weightBytes: weightBytes(checkpoint.unet.weights),
    },
    { graph: buildVaeDecoder(vae, { batch: 1, ...size }), weightBytes: weightBytes(vae.weights) },
  ];
}

async function exportedNetworks({ checkpoint, vae }: OpenedModel, side: number): Promise<PlannedNetwork[]> {
  const { textEncoders, unet } = checkpoint;
  const tokens = textEncoders[0]?.config.maxPositions ?? 77;
  const context = [1, tokens, unet.config.crossAttentionDim];
  const graphs: readonly (readonly [GraphFile | undefined, InputSizes])[] = [
    [textEncoders[0]?.graphs?.text_encoder, { input_ids: [1, tokens] }],
    [textEncoders[1]?.graphs?.text_encoder_2, { input_ids: [1, tokens] }],
    [unet.graphs?.unet, { sample: [1, unet.config.inChannels, side, side], encoder_hidden_states: context }],
    [vae.graphs?.vae_decoder, { latent_sample: [1, vae.config.latentChannels, side, side] }],
  ];
  const planned: PlannedNetwork[] = [];
  for (const [graph, sizes] of graphs) {
    if (graph === undefined) continue;
    const bytes = graph.files.reduce((sum, file) => sum + file.bytes, 0);
    planned.push({ graph, weightBytes: bytes, activations: await exportActivations(graph, sizes) });
  }
  return planned;
}
