import type { AdapterSource } from './adapter-source.ts';

/** Layers that only one family has, by the names that adapters give them. */
const NAMES: ReadonlyArray<readonly [RegExp, string]> = [
  [/double_blocks\.\d+\.(?:img|txt)_attn_(?:qkv|q|proj)\.|individual_token_refiner/, 'Hunyuan video'],
  [/double_blocks|single_blocks|single_transformer_blocks/, 'Flux'],
  [/transformer_blocks[._]\d+[._](?:img|txt)_(?:mod|mlp)/, 'Qwen-Image'],
  [/joint_blocks|add_q_proj|context_block/, 'SD 3'],
  [/(?:^|_|\.)te3[_.]|t5xxl/, 'SD 3 or Flux'],
  [/(?:^|[._])blocks[._]\d+[._](?:cross_attn|self_attn|ffn)[._]|patch_embedding|img_emb/, 'Wan'],
  // Attention that no block of a UNet stands around.
  [
    /^(?:(?:lora_)?(?:transformer|diffusion_model|unet)[._])?transformer_blocks[._]\d+[._]attn[12]/,
    'LTX or PixArt',
  ],
  [/motion_modules|temporal_transformer/, 'AnimateDiff'],
  [/lora_te2_|text_encoder_2\.|clip_g\./, 'SDXL'],
  // Trainers keep the original names of SDXL's blocks, and rename those of the others.
  [/^(?:lora|lycoris)_unet_(?:input_blocks|middle_block|output_blocks)_/, 'SDXL'],
];

/** Width of the text that cross-attention reads, by family. */
const TEXT_WIDTHS: Record<number, string> = { 768: 'SD 1.x', 1024: 'SD 2.x', 2048: 'SDXL' };
const CROSS_ATTENTION =
  /attn2[._](?:processor[._])?to_[kv](?:_lora)?\.(?:lora_down|lora_A|lora\.down|down|hada_w1_b)/;

const METADATA: ReadonlyArray<readonly [RegExp, string]> = [
  [/sdxl|stable-diffusion-xl/i, 'SDXL'],
  [/flux/i, 'Flux'],
  [/sd3|stable-diffusion-v?3/i, 'SD 3'],
  [/sd_?v?2|stable-diffusion-v?2/i, 'SD 2.x'],
  [/sd_?v?1|stable-diffusion-v?1/i, 'SD 1.x'],
];

/** The family of models that an adapter was made for, as far as names, widths and metadata tell; null if not. */
export function adapterFamily(source: Pick<AdapterSource, 'tensors' | 'metadata'>): string | null {
  for (const [key, { shape }] of source.tensors) {
    if (!CROSS_ATTENTION.test(key)) continue;
    const family = TEXT_WIDTHS[shape[1] ?? 0];
    if (family) return family;
  }
  const keys = [...source.tensors.keys()];
  const found = NAMES.find(([pattern]) => keys.some((key) => pattern.test(key)));
  if (found) return found[1];
  const said = ['modelspec.architecture', 'ss_base_model_version'].map(
    (key) => source.metadata.get(key) ?? '',
  );
  return METADATA.find(([pattern]) => pattern.test(said.join(' ')))?.[1] ?? null;
}
