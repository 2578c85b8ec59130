import path from 'node:path';
import { expect, test } from 'vitest';
import { describeFile } from '../../../../main/models/describe-file.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';
import { writeSafetensors } from '../../../fixtures/write-safetensors.ts';

const folder = scratchFolder();

function write(name: string, tensors: Readonly<Record<string, readonly number[]>>): string {
  const file = path.join(folder, `${name}.safetensors`);
  const zeros = (shape: readonly number[]) => () => new Uint8Array(2 * shape.reduce((a, b) => a * b, 1));
  writeSafetensors(
    file,
    Object.entries(tensors).map(
      ([key, shape]) => [key, { dtype: 'F16', shape, bytes: zeros(shape) }] as const,
    ),
  );
  return file;
}

const kohya = (layer: string, inner = 64) => ({
  [`${layer}.lora_down.weight`]: [4, inner],
  [`${layer}.lora_up.weight`]: [64, 4],
});
const peft = (layer: string) => ({
  [`${layer}.lora_A.weight`]: [4, 64],
  [`${layer}.lora_B.weight`]: [64, 4],
});

test.each([
  ['Flux', kohya('lora_unet_double_blocks_0_img_attn_proj')],
  ['Flux', peft('transformer.single_transformer_blocks.0.attn.to_q')],
  ['SD 3', peft('transformer.transformer_blocks.0.attn.add_q_proj')],
  ['SD 3', kohya('lora_unet_joint_blocks_0_context_block_attn_proj')],
  ['Wan', peft('diffusion_model.blocks.0.cross_attn.k')],
  ['Hunyuan video', peft('transformer.double_blocks.0.img_attn_qkv')],
  ['Qwen-Image', peft('transformer_blocks.0.img_mod.1')],
  ['LTX or PixArt', peft('diffusion_model.transformer_blocks.0.attn1.to_q')],
  ['SDXL', kohya('lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q')],
  [
    'SDXL',
    {
      'lycoris_unet_output_blocks_1_1_proj_in.lokr_w1': [2, 2],
      'lycoris_unet_output_blocks_1_1_proj_in.lokr_w2': [8, 8],
    },
  ],
  ['SD 1.x', kohya('lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k', 768)],
  ['SD 2.x', kohya('lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k', 1024)],
  [null, kohya('lora_te_text_model_encoder_layers_0_self_attn_q_proj')],
])('an adapter for %s is told by its names and widths (%#)', async (family, tensors) => {
  expect(await describeFile(write('adapter', tensors))).toMatchObject({ kind: 'adapter', family });
});

test.each([
  [
    'OFT and BOFT',
    { 'oft_unet_down_blocks_0_proj_in.oft_blocks': [4, 8, 8], 'oft_unet_down_blocks_0_proj_in.alpha': [] },
  ],
  [
    'GLoRA',
    { 'lora_unet_mid_block_proj_in.a1.weight': [4, 8], 'lora_unet_mid_block_proj_in.b1.weight': [4, 8] },
  ],
])('an adapter of a kind that is not read says so: %s', async (kind, tensors) => {
  await expect(describeFile(write('unread', tensors))).rejects.toMatchObject({
    code: 'adapter-unsupported',
    message: `unread.safetensors changes nothing here: ${kind} adapters are not read.`,
  });
});

const wide = [8, 8];
test.each([
  [
    'a Flux model',
    {
      'transformer_blocks.0.attn.add_k_proj.weight': wide,
      'single_transformer_blocks.0.attn.to_q.weight': wide,
    },
  ],
  [
    'a Stable Diffusion 3 model',
    { 'transformer_blocks.0.attn.add_k_proj.weight': wide, 'pos_embed.proj.weight': wide },
  ],
  ['a PixArt or Sana model', { 'caption_projection.linear_1.weight': wide, 'patch_embed.proj.weight': wide }],
  [
    'the UNet of a diffusers folder by itself',
    { 'conv_in.weight': wide, 'down_blocks.0.resnets.0.time_emb_proj.weight': wide },
  ],
  [
    'an image encoder (CLIP vision)',
    {
      'vision_model.encoder.layers.0.mlp.fc1.weight': wide,
      'vision_model.encoder.layers.0.mlp.fc2.weight': wide,
    },
  ],
])('what is %s is named', async (what, tensors) => {
  await expect(describeFile(write('model', tensors))).rejects.toMatchObject({
    code: 'family-unsupported',
    message: `model.safetensors is ${what}, which cannot be opened as a checkpoint.`,
  });
});
