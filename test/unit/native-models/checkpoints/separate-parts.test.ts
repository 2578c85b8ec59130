import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildControlnet } from '../../../../native-models/architectures/controlnet.ts';
import {
  requireComplete,
  withTextEncoder,
  withVae,
} from '../../../../native-models/checkpoints/complete-checkpoint.ts';
import { openCheckpoint } from '../../../../native-models/checkpoints/open-checkpoint.ts';
import { openControlnet } from '../../../../native-models/checkpoints/open-controlnet.ts';
import { openTextEncoder } from '../../../../native-models/checkpoints/open-text-encoder.ts';
import { openVae } from '../../../../native-models/checkpoints/open-vae.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';
import { writeSparseCheckpoint } from '../../../fixtures/sparse-checkpoint.ts';

const fixtures = path.resolve(import.meta.dirname, '../../../fixtures');
const keys = JSON.parse(readFileSync(path.join(fixtures, 'sd1-single-file-keys.json'), 'utf8')) as [
  string,
  number[],
][];
const embedded = path.resolve(import.meta.dirname, '../../../../native-models/embedded/model');
const folder = scratchFolder();
let count = 0;

/** A file of the tensors whose keys start with `prefix`, written with `instead` in its place. */
function part(
  prefix: string,
  instead: string,
  more: readonly (readonly [string, readonly number[]])[] = [],
): string {
  const file = path.join(folder, `${count++}.safetensors`);
  const own = keys
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, shape]) => [`${instead}${key.slice(prefix.length)}`, shape] as const);
  writeSparseCheckpoint(file, [...own, ...more]);
  return file;
}

describe('a pruned checkpoint', () => {
  it('is refused with the names of its missing parts, and complete once they are given', async () => {
    const pruned = await openCheckpoint(part('model.diffusion_model.', 'model.diffusion_model.'));
    expect(() => requireComplete(pruned)).toThrow(/lacks the text encoder and the autoencoder \(VAE\)/);
    const vae = await openVae(part('first_stage_model.', ''), 0.18215);
    const encoder = await openTextEncoder(part('cond_stage_model.transformer.', ''), 'text_encoder');
    const complete = withTextEncoder(withVae(pruned, vae), 'text_encoder', encoder);
    expect(() => requireComplete(complete)).not.toThrow();
    const whole = await openCheckpoint(part('', ''));
    expect(complete.vae?.config).toEqual(whole.vae?.config);
    expect(complete.textEncoders[0]?.config).toEqual(whole.textEncoders[0]?.config);
  });
});

describe('a part on its own', () => {
  it('is read from a diffusers folder', async () => {
    expect((await openVae(path.join(embedded, 'vae'), 1)).config.channels).toEqual([16, 32, 64, 128, 128]);
    const encoder = await openTextEncoder(path.join(embedded, 'text_encoder'), 'text_encoder');
    expect(encoder.config).toMatchObject({ hiddenSize: 192, layers: 3 });
  });

  it('of another kind is refused', async () => {
    const unet = part('model.diffusion_model.', 'model.diffusion_model.');
    await expect(openVae(unet, 1)).rejects.toMatchObject({ code: 'weights-missing' });
    await expect(openTextEncoder(unet, 'text_encoder')).rejects.toMatchObject({ code: 'weights-missing' });
    await expect(openControlnet(unet)).rejects.toMatchObject({ code: 'family-unsupported' });
  });
});

describe('a ControlNet in the original layout', () => {
  it('is read and built', async () => {
    const conv = (key: string, out: number, inner: number, kernel: number): [string, number[]][] => [
      [`control_model.${key}.weight`, [out, inner, kernel, kernel]],
      [`control_model.${key}.bias`, [out]],
    ];
    const hint = [3, 16, 16, 32, 32, 96, 96, 256, 32].flatMap((inner, i, all) =>
      i === all.length - 1 ? [] : conv(`input_hint_block.${i * 2}`, all[i + 1]!, inner, 3),
    );
    const zero = [32, 32, 32, 64].flatMap((width, i) => conv(`zero_convs.${i}.0`, width, width, 1));
    const prefix = 'model.diffusion_model.';
    const shared = keys
      .filter(([key]) => /^model\.diffusion_model\.(time_embed|input_blocks|middle_block)\./.test(key))
      .map(([key, shape]) => [`control_model.${key.slice(prefix.length)}`, shape] as const);
    const file = path.join(folder, 'control.safetensors');
    writeSparseCheckpoint(file, [...shared, ...hint, ...zero, ...conv('middle_block_out.0', 64, 64, 1)]);
    const net = await openControlnet(file);
    expect(net.config).toMatchObject({ hintChannels: 3, hintEmbeddingChannels: [16, 32, 96, 256] });
    const graph = buildControlnet(net, { batch: 2, height: 8, width: 8, contextTokens: 77 });
    expect([...graph.outputs].map(([key, { shape }]) => `${key} ${shape.join(' ')}`)).toEqual([
      'control_down_0 2 32 8 8',
      'control_down_1 2 32 8 8',
      'control_down_2 2 32 4 4',
      'control_down_3 2 64 4 4',
      'control_mid 2 64 4 4',
    ]);
  });
});
