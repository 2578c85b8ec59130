import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeFile } from '../../../../main/models/describe-file.ts';
import { openReference, referenceFolder, type ReferenceCase } from '../../../fixtures/reference-case.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';
import { writeSafetensors } from '../../../fixtures/write-safetensors.ts';

const folder = scratchFolder();

/** A safetensors file of zeros with these names and shapes. */
function write(name: string, tensors: Record<string, number[]>): string {
  const path = join(folder, name);
  const entries = Object.entries(tensors).map(([key, shape]) => {
    const bytes = new Uint8Array(2 * shape.reduce((a, b) => a * b, 1));
    return [key, { dtype: 'F16', shape, bytes: () => bytes }] as const;
  });
  writeSafetensors(path, entries);
  return path;
}

describe('what inspect says of', () => {
  test('a LoRA, a LoHa and a textual inversion', async () => {
    const site = 'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q';
    const lora = write('ink.safetensors', {
      [`${site}.lora_down.weight`]: [4, 320],
      [`${site}.lora_up.weight`]: [320, 4],
      [`${site}.alpha`]: [],
    });
    expect(await describeFile(lora)).toMatchObject({
      kind: 'adapter',
      name: 'ink',
      details: [expect.stringMatching(/^A LoRA on 1 layer/)],
    });
    const loha = write('wash.safetensors', {
      [`${site}.hada_w1_a`]: [320, 4],
      [`${site}.hada_w1_b`]: [4, 320],
      [`${site}.hada_w2_a`]: [320, 4],
      [`${site}.hada_w2_b`]: [4, 320],
    });
    expect((await describeFile(loha)).details[0]).toMatch(/^A LoHa on 1 layer/);
    const word = write('moss.safetensors', { emb_params: [3, 768] });
    expect(await describeFile(word)).toMatchObject({
      kind: 'embedding',
      family: 'SD 1.x',
      triggerWords: ['moss'],
      details: ['A textual inversion of 3 vectors.'],
    });
  });

  test('what Impasto has no use for is refused in words', async () => {
    const flux = write(
      'flux.safetensors',
      Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`double_blocks.${i}.img_attn.qkv.weight`, [12, 4]])),
    );
    await expect(describeFile(flux)).rejects.toMatchObject({ code: expect.stringMatching(/^family-/) });
    writeFileSync(join(folder, 'old.ckpt'), 'PK');
    await expect(describeFile(join(folder, 'old.ckpt'))).rejects.toMatchObject({ code: 'pickle-refused' });
    await expect(describeFile(join(folder, 'gone.safetensors'))).rejects.toMatchObject({
      code: 'file-missing',
    });
  });

  describe.skipIf(referenceFolder === undefined)('made-up models (needs ../shared/reference)', () => {
    let diffusers: ReferenceCase;
    beforeAll(async () => {
      diffusers = await openReference('sd15-tiny', 'diffusers', 'F16');
      return () => diffusers.dispose();
    });

    test.each([
      ['sd15-tiny', 'SD1.5'],
      ['sdxl-tiny', 'SDXL'],
    ] as const)('%s in one file', async (name, family) => {
      const single = await openReference(name, 'single file', 'F16');
      try {
        const found = await describeFile(single.path);
        expect(found).toMatchObject({ kind: 'checkpoint', family });
        expect(found.details.join(' ')).toMatch(/Weights are float16\./);
      } finally {
        single.dispose();
      }
    });

    test('a folder, and the ControlNet and the VAE in it', async () => {
      const { path } = diffusers;
      expect(await describeFile(path)).toMatchObject({ kind: 'checkpoint', family: 'SD1.5' });
      expect(await describeFile(join(path, 'controlnet'))).toMatchObject({
        kind: 'controlnet',
        family: 'SD1.5',
      });
      expect(await describeFile(join(path, 'vae'))).toMatchObject({ kind: 'vae' });
      const file = 'diffusion_pytorch_model.safetensors';
      expect(await describeFile(join(path, 'controlnet', file))).toMatchObject({ kind: 'controlnet' });
      expect(await describeFile(join(path, 'vae', file))).toMatchObject({ kind: 'vae' });
    });
  });
});
