/** The networks that an adapter can change. */
export type AdapterComponent = 'unet' | 'text_encoder' | 'text_encoder_2';

/** Where a module's name says that it belongs, and what is left of the name. */
export interface PlacedModule {
  /** Components to look in, in this order. */
  readonly components: readonly AdapterComponent[];
  readonly name: string;
}

const ANY: readonly AdapterComponent[] = ['unet', 'text_encoder', 'text_encoder_2'];

/** What stands in front of a module's name, by program; the longest that fits counts. */
const PREFIXES: ReadonlyArray<readonly [string, readonly AdapterComponent[]]> = [
  ['lora_unet_', ['unet']],
  ['lora_te1_', ['text_encoder']],
  ['lora_te2_', ['text_encoder_2']],
  ['lora_te_', ['text_encoder']],
  ['lycoris_unet_', ['unet']],
  ['lycoris_te1_', ['text_encoder']],
  ['lycoris_te2_', ['text_encoder_2']],
  ['lycoris_te_', ['text_encoder']],
  ['lycoris_', ANY],
  ['model.diffusion_model.', ['unet']],
  ['diffusion_model.', ['unet']],
  ['unet.', ['unet']],
  ['text_encoder_2.', ['text_encoder_2']],
  ['text_encoder.', ['text_encoder']],
  ['text_encoders.clip_l.transformer.', ['text_encoder']],
  ['text_encoders.clip_g.transformer.', ['text_encoder_2']],
  ['clip_l.transformer.', ['text_encoder']],
  ['clip_g.transformer.', ['text_encoder_2']],
  ['clip_l.', ['text_encoder']],
  ['clip_g.', ['text_encoder_2']],
];

const WRAPPERS = ['base_model.model.', 'module.'];

/** Attention of CLIP as diffusers' first LoRA format called it. */
const OLD_TEXT_NAMES: Record<string, string> = {
  to_q: 'q_proj',
  to_k: 'k_proj',
  to_v: 'v_proj',
  to_out: 'out_proj',
};

function withoutWrappers(module: string): string {
  const wrapper = WRAPPERS.find((prefix) => module.startsWith(prefix));
  return wrapper ? withoutWrappers(module.slice(wrapper.length)) : module;
}

/** Finds the component that a module belongs to, by its prefix. */
export function placeModule(module: string): PlacedModule {
  const name = withoutWrappers(module);
  for (const [prefix, components] of PREFIXES) {
    if (name.startsWith(prefix)) return { components, name: withoutWrappers(name.slice(prefix.length)) };
  }
  return { components: ANY, name };
}

/**
 * Spellings of a module's name without dots, most likely first: what is compared with the names of a
 * model, written the same way.
 */
export function flatSpellings(name: string): string[] {
  const plain = name.replace('.processor.', '.').replace(/\.base_layer$/, '');
  const flat = plain.replaceAll('.', '_');
  const spellings = [flat];
  const text = /^(.*self_attn_)(to_q|to_k|to_v|to_out)$/.exec(flat);
  if (text) spellings.push(`${text[1] ?? ''}${OLD_TEXT_NAMES[text[2] ?? ''] ?? ''}`);
  if (flat.endsWith('_to_out')) spellings.push(`${flat}_0`);
  // Text encoders that were saved without their outer module.
  if (flat.startsWith('encoder_layers_')) spellings.push(`text_model_${flat}`);
  return spellings;
}
