import type { UnetConfig } from '../checkpoints/component-configs.ts';
import type { Value } from '../onnx/value.ts';
import type { Layers } from './layers.ts';
import { embeddingMlp, sinusoidalEmbedding } from './timestep-embedding.ts';

type ConditioningConfig = Pick<
  UnetConfig,
  'down' | 'flipSinToCos' | 'freqShift' | 'timeEmbedDim' | 'addedConditions' | 'crossAttentionDim'
> & { readonly guidanceDim?: number | undefined };

/** SDXL's micro-conditioning (arXiv:2307.01952 §2.2) has this many numbers: original size, crop corner, target size. */
const timeIdCount = 6;

/**
 * The conditioning inputs of a UNet or ControlNet and what residual blocks see of them.
 *
 * Adds the inputs `timestep` `[batch]` and `encoder_hidden_states` `[batch, contextTokens, crossAttentionDim]`, and
 * where the network has them `timestep_cond` `[batch, guidanceDim]`, `text_embeds` and `time_ids` `[batch, 6]`; all
 * float32.
 *
 * @returns the activated time embedding and the text, in the type that layers compute in.
 */
export function conditioningInputs(
  layers: Layers,
  config: ConditioningConfig,
  batch: number,
  contextTokens: number,
): { readonly time: Value; readonly context: Value } {
  const { graph, compute } = layers;
  const context = graph.input('encoder_hidden_states', 'float32', [
    batch,
    contextTokens,
    config.crossAttentionDim,
  ]);
  const baseWidth = config.down[0]?.channels ?? 1;
  let wave = graph.cast(
    sinusoidalEmbedding(graph, graph.input('timestep', 'float32', [batch]), baseWidth, config),
    compute,
  );
  if (config.guidanceDim !== undefined) {
    const guidance = graph.cast(
      graph.input('timestep_cond', 'float32', [batch, config.guidanceDim]),
      compute,
    );
    wave = graph.op('Add', [wave, layers.linear('time_embedding.cond_proj', guidance, baseWidth)]);
  }
  let time = embeddingMlp(layers, 'time_embedding', wave, config.timeEmbedDim);
  if (config.addedConditions !== undefined) {
    const { timeDim, inputDim } = config.addedConditions;
    const pooled = graph.input('text_embeds', 'float32', [batch, inputDim - timeIdCount * timeDim]);
    const sizes = graph.reshape(graph.input('time_ids', 'float32', [batch, timeIdCount]), [
      batch * timeIdCount,
    ]);
    const waves = graph.reshape(sinusoidalEmbedding(graph, sizes, timeDim, config), [
      batch,
      timeIdCount * timeDim,
    ]);
    const added = graph.cast(graph.concat([pooled, waves], 1), compute);
    time = graph.op('Add', [time, embeddingMlp(layers, 'add_embedding', added, config.timeEmbedDim)]);
  }
  return { time: layers.silu(time), context: graph.cast(context, compute) };
}
