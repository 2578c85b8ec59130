import { describe, expect, it } from 'vitest';
import type { FoundSettings } from '../../../../preload/contract/index.ts';
import { readSettings } from '../../../../main/provenance/read-settings.ts';
import {
  exifBlock,
  jpegWith,
  pngHiding,
  pngWith,
  type Text,
  webpWith,
} from '../../../fixtures/foreign/containers.ts';
import * as texts from '../../../fixtures/foreign/texts.ts';

async function read(...entries: readonly Text[]): Promise<FoundSettings> {
  const found = await readSettings(await pngWith(entries));
  if (found === null) throw new Error('nothing was found');
  return found;
}
const parameters = (text: string): Promise<FoundSettings> => read({ name: 'parameters', text });
const comfy = (prompt: unknown): Promise<FoundSettings> =>
  read({ name: 'prompt', text: JSON.stringify(prompt) });
const valueOf = ({ unknown }: FoundSettings, name: string): string | undefined =>
  unknown.find((each) => each.name === name)?.value;

describe('infotext of forks and extensions', () => {
  const LINE = 'Steps: 20, Sampler: Euler a, Schedule type: Automatic, CFG scale: 7, Seed: 42, Size: 512x768';

  it('has prompts of several lines with quotes, colons and the words of parameters in them', async () => {
    const found = await parameters(
      `a sign that says "OPEN: 24, hours", Steps: of stone\nSize: huge, Model: a girl, Seed: of doubt\nNegative prompt: text, "logo"\nSampler: none\n${LINE}`,
    );
    expect(found).toMatchObject({
      prompt:
        'a sign that says "OPEN: 24, hours", Steps: of stone\nSize: huge, Model: a girl, Seed: of doubt',
      negative: 'text, "logo"\nSampler: none',
      steps: 20,
      width: 512,
    });
  });

  it('has the templates of dynamic prompts below its parameters', async () => {
    const found = await parameters(
      `a red fox\nNegative prompt: blurry\n${LINE}\nTemplate: a {red|blue} fox\nNegative Template: blurry`,
    );
    expect(found).toMatchObject({ prompt: 'a red fox', negative: 'blurry', seed: 42 });
    expect(valueOf(found, 'Template')).toBe('a {red|blue} fox');
    expect(valueOf(found, 'Negative Template')).toBe('blurry');
  });

  it('has lists of JSON as Civitai writes them, whole', async () => {
    const json =
      '[{"type":"checkpoint","modelName":"Juggernaut, XL [v9]","weight":1},{"type":"lora","x":"}"}]';
    const found = await parameters(
      `a fox\n${LINE}, Civitai resources: ${json}, Civitai metadata: {}, Version: v1.10.1`,
    );
    expect(found.version).toBe('v1.10.1');
    expect(valueOf(found, 'Civitai resources')).toBe(json);
    expect(valueOf(found, 'Civitai metadata')).toBe('{}');
  });

  it('has ControlNets and regional prompts', async () => {
    const found = await parameters(
      `a fox BREAK a hill\n${LINE}, RP Active: True, RP Ratios: "1,1;2,1", ControlNet 0: "Module: canny, Model: control_v11p_sd15_canny [d14c016b], Weight: 0.85, Resize Mode: Crop and Resize, Guidance Start: 0.1, Guidance End: 0.7, Pixel Perfect: True", ControlNet 1: "Module: reference_only, Model: None, Weight: 1"`,
    );
    expect(found.controls).toEqual([
      { name: 'control_v11p_sd15_canny', strength: 0.85, start: 0.1, end: 0.7 },
    ]);
    expect(valueOf(found, 'RP Ratios')).toBe('1,1;2,1');
    expect(valueOf(found, 'ControlNet 1')).toContain('reference_only');
  });

  it('has Forge’s own fields and a refiner, kept to be shown', async () => {
    const found = await parameters(
      `a fox\n${LINE}, Distilled CFG Scale: 3.5, Refiner: sd_xl_refiner_1.0 [7440042bbd], Refiner switch at: 0.8, Version: f2.0.1v1.10.1-previous-635-gf5330788`,
    );
    expect(found.version).toBe('f2.0.1v1.10.1-previous-635-gf5330788');
    expect(valueOf(found, 'Refiner')).toBe('sd_xl_refiner_1.0 [7440042bbd]');
    expect(valueOf(found, 'Distilled CFG Scale')).toBe('3.5');
  });
});

describe('graphs of ComfyUI', () => {
  const base = {
    4: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sdxl\\juggernautXL_v9.safetensors' } },
    5: { class_type: 'EmptyLatentImage', inputs: { width: 1024, height: 768, batch_size: 1 } },
    7: { class_type: 'CLIPTextEncode', inputs: { text: 'blurry', clip: ['4', 1] } },
    3: {
      class_type: 'KSampler',
      inputs: {
        seed: 5,
        steps: 30,
        cfg: 6,
        sampler_name: 'euler',
        scheduler: 'normal',
        denoise: 1,
        model: ['4', 0],
        positive: ['6', 0],
        negative: ['7', 0],
        latent_image: ['5', 0],
      },
    },
  };

  it.each([
    [
      'of the core',
      {
        class_type: 'StringConcatenate',
        inputs: { string_a: 'a fox', string_b: ['21', 0], delimiter: ' & ' },
      },
      'a fox & in snow',
    ],
    [
      'of WAS',
      {
        class_type: 'Text Concatenate',
        inputs: { delimiter: ', ', clean_whitespace: 'true', text_a: ['21', 0], text_b: 'a fox' },
      },
      'in snow, a fox',
    ],
    [
      'with numbers',
      {
        class_type: 'ttN concat',
        inputs: { text1: 'a fox', text2: ['21', 0], text10: 'end', delimiter: '\\n' },
      },
      'a fox\nin snow\nend',
    ],
  ])('follow prompts through nodes that join texts, %s', async (_what, join, prompt) => {
    const found = await comfy({
      ...base,
      6: { class_type: 'CLIPTextEncode', inputs: { text: ['22', 0], clip: ['4', 1] } },
      22: { class_type: 'ShowText|pysssss', inputs: { text: ['20', 0] } },
      20: join,
      21: { class_type: 'Text Multiline', inputs: { text: 'in snow' } },
    });
    expect(found.prompt).toBe(prompt);
    expect(found.negative).toBe('blurry');
    expect(found.unknown).toEqual([]);
  });

  it('follow a base into a refiner, which is shown and is no second pass', async () => {
    const pass = (model: string, positive: string, latent: string, start: number, end: number) => ({
      class_type: 'KSamplerAdvanced',
      inputs: {
        add_noise: start === 0 ? 'enable' : 'disable',
        noise_seed: 721,
        steps: 25,
        cfg: 8,
        sampler_name: 'dpmpp_2m',
        scheduler: 'karras',
        start_at_step: start,
        end_at_step: end,
        return_with_leftover_noise: start === 0 ? 'enable' : 'disable',
        model: [model, 0],
        positive: [positive, 0],
        negative: ['7', 0],
        latent_image: [latent, 0],
      },
    });
    const { 3: _sampler, ...rest } = base;
    const found = await comfy({
      ...rest,
      6: {
        class_type: 'CLIPTextEncodeSDXL',
        inputs: { width: 4096, height: 4096, text_g: 'a fox', text_l: 'a fox', clip: ['4', 1] },
      },
      12: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd_xl_refiner_1.0.safetensors' } },
      15: { class_type: 'CLIPTextEncode', inputs: { text: 'a fox', clip: ['12', 1] } },
      10: pass('4', '6', '5', 0, 20),
      11: pass('12', '15', '10', 20, 10_000),
      17: { class_type: 'VAEDecode', inputs: { samples: ['11', 0], vae: ['12', 2] } },
      19: { class_type: 'SaveImage', inputs: { images: ['17', 0], filename_prefix: 'x' } },
    });
    expect(found).toMatchObject({
      prompt: 'a fox',
      model: { name: 'juggernautXL_v9' },
      steps: 25,
      seed: 721,
      width: 1024,
      height: 768,
      hires: null,
      sampler: { id: 'dpmpp-2m-karras' },
    });
    const shown = found.unknown.map(({ name, value }) => `${name} ${value}`).join('\n');
    expect(shown).toContain('sd_xl_refiner_1.0.safetensors');
    expect(shown).toContain('"start_at_step":20');
  });

  it('read loaders that hold everything, and stacks of adapters', async () => {
    const found = await comfy({
      1: {
        class_type: 'Efficient Loader',
        inputs: {
          ckpt_name: 'dream.safetensors',
          vae_name: 'Baked VAE',
          clip_skip: -2,
          lora_name: 'None',
          lora_model_strength: 1,
          positive: 'a fox',
          negative: 'blurry',
          empty_latent_width: 512,
          empty_latent_height: 640,
          lora_stack: ['2', 0],
        },
      },
      2: {
        class_type: 'CR LoRA Stack',
        inputs: {
          switch_1: 'On',
          lora_name_1: 'ink.safetensors',
          model_weight_1: 0.6,
          clip_weight_1: 0.4,
          switch_2: 'Off',
          lora_name_2: 'grain.safetensors',
          model_weight_2: 1,
          clip_weight_2: 1,
        },
      },
      3: {
        class_type: 'KSampler (Efficient)',
        inputs: {
          seed: 8,
          steps: 12,
          cfg: 5,
          sampler_name: 'euler',
          scheduler: 'normal',
          denoise: 1,
          model: ['1', 0],
          positive: ['1', 1],
          negative: ['1', 2],
          latent_image: ['1', 3],
        },
      },
    });
    expect(found).toMatchObject({
      prompt: 'a fox',
      negative: 'blurry',
      width: 512,
      height: 640,
      strength: null,
      model: { name: 'dream' },
      adapters: [{ name: 'ink', strength: 0.6, textStrength: 0.4 }],
    });
  });

  it('read a loader of several adapters', async () => {
    const found = await comfy({
      ...base,
      3: { ...base[3], inputs: { ...base[3].inputs, model: ['9', 0] } },
      6: { class_type: 'CLIPTextEncode', inputs: { text: 'a fox', clip: ['9', 1] } },
      9: {
        class_type: 'Power Lora Loader (rgthree)',
        inputs: {
          PowerLoraLoaderHeaderWidget: { type: 'PowerLoraLoaderHeaderWidget' },
          lora_1: { on: true, lora: 'styles/ink.safetensors', strength: 0.7 },
          lora_2: { on: false, lora: 'grain.safetensors', strength: 1 },
          model: ['4', 0],
          clip: ['4', 1],
        },
      },
    });
    expect(found.model?.name).toBe('juggernautXL_v9');
    expect(found.adapters).toEqual([{ name: 'ink', hash: null, strength: 0.7, textStrength: null }]);
  });
});

it('Fooocus writes JPEG and WebP files without a character code, and its scheme beside the text', async () => {
  const field = (tag: number, text: string) => ({ tag, data: Buffer.from(`${text}\0`) });
  const exif = exifBlock(
    [field(0x0131, 'Fooocus v2.5.5'), field(0x9286, JSON.stringify(texts.FOOOCUS)), field(0x927c, 'fooocus')],
    [],
    true,
  );
  const wanted = await read(
    { name: 'parameters', text: JSON.stringify(texts.FOOOCUS) },
    { name: 'fooocus_scheme', text: 'fooocus' },
  );
  for (const file of [await jpegWith(exif), await webpWith(exif)]) {
    const found = await readSettings(file);
    expect({ ...found, source: wanted.source }).toEqual(wanted);
  }
});

describe('hidden in the lowest bits', () => {
  it.each([true, false])('of the colours, packed: %s', async (packed) => {
    const text = JSON.stringify({
      Comment: JSON.stringify(texts.NOVEL_AI),
      Source: 'NovelAI Diffusion V4 7ABFFA2A',
    });
    const inAlpha = await readSettings(await pngHiding(text, packed));
    const found = await readSettings(await pngHiding(text, packed, true));
    expect(found).toMatchObject({ tool: 'novelai', prompt: inAlpha?.prompt, seed: inAlpha?.seed });
    expect(found?.source).toContain('colours');
  });

  it('as infotext, too', async () => {
    const found = await readSettings(await pngHiding(texts.A1111, true));
    expect(found).toMatchObject({ tool: 'a1111', seed: 3_456_789_012 });
  });
});
