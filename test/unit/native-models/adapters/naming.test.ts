import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AdapterTarget } from '../../../../native-models/adapters/adapter-target.ts';
import type { AdapterComponent } from '../../../../native-models/adapters/module-names.ts';
import { originalUnetNames } from '../../../../native-models/adapters/original-names.ts';
import { readAdapter } from '../../../../native-models/adapters/read-adapter.ts';
import { sharedPath } from '../../../fixtures/reference-folder.ts';
import { f32, memorySource, type MemoryTensor } from './memory-source.ts';

const TO_Q = 'down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q';
const TO_OUT = 'down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_out.0';
const CONV = 'down_blocks.0.resnets.0.conv1';
const TEXT_Q = 'text_model.encoder.layers.0.self_attn.q_proj';
const TEXT_OUT = 'text_model.encoder.layers.0.self_attn.out_proj';
const FC1 = 'text_model.encoder.layers.0.mlp.fc1';

const linear = (name: string) =>
  ({ name, kind: 'linear', inFeatures: 8, outFeatures: 8, kernel: [1, 1] }) as const;
const target: AdapterTarget = {
  family: 'SDXL',
  sites: {
    unet: [
      linear(TO_Q),
      linear(TO_OUT),
      { name: CONV, kind: 'conv', inFeatures: 8, outFeatures: 8, kernel: [3, 3] },
    ],
    text_encoder: [linear(TEXT_Q), linear(TEXT_OUT), linear(FC1)],
    text_encoder_2: [linear(TEXT_Q), linear(FC1)],
  },
  norms: { unet: new Map([['conv_norm_out', 8]]) },
};

/** A rank-2 pair for a linear layer under the names that a program gives it. */
const pair = (down: string, up: string): Record<string, MemoryTensor> => ({
  [down]: f32([2, 8]),
  [up]: f32([8, 2]),
});

const flat = (name: string): string => name.replaceAll('.', '_');
const found: Array<[string, Record<string, MemoryTensor>, AdapterComponent, string]> = [
  [
    'kohya, unet',
    pair(`lora_unet_${flat(TO_Q)}.lora_down.weight`, `lora_unet_${flat(TO_Q)}.lora_up.weight`),
    'unet',
    TO_Q,
  ],
  [
    'kohya, text',
    pair(`lora_te_${flat(TEXT_Q)}.lora_down.weight`, `lora_te_${flat(TEXT_Q)}.lora_up.weight`),
    'text_encoder',
    TEXT_Q,
  ],
  [
    'kohya, te1',
    pair(`lora_te1_${flat(FC1)}.lora_down.weight`, `lora_te1_${flat(FC1)}.lora_up.weight`),
    'text_encoder',
    FC1,
  ],
  [
    'kohya, te2',
    pair(`lora_te2_${flat(FC1)}.lora_down.weight`, `lora_te2_${flat(FC1)}.lora_up.weight`),
    'text_encoder_2',
    FC1,
  ],
  [
    'kohya, SDXL names',
    pair(
      'lora_unet_input_blocks_1_1_transformer_blocks_0_attn1_to_out_0.lora_down.weight',
      'lora_unet_input_blocks_1_1_transformer_blocks_0_attn1_to_out_0.lora_up.weight',
    ),
    'unet',
    TO_OUT,
  ],
  [
    'LyCORIS wrapper',
    pair(`lycoris_${flat(TO_Q)}.lora_down.weight`, `lycoris_${flat(TO_Q)}.lora_up.weight`),
    'unet',
    TO_Q,
  ],
  [
    'diffusers, processors',
    pair(
      `${TO_Q.replace('.to_q', '.processor.to_q')}_lora.down.weight`,
      `${TO_Q.replace('.to_q', '.processor.to_q')}_lora.up.weight`,
    ),
    'unet',
    TO_Q,
  ],
  [
    'diffusers, to_out',
    pair(
      `unet.${TO_OUT.replace('.to_out.0', '.processor.to_out_lora')}.down.weight`,
      `unet.${TO_OUT.replace('.to_out.0', '.processor.to_out_lora')}.up.weight`,
    ),
    'unet',
    TO_OUT,
  ],
  [
    'diffusers, old text',
    pair(
      `text_encoder.${TEXT_Q.replace('q_proj', 'to_q_lora')}.down.weight`,
      `text_encoder.${TEXT_Q.replace('q_proj', 'to_q_lora')}.up.weight`,
    ),
    'text_encoder',
    TEXT_Q,
  ],
  [
    'diffusers, old text out',
    pair(
      `text_encoder.${TEXT_OUT.replace('out_proj', 'to_out_lora')}.down.weight`,
      `text_encoder.${TEXT_OUT.replace('out_proj', 'to_out_lora')}.up.weight`,
    ),
    'text_encoder',
    TEXT_OUT,
  ],
  [
    'diffusers, linear layer',
    pair(
      `text_encoder_2.${TEXT_Q}.lora_linear_layer.down.weight`,
      `text_encoder_2.${TEXT_Q}.lora_linear_layer.up.weight`,
    ),
    'text_encoder_2',
    TEXT_Q,
  ],
  ['diffusers, dots', pair(`unet.${TO_Q}.lora.down.weight`, `unet.${TO_Q}.lora.up.weight`), 'unet', TO_Q],
  ['diffusers, now', pair(`unet.${TO_Q}.lora_A.weight`, `unet.${TO_Q}.lora_B.weight`), 'unet', TO_Q],
  [
    'PEFT',
    pair(`base_model.model.${TO_Q}.lora_A.weight`, `base_model.model.${TO_Q}.lora_B.weight`),
    'unet',
    TO_Q,
  ],
  [
    'PEFT, named',
    pair(
      `base_model.model.unet.${TO_Q}.lora_A.default.weight`,
      `base_model.model.unet.${TO_Q}.lora_B.default.weight`,
    ),
    'unet',
    TO_Q,
  ],
  [
    'PEFT, text',
    pair(`base_model.model.${TEXT_Q}.lora_A.weight`, `base_model.model.${TEXT_Q}.lora_B.weight`),
    'text_encoder',
    TEXT_Q,
  ],
  ['OneTrainer', pair(`unet.${TO_Q}.lora_down.weight`, `unet.${TO_Q}.lora_up.weight`), 'unet', TO_Q],
  [
    'OneTrainer, text',
    pair(`clip_g.${TEXT_Q}.lora_down.weight`, `clip_g.${TEXT_Q}.lora_up.weight`),
    'text_encoder_2',
    TEXT_Q,
  ],
  [
    'ComfyUI',
    pair(
      'diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_q.lora_down.weight',
      'diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_q.lora_up.weight',
    ),
    'unet',
    TO_Q,
  ],
  [
    'ComfyUI, text',
    pair(
      `text_encoders.clip_l.transformer.${FC1}.lora_A.weight`,
      `text_encoders.clip_l.transformer.${FC1}.lora_B.weight`,
    ),
    'text_encoder',
    FC1,
  ],
];

describe('names', () => {
  it.each(found)('%s', async (_, tensors, component, name) => {
    const { layers, report } = await readAdapter(memorySource(tensors), target);
    expect(report.unused).toEqual([]);
    expect(layers).toHaveLength(1);
    expect(layers[0]!.module).toMatchObject({ component, name });
    expect(layers[0]!).toMatchObject({ scale: 1, form: { algorithm: 'lora', rank: 2, decomposed: false } });
  });

  it('knows convolutions in both spellings, and changes of a norm', async () => {
    const conv = (name: string) => ({
      [`${name}.lora_down.weight`]: f32([2, 8, 3, 3]),
      [`${name}.lora_up.weight`]: f32([8, 2, 1, 1]),
    });
    for (const name of [
      `lora_unet_${flat(CONV)}`,
      'lora_unet_input_blocks_1_0_in_layers_2',
      `unet.${CONV}`,
    ]) {
      const { layers } = await readAdapter(memorySource(conv(name)), target);
      expect(layers.map((layer) => layer.module.name)).toEqual([CONV]);
    }
    const norm = { 'lora_unet_conv_norm_out.w_norm': f32([8]), 'lora_unet_conv_norm_out.b_norm': f32([8]) };
    const { layers } = await readAdapter(memorySource(norm), target);
    expect(layers.map((layer) => layer.parameter).toSorted()).toEqual(['bias', 'weight']);
  });

  it('reads alpha, from tensors and from PEFT metadata', async () => {
    const tensors = pair(`unet.${TO_Q}.lora_A.weight`, `unet.${TO_Q}.lora_B.weight`);
    const alpha = { ...tensors, [`unet.${TO_Q}.alpha`]: f32([], Float32Array.of(1)) };
    expect((await readAdapter(memorySource(alpha), target)).layers[0]!.scale).toBe(0.5);
    const metadata = { lora_adapter_metadata: JSON.stringify({ 'unet.lora_alpha': 8, 'unet.r': 2 }) };
    expect((await readAdapter(memorySource(tensors, metadata), target)).layers[0]!.scale).toBe(4);
    const mixed = {
      lora_alpha: 8,
      r: 16,
      alpha_pattern: { 'attn1.to_q': 6 },
      rank_pattern: { 'attn1.to_q': 2 },
    };
    const own = { lora_adapter_metadata: JSON.stringify(mixed) };
    expect((await readAdapter(memorySource(tensors, own), target)).layers[0]!.scale).toBe(3);
    const rooted = { lora_adapter_metadata: JSON.stringify({ lora_alpha: 8, r: 2, use_rslora: true }) };
    const [layer] = (await readAdapter(memorySource(tensors, rooted), target)).layers;
    expect(layer!.scale).toBeCloseTo(8 / Math.sqrt(2), 12);
    const broken = { lora_adapter_metadata: '{"unet.lora_alpha"' };
    expect((await readAdapter(memorySource(tensors, broken), target)).layers[0]!.scale).toBe(1);
  });
});

const models = ['sd15-tiny', 'sdxl-tiny', 'geometry/sd15', 'geometry/sdxl'].filter((name) =>
  sharedPath('reference', `${name}.json`),
);

interface ModelFile {
  family: string;
  tensors: Array<[string, number[]]>;
  single_file: Array<[string, number[], string[], boolean]>;
}

const readModel = (name: string): ModelFile =>
  JSON.parse(readFileSync(sharedPath('reference', `${name}.json`)!, 'utf8')) as ModelFile;

function targetOf(model: ModelFile): AdapterTarget {
  const sites = model.tensors
    .filter(([key, shape]) => key.startsWith('unet/') && key.endsWith('.weight') && shape.length >= 2)
    .map(([key, [out = 0, inner = 0, height = 1, width = 1]]) => ({
      name: key.slice('unet/'.length, -'.weight'.length),
      kind:
        model.tensors.find(([other]) => other === key)![1].length === 4
          ? ('conv' as const)
          : ('linear' as const),
      inFeatures: inner,
      outFeatures: out,
      kernel: [height, width] as const,
    }));
  return { family: model.family === 'sdxl' ? 'SDXL' : 'SD 1.x', sites: { unet: sites } };
}

describe.skipIf(models.length === 0)('against the reference models (skipped where they are missing)', () => {
  it.each(models)('%s: original names of every module of the UNet', (name) => {
    const model = readModel(name);
    const names = model.tensors
      .filter(([key]) => key.startsWith('unet/') && key.endsWith('.weight'))
      .map(([key]) => key.slice('unet/'.length, -'.weight'.length));
    const renamed = originalUnetNames(names);
    const expected = new Map(
      model.single_file
        .filter(([key]) => key.startsWith('model.diffusion_model.') && key.endsWith('.weight'))
        .map(([key, , [source = '']]) => [
          source.slice('unet/'.length, -'.weight'.length),
          key.slice('model.diffusion_model.'.length, -'.weight'.length),
        ]),
    );
    expect(expected.size).toBeGreaterThan(100);
    expect(Object.fromEntries(renamed)).toEqual(Object.fromEntries(expected));
  });

  it.each(models.filter((name) => name.endsWith('-tiny')))(
    '%s: its LoRA fits whole, by either spelling',
    async (name) => {
      const model = readModel(name);
      const keys = JSON.parse(readFileSync(sharedPath('reference', `${name}-lora.json`)!, 'utf8')) as Array<
        [string, number[]]
      >;
      const tensors = Object.fromEntries(keys.map(([key, shape]) => [key, f32(shape)]));
      const { layers, report } = await readAdapter(memorySource(tensors), targetOf(model));
      expect(report.unused).toEqual([]);
      expect(layers).toHaveLength(keys.length / 2);
      expect(report.summary).toContain(`All ${keys.length} keys fit`);
      const originals = originalUnetNames(targetOf(model).sites.unet!.map((site) => site.name));
      const respelled = Object.fromEntries(
        layers.flatMap((layer) =>
          (['down', 'up'] as const).map((part) => [
            `lora_unet_${flat(originals.get(layer.module.name)!)}.lora_${part}.weight`,
            tensors[layer.keys.get(part)!]!,
          ]),
        ),
      );
      const again = await readAdapter(memorySource(respelled), targetOf(model));
      expect(again.layers.map((layer) => layer.module.name)).toEqual(
        layers.map((layer) => layer.module.name),
      );
    },
  );

  it.skipIf(!models.includes('geometry/sdxl'))('says what a LoRA of another family is', async () => {
    const sdxl = targetOf(readModel('geometry/sdxl')).sites.unet!.filter((site) =>
      site.name.includes('attn2.to_k'),
    );
    const header = new Map<string, { dtype: string; shape: number[] }>(
      sdxl.flatMap((site) => [
        [
          `lora_unet_${flat(site.name)}.lora_down.weight`,
          { dtype: 'F16', shape: [4, site.inFeatures] },
        ] as const,
        [
          `lora_unet_${flat(site.name)}.lora_up.weight`,
          { dtype: 'F16', shape: [site.outFeatures, 4] },
        ] as const,
      ]),
    );
    const source = {
      metadata: new Map<string, string>(),
      tensors: header,
      read: () => Promise.resolve(new Uint8Array()),
    };
    const { report } = await readAdapter(source, targetOf(readModel('geometry/sd15')));
    expect(report.family).toBe('SDXL');
    expect(report.summary).toBe(`0 of ${header.size} keys fit SD 1.x; it is for SDXL.`);
    expect(report.unused.every(({ reason }) => reason.length > 10)).toBe(true);
  });
});
