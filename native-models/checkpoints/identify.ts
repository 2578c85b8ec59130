import { ModelError } from '../errors.ts';

/** Where the tensors of a single file's UNet begin. */
export const unetPrefixes = ['model.diffusion_model.', 'diffusion_model.', ''] as const;

interface OtherFamily {
  readonly name: string;
  readonly pattern: RegExp;
  /** What to do, where the general advice does not fit. */
  readonly remedy?: string;
}

const supported = 'Impasto opens Stable Diffusion 1.x, 2.x and XL checkpoints.';

/** Files that are something else, by a key that only they have. The first that matches is named. */
const others: readonly OtherFamily[] = [
  {
    name: 'a LoRA',
    pattern: /^lora_(unet|te\d?)_|\.lora_(A|B|up|down)\.|\.(hada|lokr)_w\d/,
    remedy: 'Add it as an adapter to a checkpoint that it was made for.',
  },
  {
    name: 'a ControlNet',
    pattern: /^(control_model\.|input_hint_block\.|controlnet_cond_embedding\.|zero_convs\.)/,
    remedy: 'Choose it as control, beside a checkpoint.',
  },
  { name: 'a T2I adapter', pattern: /^(adapter\.)?body\.\d+\.(resnets|block1|in_conv)/ },
  { name: 'an IP-Adapter', pattern: /^(image_proj|ip_adapter)\./ },
  {
    name: 'a textual-inversion embedding',
    pattern: /^(emb_params|string_to_param|clip_l|clip_g)$/,
    remedy: 'Add it as an embedding and name it in the prompt.',
  },
  { name: 'a Stable Diffusion 3 model', pattern: /(^|\.)joint_blocks\.\d+\./ },
  { name: 'a Chroma model', pattern: /(^|\.)distilled_guidance_layer\./ },
  {
    name: 'a Hunyuan video model',
    pattern: /(^|\.)(double_blocks\.\d+\.img_attn_q|individual_token_refiner|txt_in\.individual)/,
  },
  { name: 'a Flux model', pattern: /(^|\.)(double_blocks|single_transformer_blocks)\.\d+\./ },
  { name: 'an AuraFlow model', pattern: /(^|\.)double_layers\.\d+\./ },
  { name: 'a PixArt model', pattern: /(^|\.)(adaln_single\.|t_block\.1\.|y_embedder\.y_embedding)/ },
  { name: 'a HunyuanDiT model', pattern: /(^|\.)(mlp_t5\.|style_embedder\.)/ },
  { name: 'a Lumina model', pattern: /(^|\.)(cap_embedder|context_refiner)\./ },
  { name: 'a Wan video model', pattern: /(^|\.)blocks\.\d+\.(cross_attn\.norm_q|self_attn\.norm_q)/ },
  { name: 'a Cosmos model', pattern: /(^|\.)blocks\.(block)?\d+\.(blocks\.|adaln_modulation_)/ },
  { name: 'an LTX video model', pattern: /(^|\.)transformer_blocks\.\d+\.scale_shift_table/ },
  { name: 'a Qwen-Image model', pattern: /(^|\.)transformer_blocks\.\d+\.(img_mod|txt_mod)\./ },
  {
    name: 'a Stable Diffusion 3 model',
    pattern: /(^|\.)transformer_blocks\.\d+\.attn\.add_[qkv]_proj\./,
  },
  { name: 'a PixArt or Sana model', pattern: /(^|\.)caption_projection\./ },
  { name: 'a Mochi video model', pattern: /(^|\.)blocks\.\d+\.attn\.qkv_y\./ },
  { name: 'a CogVideoX model', pattern: /(^|\.)patch_embed\.text_proj\./ },
  { name: 'a Stable Cascade model', pattern: /(^|\.)(clip_txt_mapper|clip_txt_pooled_mapper)\./ },
  { name: 'a Stable Video Diffusion model', pattern: /\.(time_stack|time_mixer)(\.|$)/ },
  { name: 'an AnimateDiff motion module', pattern: /\.motion_modules\./ },
  { name: 'a Kandinsky model', pattern: /(^|\.)(aug_proj|encoder_hid_proj\.image_embeds|prior\.)/ },
  { name: 'a DeepFloyd IF model', pattern: /(^|\.)encoder_pooling\./ },
  { name: 'a Stable Audio model', pattern: /(^|\.)(pretransform\.|conditioner\.conditioners\.)/ },
  { name: 'an upscaler', pattern: /^(model\.0\.weight|conv_first\.weight|body\.0\.rdb1)/ },
  { name: 'an image encoder (CLIP vision)', pattern: /(^|\.)vision_model\.encoder\./ },
  {
    name: 'the UNet of a diffusers folder by itself',
    pattern: /^(unet\.)?down_blocks\.\d+\.resnets\.\d+\.time_emb_proj\./,
    remedy: 'Choose its folder, the one with model_index.json in it.',
  },
  { name: 'a language model', pattern: /^(model\.)?layers\.\d+\.self_attn\.|^encoder\.block\.\d+\.layer\./ },
];

/**
 * The prefix of the UNet in a single-file checkpoint's keys.
 * @throws {ModelError} `family-unsupported` naming what the file is instead, or `family-unknown`.
 */
export function findUnetPrefix(keys: ReadonlySet<string>, file: string): (typeof unetPrefixes)[number] {
  const prefix = unetPrefixes.find(
    (p) => keys.has(`${p}input_blocks.0.0.weight`) && keys.has(`${p}out.2.weight`),
  );
  const other = others.find(({ pattern }) => anyMatches(keys, pattern));
  if (prefix !== undefined && (other === undefined || prefix !== '')) {
    if (anyMatches(keys, /\.(time_stack|time_mixer)(\.|$)/))
      throw unsupported(file, 'a Stable Video Diffusion model');
    return prefix;
  }
  if (other !== undefined) throw unsupported(file, other.name, other.remedy);
  if (anyMatches(keys, /^(first_stage_model\.)?decoder\.(mid\.block_1|mid_block)\./)) {
    throw unsupported(file, 'an autoencoder (VAE) alone', 'Choose it as the VAE of a checkpoint.');
  }
  if (anyMatches(keys, /(^|\.)(text_model\.encoder|transformer\.resblocks)\./)) {
    throw unsupported(file, 'a text encoder alone', 'Choose it as the text encoder of a checkpoint.');
  }
  throw new ModelError(
    'family-unknown',
    `${file} has ${keys.size} tensors, and none are those of a model that is known.`,
    supported,
  );
}

/**
 * Refuses UNets of the right layout that need more than text and a latent.
 * @throws {ModelError} `family-unsupported`
 */
export function refuseUnsupportedUnet(
  file: string,
  unet: {
    readonly inChannels: number;
    readonly crossAttentionDim: number;
    readonly addedInputDim: number | undefined;
  },
): void {
  if (unet.addedInputDim !== undefined && unet.crossAttentionDim === 1280) {
    throw unsupported(file, 'the SDXL refiner', 'Open the SDXL base model; pictures need no refiner.');
  }
  const named: Readonly<Record<number, string>> = {
    5: 'a depth-to-image model',
    7: 'a latent upscaler',
    8: 'an InstructPix2Pix model',
  };
  const name = named[unet.inChannels];
  if (name !== undefined) throw unsupported(file, name);
  if (unet.inChannels !== 4 && unet.inChannels !== 9) {
    throw unsupported(file, `a model whose UNet has ${unet.inChannels} input channels`);
  }
}

/** Whether a key matches. */
function anyMatches(keys: ReadonlySet<string>, pattern: RegExp): boolean {
  for (const key of keys) if (pattern.test(key)) return true;
  return false;
}

function unsupported(file: string, what: string, remedy = supported): ModelError {
  return new ModelError(
    'family-unsupported',
    `${file} is ${what}, which cannot be opened as a checkpoint.`,
    remedy,
  );
}
