import { beforeAll, describe, expect, it } from 'vitest';
import { buildClipText } from '../../../native-models/architectures/clip-text.ts';
import { buildUnet } from '../../../native-models/architectures/unet.ts';
import { buildVaeDecoder } from '../../../native-models/architectures/vae-decoder.ts';
import { buildVaeEncoder } from '../../../native-models/architectures/vae-encoder.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import path from 'node:path';
import { runOnce, vector } from '../../fixtures/run-model.ts';
import { readVectors, relativeError, type Vector } from '../../fixtures/vectors.ts';

const model = path.resolve(import.meta.dirname, '../../../native-models/embedded/model');
const file = path.resolve(import.meta.dirname, '../../fixtures/embedded-reference.safetensors');

describe('the embedded model against diffusers', () => {
  let reference: ReadonlyMap<string, Vector>;
  beforeAll(async () => {
    reference = await readVectors(file);
  });
  const expected = (name: string): Vector => reference.get(name)!;
  const floats = (name: string): Float32Array => expected(name).data as Float32Array;
  const open = async () => openCheckpoint(model);

  it.each(['case0', 'case1', 'case2'])('encodes the text of %s', async (name) => {
    const checkpoint = await open();
    const graph = buildClipText(checkpoint.textEncoders[0]!, { batch: 2 });
    const out = await runOnce(graph, { input_ids: expected(`${name}.input_ids`) });
    expect(relativeError(out['last_hidden_state']!, floats(`${name}.text_states`))).toBeLessThan(1e-4);
  });

  it.each(['case0', 'case1', 'case2'])('predicts the velocity of %s', async (name) => {
    const checkpoint = await open();
    const graph = buildUnet(checkpoint.unet, { batch: 2, height: 16, width: 16, contextTokens: 32 });
    const latent = floats(`${name}.initial_latent`);
    const twice = new Float32Array(latent.length * 2);
    twice.set(latent);
    twice.set(latent, latent.length);
    const out = await runOnce(graph, {
      sample: vector([2, 16, 16, 16], twice),
      timestep: vector([2], new Float32Array([601, 601])),
      encoder_hidden_states: expected(`${name}.text_states`),
    });
    expect(relativeError(out['out_sample']!, floats(`${name}.unet_out_t601`))).toBeLessThan(1e-4);
  });

  it('encodes and decodes a picture', async () => {
    const vae = (await open()).vae!;
    const size = { batch: 1, height: 16, width: 16 };
    const image = floats('vae.image').map((byte) => byte / 127.5 - 1);
    const encoded = await runOnce(buildVaeEncoder(vae, size), { image: vector([1, 3, 256, 256], image) });
    expect(relativeError(encoded['mean']!, floats('vae.mean'))).toBeLessThan(1e-4);
    const decoded = (await runOnce(buildVaeDecoder(vae, size), { latent: expected('vae.mean') }))['image']!;
    const centre = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => {
      const [channel, row, column] = [Math.floor(i / 4096), Math.floor(i / 64) % 64, i % 64];
      return decoded[(channel * 256 + 96 + row) * 256 + 96 + column]!;
    });
    expect(relativeError(centre, floats('vae.decoded.centre'))).toBeLessThan(1e-4);
  });
});
