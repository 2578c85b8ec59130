import { InferenceError } from '../errors.ts';
import type { Network } from '../sessions/network.ts';
import { passedOn } from './exported-unet.ts';
import { runRows } from './fixed-batch.ts';

/**
 * An exported text encoder behind the interface of one that is built here.
 *
 * @param clipSkip layer that states are taken from, counted from the end
 * @param projected whether its pooled state is the projected one (SDXL's second)
 * @throws InferenceError `inference/job-invalid` where the export does not give that layer.
 */
export function exportedText(
  network: Network,
  clipSkip: number,
  projected: boolean,
  layered: boolean,
): Network {
  if (clipSkip > 1 && !layered) {
    throw new InferenceError(
      'inference/job-invalid',
      `CLIP skip ${clipSkip} cannot be had from this ONNX export, which gives its last layer only.`,
      'Use CLIP skip 1, or the .safetensors version of this model.',
    );
  }
  return {
    ...passedOn(network),
    async run(feeds) {
      const ids = feeds['input_ids']?.data ?? new BigInt64Array();
      const row = [ids.length];
      const attention = network.inputs.has('attention_mask')
        ? { attention_mask: { data: new BigInt64Array(ids.length).fill(1n), row } }
        : {};
      const outputs = await runRows(network, 'input_ids', 1, { input_ids: { data: ids, row }, ...attention });
      return new Map([
        ['last_hidden_state', outputs.get('last_hidden_state') ?? new Float32Array()],
        ['penultimate_hidden_state', hiddenState(outputs, Math.max(2, clipSkip))],
        ['pooled', outputs.get(projected ? 'text_embeds' : 'pooler_output') ?? new Float32Array()],
      ]);
    },
  };
}

/** States before the last norm, `hidden_states.0` being the embeddings; empty where there are none. */
function hiddenState(outputs: ReadonlyMap<string, Float32Array>, fromEnd: number): Float32Array {
  const layers = [...outputs.keys()].filter((name) => /^hidden_states\.\d+$/.test(name)).length;
  return outputs.get(`hidden_states.${layers - fromEnd}`) ?? new Float32Array();
}
