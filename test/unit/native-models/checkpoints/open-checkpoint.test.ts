import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../../native-models/checkpoints/open-checkpoint.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';
import { writeSparseCheckpoint } from '../../../fixtures/sparse-checkpoint.ts';

/** The keys and shapes of a small SD1 checkpoint in the original layout, text encoder and autoencoder included. */
const sd1 = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../../fixtures/sd1-single-file-keys.json'), 'utf8'),
) as [string, number[]][];
const folder = scratchFolder();
let count = 0;

function write(
  tensors: readonly (readonly [string, readonly number[]])[],
  metadata: Readonly<Record<string, string>> = {},
): string {
  const file = path.join(folder, `${count++}.safetensors`);
  writeSparseCheckpoint(file, tensors, metadata);
  return file;
}

const replaceShape = (key: string, shape: readonly number[]): [string, readonly number[]][] =>
  sd1.map(([k, s]) => [k, k === key ? shape : s]);
const without = (prefix: string): [string, number[]][] => sd1.filter(([key]) => !key.startsWith(prefix));

describe('a single-file checkpoint', () => {
  it('is opened with every part under its diffusers name', async () => {
    const checkpoint = await openCheckpoint(write(sd1, { 'modelspec.title': 'Test' }));
    expect(checkpoint).toMatchObject({
      layout: 'single-file',
      family: 'sd1',
      inpainting: false,
      predictionType: 'epsilon',
      missing: [],
    });
    expect(checkpoint.metadata.get('modelspec.title')).toBe('Test');
    expect(checkpoint.unet.config.down.map((level) => level.channels)).toEqual([32, 64]);
    expect(checkpoint.unet.config.up.map((level) => level.transformerDepth)).toEqual([0, 1]);
    expect(checkpoint.vae?.config).toMatchObject({
      channels: [32, 64],
      layersPerBlock: 1,
      scalingFactor: 0.18215,
    });
    expect(checkpoint.unet.weights.find('up_blocks.0.upsamplers.0.conv.weight')).toBeDefined();
    const parts = [checkpoint.unet, checkpoint.vae!, ...checkpoint.textEncoders];
    expect(parts.reduce((sum, part) => sum + part.weights.size, 0)).toBe(sd1.length);
  });

  it('of nine input channels is an inpainting model', async () => {
    const file = write(replaceShape('model.diffusion_model.input_blocks.0.0.weight', [32, 9, 3, 3]));
    expect(await openCheckpoint(file)).toMatchObject({ family: 'sd1', inpainting: true });
  });

  it('says which parts a pruned file lacks', async () => {
    const file = write(sd1.filter(([key]) => key.startsWith('model.diffusion_model.')));
    const checkpoint = await openCheckpoint(file);
    expect(checkpoint.missing).toEqual(['text_encoder', 'vae']);
    expect(checkpoint.vae).toBeUndefined();
  });

  it('of a velocity model says so in its metadata or by a key', async () => {
    const said = await openCheckpoint(write(sd1, { 'modelspec.prediction_type': 'v' }));
    expect(said.predictionType).toBe('v_prediction');
    const keyed = await openCheckpoint(write([...sd1, ['v_pred', [0]], ['ztsnr', [0]]]));
    expect(keyed.predictionType).toBe('v_prediction');
    expect(keyed.scheduler.rescaleBetasZeroSnr).toBe(true);
  });

  it('ignores averaged weights beside the others, and uses them where they are alone', async () => {
    const prefix = 'model.diffusion_model.';
    const unet = sd1.filter(([key]) => key.startsWith(prefix));
    const averaged = unet.map(([key, shape]): [string, number[]] => [
      `model_ema.diffusion_model${key.slice(prefix.length).replaceAll('.', '')}`,
      shape,
    ]);
    const both = await openCheckpoint(write([...sd1, ...averaged]));
    expect(both.unet.weights.find('conv_in.weight')?.name).toBe(`${prefix}input_blocks.0.0.weight`);
    const alone = await openCheckpoint(write([...without(prefix), ...averaged]));
    expect(alone.unet.weights.size).toBe(both.unet.weights.size);
    expect(alone.unet.config).toEqual(both.unet.config);
    expect([...alone.unet.weights.entries()].map(([name]) => name).toSorted()).toEqual(
      [...both.unet.weights.entries()].map(([name]) => name).toSorted(),
    );
  });

  const other: readonly [string, string, RegExp][] = [
    ['a LoRA', 'lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight', /is a LoRA/],
    ['a PEFT LoRA', 'unet.down_blocks.0.attentions.0.proj_in.lora_A.weight', /is a LoRA/],
    ['a ControlNet', 'control_model.input_hint_block.0.weight', /is a ControlNet/],
    [
      'Stable Diffusion 3',
      'model.diffusion_model.joint_blocks.0.context_block.attn.qkv.weight',
      /Stable Diffusion 3/,
    ],
    ['Flux', 'model.diffusion_model.double_blocks.0.img_attn.qkv.weight', /Flux/],
    ['PixArt', 'model.diffusion_model.t_block.1.weight', /PixArt/],
    ['a Wan video model', 'blocks.0.self_attn.norm_q.weight', /Wan/],
    ['an autoencoder', 'decoder.mid.block_1.conv1.weight', /autoencoder/],
    ['a text encoder', 'text_model.encoder.layers.0.mlp.fc1.weight', /text encoder/],
    ['an embedding', 'emb_params', /textual-inversion/],
  ];
  it.each(other)('that is %s is refused by its name', async (_, key, message) => {
    await expect(openCheckpoint(write([[key, [4, 4]]]))).rejects.toMatchObject({
      code: 'family-unsupported',
      message: expect.stringMatching(message),
    });
  });

  it('of unknown tensors says how many it saw', async () => {
    await expect(openCheckpoint(write([['head.weight', [4]]]))).rejects.toMatchObject({
      code: 'family-unknown',
      message: expect.stringMatching(/1 tensor/),
    });
  });

  it('that is a pickle is refused, and why', async () => {
    const file = path.join(folder, 'model.ckpt');
    writeFileSync(file, 'PK');
    await expect(openCheckpoint(file)).rejects.toMatchObject({
      code: 'pickle-refused',
      message: expect.stringMatching(/run any program/),
      remedy: expect.stringMatching(/safetensors/),
    });
  });

  it('with a tensor of another shape fails where the graph is built, with both shapes', async () => {
    const { buildUnet } = await import('../../../../native-models/architectures/unet.ts');
    const file = write(replaceShape('model.diffusion_model.middle_block.1.proj_out.weight', [64, 32, 1, 1]));
    const { unet } = await openCheckpoint(file);
    expect(() => buildUnet(unet, { batch: 1, height: 8, width: 8, contextTokens: 77 })).toThrow(
      /mid_block\.attentions\.0\.proj_out\.weight is \[64, 32, 1, 1\] where \[64, 64, 1, 1\]/,
    );
  });
});

describe('a diffusers folder', () => {
  const make = (files: Readonly<Record<string, unknown>>): string => {
    const target = path.join(folder, `diffusers-${count++}`);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(target, name)), { recursive: true });
      writeFileSync(path.join(target, name), typeof content === 'string' ? content : JSON.stringify(content));
    }
    return target;
  };
  const unetConfig = {
    down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
    up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'],
    block_out_channels: [32, 64],
    cross_attention_dim: 32,
  };
  const index = { _class_name: 'StableDiffusionPipeline' };

  it.each([
    ['no model_index.json', {}, 'file-missing'],
    ['an index that is no JSON', { 'model_index.json': '{' }, 'config-invalid'],
    ['another pipeline', { 'model_index.json': { _class_name: 'FluxPipeline' } }, 'family-unsupported'],
    [
      'a UNet of other blocks',
      {
        'model_index.json': index,
        'unet/config.json': { ...unetConfig, down_block_types: ['KDownBlock2D'] },
      },
      'config-invalid',
    ],
    [
      'weights that are missing',
      { 'model_index.json': index, 'unet/config.json': unetConfig },
      'weights-missing',
    ],
    [
      'weights that are a pickle',
      { 'model_index.json': index, 'unet/config.json': unetConfig, 'unet/diffusion_pytorch_model.bin': '' },
      'pickle-refused',
    ],
    [
      'shards outside its folder',
      {
        'model_index.json': index,
        'unet/config.json': unetConfig,
        'unet/diffusion_pytorch_model.safetensors.index.json': {
          weight_map: { a: '../../secret.safetensors' },
        },
      },
      'config-invalid',
    ],
  ])('with %s is refused', async (_, files, code) => {
    const target = make({ 'README.md': '', ...files });
    await expect(openCheckpoint(target)).rejects.toMatchObject({ name: 'ModelError', code });
  });

  it('reads shards and half-precision variants', async () => {
    const target = make({
      'model_index.json': index,
      'unet/config.json': unetConfig,
      'unet/diffusion_pytorch_model.fp16.safetensors.index.json': {
        weight_map: { a: '1.safetensors', b: '2.safetensors' },
      },
      'vae/config.json': {
        block_out_channels: [32],
        down_block_types: ['DownEncoderBlock2D'],
        up_block_types: ['UpDecoderBlock2D'],
      },
    });
    writeSparseCheckpoint(path.join(target, 'unet', '1.safetensors'), [['a', [2]]]);
    writeSparseCheckpoint(path.join(target, 'unet', '2.safetensors'), [['b', [2]]]);
    writeSparseCheckpoint(path.join(target, 'vae', 'diffusion_pytorch_model.fp16.safetensors'), [
      ['decoder.mid_block.attentions.0.query.weight', [2, 2]],
    ]);
    const checkpoint = await openCheckpoint(target);
    expect([...checkpoint.unet.weights.entries()].map(([name]) => name)).toEqual(['a', 'b']);
    expect(checkpoint.vae?.weights.find('decoder.mid_block.attentions.0.to_q.weight')).toBeDefined();
    expect(checkpoint.missing).toEqual(['text_encoder']);
    expect(checkpoint.files.map((file) => path.basename(file.path))).toContain('2.safetensors');
  });
});
