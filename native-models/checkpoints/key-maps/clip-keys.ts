import { sliceRows, type TensorRef } from '../weights.ts';
import { rename, type RenameRule } from './rename.ts';

/** The prefixes under which single files keep a text encoder, and how it is written there. */
export const textEncoderPrefixes = [
  { prefix: 'cond_stage_model.transformer.', layout: 'transformers', component: 'text_encoder' },
  { prefix: 'cond_stage_model.model.', layout: 'open_clip', component: 'text_encoder' },
  { prefix: 'conditioner.embedders.0.transformer.', layout: 'transformers', component: 'text_encoder' },
  { prefix: 'conditioner.embedders.0.model.', layout: 'open_clip', component: 'text_encoder' },
  { prefix: 'conditioner.embedders.1.model.', layout: 'open_clip', component: 'text_encoder_2' },
] as const;

/** Tensors of a text encoder in the layout of transformers, some of which were saved without `text_model.`. */
export function transformersClip(tensors: ReadonlyMap<string, TensorRef>): Map<string, TensorRef> {
  const renamed = new Map<string, TensorRef>();
  for (const [name, tensor] of tensors) {
    const full = /^(embeddings|encoder|final_layer_norm)\./.test(name) ? `text_model.${name}` : name;
    if (!full.endsWith('.position_ids')) renamed.set(full, tensor);
  }
  return renamed;
}

/**
 * Tensors of a text encoder in OpenCLIP's layout (`open_clip/model.py`), where query, key and value are the thirds of
 * one matrix and the projection is stored the other way round.
 */
export function openClip(tensors: ReadonlyMap<string, TensorRef>): Map<string, TensorRef> {
  const renamed = new Map<string, TensorRef>();
  for (const [name, tensor] of tensors) {
    const joined = /^transformer\.resblocks\.(\d+)\.attn\.in_proj_(weight|bias)$/.exec(name);
    if (joined !== null) {
      const [, layer = '', kind = ''] = joined;
      const third = (tensor.shape[0] ?? 0) / 3;
      ['q_proj', 'k_proj', 'v_proj'].forEach((part, i) => {
        const target = `text_model.encoder.layers.${layer}.self_attn.${part}.${kind}`;
        renamed.set(target, sliceRows(tensor, `${tensor.name}#${part}`, third * i, third * (i + 1)));
      });
    } else if (name === 'text_projection') {
      renamed.set('text_projection.weight', { ...tensor, transposed: isReleasedWidth(tensor) });
    } else {
      const target = rename(name, openClipRules);
      if (target !== name || name === 'text_projection.weight') renamed.set(target, tensor);
    }
  }
  return renamed;
}

/**
 * OpenCLIP keeps its projection as `[width, dimensions]`, and every released file has it so. The narrow encoders of
 * the reference vectors are written without that turn; nothing but their width tells them apart.
 */
function isReleasedWidth(projection: TensorRef): boolean {
  return (projection.shape[0] ?? 0) >= 512;
}

const layer = 'text_model.encoder.layers.$1';

const openClipRules: readonly RenameRule[] = [
  [/^token_embedding\.weight$/, 'text_model.embeddings.token_embedding.weight'],
  [/^positional_embedding$/, 'text_model.embeddings.position_embedding.weight'],
  [/^ln_final\./, 'text_model.final_layer_norm.'],
  [/^transformer\.resblocks\.(\d+)\.ln_1\./, `${layer}.layer_norm1.`],
  [/^transformer\.resblocks\.(\d+)\.ln_2\./, `${layer}.layer_norm2.`],
  [/^transformer\.resblocks\.(\d+)\.attn\.out_proj\./, `${layer}.self_attn.out_proj.`],
  [/^transformer\.resblocks\.(\d+)\.mlp\.c_fc\./, `${layer}.mlp.fc1.`],
  [/^transformer\.resblocks\.(\d+)\.mlp\.c_proj\./, `${layer}.mlp.fc2.`],
];
