import { buildClipText } from '../../../native-models/architectures/clip-text.ts';
import { buildUnet } from '../../../native-models/architectures/unet.ts';
import { buildVaeDecoder } from '../../../native-models/architectures/vae-decoder.ts';
import type { BuiltModel } from '../../../native-models/onnx/encode-model.ts';
import { planMemory } from '../../inference/sessions/memory-plan.ts';
import { usesArena } from '../../inference/sessions/session-options.ts';
import { type OpenedModel, weightBytes } from '../../inference/stages/opened-model.ts';
import type { Weights } from '../../../native-models/checkpoints/weights.ts';

/**
 * The most anonymous memory that a picture of one step will take beside the bare process, in bytes: its networks come
 * one after another, each keeps what was prepared and, where it has an arena, what its run held.
 *
 * @param side of the latent, in cells
 */
export function predictPicture({ checkpoint, vae }: OpenedModel, side: number): number {
  const size = { height: side, width: side };
  const tokens = checkpoint.textEncoders[0]?.config.maxPositions ?? 77;
  const networks: readonly (readonly [BuiltModel, Weights])[] = [
    ...checkpoint.textEncoders.map(
      (encoder) => [buildClipText(encoder, { batch: 1 }), encoder.weights] as const,
    ),
    [buildUnet(checkpoint.unet, { batch: 1, ...size, contextTokens: tokens }), checkpoint.unet.weights],
    [buildVaeDecoder(vae, { batch: 1, ...size }), vae.weights],
  ];
  let [kept, most] = [0, 0];
  for (const [graph, weights] of networks) {
    const own = { weightBytes: weightBytes(weights) };
    const { held, activations } = planMemory(graph, own);
    most = Math.max(most, kept + held);
    kept += usesArena({ ...own, activations }) ? held : held - activations;
  }
  return most;
}
