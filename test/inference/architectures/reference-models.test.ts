import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClipText } from '../../../native-models/architectures/clip-text.ts';
import { buildUnet } from '../../../native-models/architectures/unet.ts';
import { buildVaeDecoder } from '../../../native-models/architectures/vae-decoder.ts';
import { buildVaeEncoder } from '../../../native-models/architectures/vae-encoder.ts';
import type { Checkpoint } from '../../../native-models/checkpoints/checkpoint.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { sharedPath } from '../../fixtures/reference-folder.ts';
import { readReferenceModel, writeDiffusersFolder, writeSingleFile } from '../../fixtures/reference-model.ts';
import { runOnce } from '../../fixtures/run-model.ts';
import { readVectors, relativeError, type Vector } from '../../fixtures/vectors.ts';

const reference = sharedPath('reference');
const cases = (['sd15-tiny', 'sdxl-tiny'] as const).flatMap((name) =>
  (
    [
      ['diffusers', 'F16'],
      ['single file', 'F16'],
      ['single file', 'F32'],
    ] as const
  ).map(([layout, precision]) => [name, layout, precision] as const),
);

describe.skipIf(reference === undefined).each(cases)(
  '%s from a %s in %s, against diffusers (needs ../shared/reference)',
  (name, layout, precision) => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'impasto-reference-'));
    let checkpoint: Checkpoint;
    let vectors: ReadonlyMap<string, Vector>;
    const expected = (key: string): Vector => vectors.get(key)!;
    const floats = (key: string): Float32Array => expected(key).data as Float32Array;

    beforeAll(async () => {
      const folder = reference ?? '';
      const model = readReferenceModel(path.join(folder, `${name}.json`));
      const target = path.join(scratch, layout === 'diffusers' ? 'model' : 'model.safetensors');
      if (layout === 'diffusers') writeDiffusersFolder(model, target, precision);
      else writeSingleFile(model, target, precision);
      checkpoint = await openCheckpoint(target);
      vectors = await readVectors(path.join(folder, `${name}-vectors.safetensors`));
    });
    afterAll(() => rmSync(scratch, { recursive: true }));

    it('is told by its family and complete', () => {
      expect(checkpoint.family).toBe(name === 'sdxl-tiny' ? 'sdxl' : 'sd1');
      expect(checkpoint.missing).toEqual([]);
      expect(checkpoint.predictionType).toBe('epsilon');
    });

    it('encodes text', async () => {
      for (const [i, encoder] of checkpoint.textEncoders.entries()) {
        const out = await runOnce(buildClipText(encoder, { batch: 2 }), { input_ids: expected('input_ids') });
        const key = `text${i + 1}`;
        expect(relativeError(out['last_hidden_state']!, floats(`${key}.last`))).toBeLessThan(1e-4);
        expect(relativeError(out['penultimate_hidden_state']!, floats(`${key}.penultimate`))).toBeLessThan(
          1e-4,
        );
        expect(relativeError(out['pooled']!, floats(`${key}.pooled`))).toBeLessThan(1e-4);
      }
    });

    it.each(['fused', 'plain'] as const)('predicts noise with %s attention', async (attention) => {
      const size = { batch: 2, height: 16, width: 16, contextTokens: 77 };
      const graph = buildUnet(checkpoint.unet, { ...size, attention });
      const time = Number((expected('unet.timestep').data as BigInt64Array)[0]);
      const out = await runOnce(graph, {
        sample: expected('unet.sample'),
        timestep: { shape: [2], data: new Float32Array([time, time]) },
        encoder_hidden_states: expected('unet.context'),
        ...(checkpoint.family === 'sdxl'
          ? { text_embeds: expected('unet.text_embeds'), time_ids: expected('unet.time_ids') }
          : {}),
      });
      expect(relativeError(out['out_sample']!, floats('unet.out'))).toBeLessThan(1e-4);
    });

    it('encodes and decodes a picture', async () => {
      const vae = checkpoint.vae!;
      const size = { batch: 1, height: 16, width: 16 };
      const encoded = await runOnce(buildVaeEncoder(vae, size), { image: expected('vae.image') });
      expect(relativeError(encoded['mean']!, floats('vae.mean'))).toBeLessThan(1e-4);
      const decoded = await runOnce(buildVaeDecoder(vae, size), { latent: expected('vae.mean') });
      expect(relativeError(decoded['image']!, floats('vae.decoded'))).toBeLessThan(1e-4);
    });
  },
);
