import { describe, expect, it } from 'vitest';
import type { FoundSettings } from '../../../../preload/contract/index.ts';
import { readSettings } from '../../../../main/provenance/read-settings.ts';
import {
  exifBlock,
  jpegWith,
  pngHiding,
  pngWith,
  type Text,
  userComment,
  webpWith,
} from '../../../fixtures/foreign/containers.ts';
import * as texts from '../../../fixtures/foreign/texts.ts';

async function read(...entries: readonly Text[]): Promise<FoundSettings> {
  const found = await readSettings(await pngWith(entries));
  if (found === null) throw new Error('nothing was found');
  return found;
}

const names = ({ unknown }: FoundSettings): string[] => unknown.map(({ name }) => name);

describe('A1111 and Forge', () => {
  const expected = {
    tool: 'a1111',
    version: 'v1.10.1',
    prompt: 'masterpiece, a fox in the snow, (golden hour:1.2) \nsecond line',
    negative: 'blurry, "watermark", Steps: many\nlowres',
    sampler: { id: 'dpmpp-2m-karras' },
    steps: 28,
    guidance: 6.5,
    seed: 3_456_789_012,
    noise: 'philox',
    width: 512,
    height: 768,
    strength: 0.55,
    clipSkip: 2,
    model: { name: 'v1-5-pruned-emaonly', hash: '6ce0161689' },
    vae: 'vae-ft-mse-840000',
    adapters: [{ name: 'ink_wash', hash: 'a1b2c3d4e5f6', strength: 0.8, textStrength: null }],
    hires: { scale: 1.5, steps: 12, upscaler: '4x-UltraSharp', strength: 0.55 },
  };

  it.each(['tEXt', 'zTXt', 'iTXt', 'iTXt-deflated'] as const)('is read from %s', async (type) => {
    const found = await read({ type, name: 'parameters', text: texts.A1111 });
    expect(found).toMatchObject(expected);
    expect(names(found)).toEqual(['TI hashes', 'ControlNet 0']);
    expect(found.unknown[1]?.value).toBe('Module: canny, Model: control_v11p_sd15_canny, Weight: 1');
  });

  it.each([
    ['be', false],
    ['le', false],
    ['be', true],
    ['le', true],
  ] as const)('is read from a user comment in UTF-16 %s, block little-endian: %s', async (order, little) => {
    const exif = exifBlock([], [userComment(`${texts.A1111}, Note: 狐`, order)], little);
    for (const file of [await jpegWith(exif), await webpWith(exif), await pngWith([], exif)]) {
      const found = await readSettings(file);
      expect(found).toMatchObject(expected);
      expect(found?.unknown.at(-1)).toEqual({ name: 'Note', value: '狐' });
    }
  });

  it('takes a text without parameters for none, and a prompt of one line for one', async () => {
    expect(await readSettings(await pngWith([{ name: 'parameters', text: 'a fox\nin snow' }]))).toBeNull();
    const short = await read({ name: 'parameters', text: 'Steps: 5, Sampler: Euler a, Seed: 9' });
    expect(short).toMatchObject({ prompt: '', negative: '', steps: 5, seed: 9 });
    expect(short.sampler).toEqual({ written: 'Euler a', id: 'euler-ancestral' });
  });

  it('says so when Impasto has no such sampler', async () => {
    const found = await read({ name: 'parameters', text: 'x\nSteps: 5, Sampler: Restart, Seed: 9' });
    expect(found.sampler).toEqual({ written: 'Restart', id: null });
  });

  it('keeps a seed that no double carries among the unknown', async () => {
    const found = await read({
      name: 'parameters',
      text: 'x\nSteps: 5, Sampler: Euler, Seed: 18446744073709551615',
    });
    expect(found.seed).toBeNull();
    expect(found.unknown).toEqual([{ name: 'Seed', value: '18446744073709551615' }]);
  });
});

describe('ComfyUI', () => {
  const comfy = (prompt: unknown): Text => ({ name: 'prompt', text: JSON.stringify(prompt) });

  it('walks from the sampler to everything that made the picture', async () => {
    const found = await read(comfy(texts.COMFY_PROMPT), { name: 'workflow', text: '{}' });
    expect(found).toMatchObject({
      tool: 'comfyui',
      prompt: 'a fox in the snow',
      negative: 'blurry',
      sampler: { id: 'dpmpp-2m-karras' },
      steps: 25,
      guidance: 7.5,
      seed: 987_654_321,
      noise: 'torch-cpu',
      width: 832,
      height: 1216,
      strength: null,
      clipSkip: 2,
      model: { name: 'dreamshaperXL', hash: null },
      vae: 'sdxl_vae',
      adapters: [
        { name: 'ink_wash', strength: 0.8, textStrength: 0.5 },
        { name: 'grain', strength: 1, textStrength: null },
      ],
      controls: [{ name: 'canny-xl', strength: 0.7, start: 0, end: 0.6 }],
      hires: { scale: 1.5, steps: 10, strength: 0.45, upscaler: 'bislerp' },
    });
    expect(names(found)).toEqual(['node 22, LoadImage', 'node 51, FilmGrain']);
    expect(found.unknown[1]?.value).toContain('"amount":0.25');
  });

  it('reads samplers that are put together of nodes, and a picture to start from', async () => {
    expect(await read(comfy(texts.COMFY_CUSTOM))).toMatchObject({
      prompt: 'a hill, in fog',
      negative: '',
      sampler: { id: 'heun-sgm-uniform' },
      steps: 12,
      guidance: 4,
      seed: 42,
      strength: 0.6,
      model: { name: 'model' },
    });
  });

  it('reads the two halves of an advanced sampler as one run', async () => {
    const half = (start: number, end: number, latent: unknown): unknown => ({
      class_type: 'KSamplerAdvanced',
      inputs: {
        add_noise: 'enable',
        noise_seed: 5,
        steps: 24,
        cfg: 8,
        sampler_name: 'euler',
        scheduler: 'normal',
        start_at_step: start,
        end_at_step: end,
        model: ['4', 0],
        positive: ['6', 0],
        negative: ['7', 0],
        latent_image: latent,
      },
    });
    const { '4': loader, '5': empty, '6': positive, '7': negative, '31': words } = texts.COMFY_PROMPT;
    const graph = { '4': loader, '5': empty, '6': positive, '7': negative, '31': words };
    const found = await read(comfy({ ...graph, '1': half(0, 20, ['5', 0]), '2': half(20, 1000, ['1', 0]) }));
    expect(found).toMatchObject({ steps: 24, seed: 5, strength: null, width: 832, hires: null });
  });

  it("reads the window's graph when that is all there is, and leaves bypassed nodes out", async () => {
    const found = await read({ name: 'workflow', text: JSON.stringify(texts.COMFY_WORKFLOW) });
    expect(found).toMatchObject({
      prompt: 'a bottle',
      negative: 'text',
      sampler: { id: 'euler-ancestral' },
      steps: 20,
      guidance: 8,
      seed: 156_680_208_700_286,
      width: 512,
      height: 640,
      model: { name: 'v1-5-pruned' },
      adapters: [],
    });
  });

  it("reads WebP files, whose JSON stands in the camera's maker and model", async () => {
    const exif = exifBlock(
      [
        { tag: 0x10f, data: Buffer.from(`workflow:${JSON.stringify(texts.COMFY_WORKFLOW)}\0`) },
        { tag: 0x110, data: Buffer.from(`prompt:${JSON.stringify(texts.COMFY_PROMPT)}\0`) },
      ],
      [],
    );
    expect(await readSettings(await webpWith(exif))).toMatchObject({ tool: 'comfyui', seed: 987_654_321 });
  });

  it('survives NaN, seeds of 64 bits and graphs that run in circles', async () => {
    const text = JSON.stringify(texts.COMFY_PROMPT)
      .replace('"is_changed":null', '"is_changed":[NaN]')
      .replace('987654321', '18446744073709551615');
    const found = await read({ name: 'prompt', text });
    expect(found.seed).toBeNull();
    expect(found.unknown[0]).toEqual({ name: 'seed', value: '18446744073709551615' });
    const round = {
      class_type: 'KSampler',
      inputs: { latent_image: ['1', 0], model: ['1', 0], seed: ['1', 0] },
    };
    expect(await read(comfy({ '1': round }))).toMatchObject({ tool: 'comfyui', seed: null, model: null });
  });
});

describe('InvokeAI', () => {
  it('reads what versions from 3 on write', async () => {
    const found = await read({ name: 'invokeai_metadata', text: JSON.stringify(texts.INVOKE) });
    expect(found).toMatchObject({
      tool: 'invokeai',
      version: '5.4.2',
      prompt: 'a fox in the snow',
      sampler: { written: 'dpmpp_2m_k', id: 'dpmpp-2m-karras' },
      steps: 30,
      guidance: 6,
      seed: 2_871_982,
      noise: 'torch-cpu',
      clipSkip: 2,
      width: 1024,
      height: 768,
      model: { name: 'Juggernaut XL v9', hash: 'blake3:55e2' },
      vae: 'sdxl-vae-fp16-fix',
      adapters: [{ name: 'ink_wash', strength: 0.65 }],
      controls: [{ name: 'canny-sdxl', strength: 0.5, end: 0.8 }],
    });
    expect(names(found)).toEqual(['generation_mode', 'cfg_rescale_multiplier', 'seamless_x']);
  });

  it('reads what version 2 wrote', async () => {
    const found = await read({ name: 'sd-metadata', text: JSON.stringify(texts.INVOKE_2) });
    expect(found).toMatchObject({
      prompt: 'a fox in the snow',
      negative: 'blurry, text',
      sampler: { id: 'euler-ancestral' },
      steps: 50,
      seed: 1_950_357_039,
      width: 640,
      height: 512,
      strength: null,
      model: { name: 'stable-diffusion-1.5' },
    });
    expect(await read({ name: 'Dream', text: texts.DREAM })).toMatchObject({
      prompt: 'a fox in the snow',
      negative: 'blurry',
      sampler: { id: 'dpmpp-2m' },
      steps: 50,
      seed: 1_950_357_039,
      width: 512,
      height: 704,
      guidance: 7.5,
      unknown: [{ name: '-G', value: '0.8' }],
    });
  });
});

describe('Fooocus', () => {
  it('reads its own scheme', async () => {
    const found = await read(
      { name: 'parameters', text: JSON.stringify(texts.FOOOCUS) },
      { name: 'fooocus_scheme', text: 'fooocus' },
    );
    expect(found).toMatchObject({
      tool: 'fooocus',
      version: 'Fooocus v2.5.0',
      prompt: 'a fox in the snow',
      negative: 'blurry',
      sampler: { id: 'dpmpp-2m-sde-karras' },
      steps: 30,
      guidance: 4,
      seed: null,
      width: 1152,
      height: 896,
      model: { name: 'juggernautXL_v8Rundiffusion', hash: 'aeb7e9e689' },
      vae: null,
      adapters: [{ name: 'sd_xl_offset_example-lora_1.0', strength: 0.1, hash: '4852686128' }],
    });
    expect(names(found)).toContain('styles');
    expect(found.unknown).toContainEqual({ name: 'seed', value: '7187463819645393893' });
  });

  it('reads its infotext, with the prompt as it was typed', async () => {
    const found = await read(
      { name: 'parameters', text: texts.FOOOCUS_A1111 },
      { name: 'fooocus_scheme', text: 'a1111' },
    );
    expect(found).toMatchObject({
      tool: 'fooocus',
      prompt: 'a fox in the snow',
      negative: 'blurry',
      sampler: { id: 'dpmpp-2m-sde-karras' },
      seed: 12_345,
      adapters: [{ name: 'offset', strength: 0.1, hash: '4852686128' }],
    });
    expect(names(found)).toEqual(['Sharpness', 'ADM Guidance', 'Performance']);
  });

  it('reads JPEG files, whose scheme stands in the maker note', async () => {
    const exif = exifBlock(
      [{ tag: 0x131, data: Buffer.from('Fooocus v2.5.0\0') }],
      [
        { tag: 0x927c, data: Buffer.from('fooocus') },
        { tag: 0x9286, data: Buffer.from(JSON.stringify(texts.FOOOCUS)) },
      ],
    );
    expect(await readSettings(await jpegWith(exif))).toMatchObject({ tool: 'fooocus', steps: 30 });
  });
});

describe('Draw Things', () => {
  it('is read from the XMP packet', async () => {
    const found = await read({ type: 'iTXt', name: 'XML:com.adobe.xmp', text: texts.drawThingsXmp() });
    expect(found).toMatchObject({
      tool: 'draw-things',
      version: 'Draw Things',
      prompt: 'a fox in the "snow" & ice',
      negative: 'blurry',
      sampler: { id: 'dpmpp-2m-karras' },
      steps: 24,
      guidance: 5.5,
      seed: 3_918_372,
      width: 512,
      height: 768,
      model: { name: 'sd_v1.5_f16' },
      adapters: [{ name: 'ink_wash_lora_f16', strength: 0.6 }],
      controls: [{ name: 'controlnet_canny_f16', strength: 1, end: 0.7 }],
    });
    expect(names(found)).toEqual(['seed_mode', 'mask_blur']);
  });
});

describe('NovelAI', () => {
  const expected = {
    tool: 'novelai',
    prompt: 'snow\ngirl, fox ears',
    negative: 'lowres',
    sampler: { written: 'k_dpmpp_2m, karras', id: 'dpmpp-2m-karras' },
    steps: 28,
    guidance: 5,
    seed: 3_816_166_865,
    width: 832,
    height: 1216,
    strength: null,
    model: { name: 'NovelAI Diffusion V4', hash: '37442fca' },
  };
  const all = {
    Software: 'NovelAI',
    Source: 'NovelAI Diffusion V4 37442FCA',
    Comment: JSON.stringify(texts.NOVEL_AI),
  };

  it('is read from its texts', async () => {
    const found = await read(...Object.entries(all).map(([name, text]) => ({ name, text })));
    expect(found).toMatchObject(expected);
    expect(names(found)).toContain('cfg_rescale');
  });

  it.each([true, false])('is read from the alpha channel, gzip: %s', async (packed) => {
    const found = await readSettings(await pngHiding(JSON.stringify(all), packed));
    expect(found).toMatchObject({ ...expected, source: expect.stringContaining('alpha channel') });
  });
});

it('says nothing of a picture that says nothing, and of what is no picture', async () => {
  expect(await readSettings(await pngWith([{ name: 'Comment', text: 'GIMP' }]))).toBeNull();
  expect(await readSettings(new Uint8Array())).toBeNull();
  expect(await readSettings(Buffer.from('RIFF\0\0\0\0WEBPEXIF'))).toBeNull();
});
